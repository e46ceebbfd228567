/** Colours of series and slices, in their order; what they tell is always said in words beside them too. */
const COLOURS = [
  "var(--chart)",
  "var(--stage-pickup)",
  "var(--stage-review)",
  "var(--stage-deploy)",
  "var(--stage-coding)",
  "var(--bad)",
  "var(--line-strong)",
  "var(--warn)",
];

export const colourAt = (index: number): string => COLOURS[index % COLOURS.length] ?? "var(--chart)";

const DASHES = ["", "7 3", "2 3", "9 3 2 3"];

/** Lines that have to share a colour differ by their dashes. */
export const dashAt = (index: number): string =>
  DASHES[Math.floor(index / COLOURS.length) % DASHES.length] ?? "";
