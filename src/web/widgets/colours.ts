import { OPTION_COLOURS } from "../graph/colours.ts";

/** Of series and slices; what they tell is always said in words beside them too. */
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
const DASHES = ["", "7 3", "2 3", "9 3 2 3"];

export interface Look {
  readonly colour: string;
  /** Of a line: those that have to share a colour differ by it. */
  readonly dash: string;
}

/**
 * By name and not by place, so that charts beside each other agree on what a colour means.
 * @param names of values; null: what has none comes after them
 * @param named colours that the blueprint gives to its options
 */
export function looksOf(
  names: readonly (string | null)[],
  named: Readonly<Record<string, string>> = {},
): Look[] {
  const sorted = [...new Set(names)].filter((name) => name !== null).sort();
  let next = sorted.length;
  const uses = new Map<string, number>();
  return names.map((name) => {
    const at = name === null ? next++ : sorted.indexOf(name);
    const colour = OPTION_COLOURS[named[name ?? ""] ?? ""] ?? COLOURS[at % COLOURS.length] ?? "";
    const before = uses.get(colour) ?? 0;
    uses.set(colour, before + 1);
    return { colour, dash: DASHES[before % DASHES.length] ?? "" };
  });
}
