/** Colours of nodes: a palette that is told apart in both themes, and Port's names for those of options. */

/** Beside it stands always what it means. */
const PALETTE = [
  ...["#2f7fd6", "#d9822b", "#2f9e64", "#8457c9", "#d64545", "#1b9aaa", "#d2579b", "#8a8f2a"],
  ...["#8d5b3a", "#6fa8dc", "#7cb342", "#d1a512"],
];
/** By Port's names. */
export const OPTION_COLOURS: Readonly<Record<string, string>> = {
  green: "#2f9e64",
  lime: "#7cb342",
  olive: "#8a8f2a",
  red: "#d64545",
  orange: "#d9822b",
  bronze: "#b06a2c",
  brown: "#8d5b3a",
  yellow: "#d1a512",
  gold: "#d1a512",
  blue: "#2f7fd6",
  paleBlue: "#6fa8dc",
  turquoise: "#1b9aaa",
  purple: "#8457c9",
  pink: "#d2579b",
  silver: "#a5afb9",
  lightGray: "#a5afb9",
  darkGray: "#5d6873",
};
export const NO_COLOUR = "#8591a0";

export interface Legend {
  /** What each value is drawn with. */
  readonly colourOf: (value: string) => string;
  readonly entries: readonly { readonly value: string; readonly colour: string; readonly count: number }[];
}

/** @param values of the nodes, once for each. @param named colours that the blueprint gives to its options. @param known values that are not shown but could be */
export function legendOf(
  values: readonly string[],
  named: Readonly<Record<string, string>> = {},
  none = "",
  known: readonly string[] = [],
): Legend {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  // By name and among all, so that a value keeps its colour when others come and go.
  const ordered = [...new Set([...known, ...counts.keys()])].filter((value) => value !== none).sort();
  const colours = new Map(
    ordered.map((value, at) => [
      value,
      OPTION_COLOURS[named[value] ?? ""] ?? (PALETTE[at % PALETTE.length] as string),
    ]),
  );
  const colourOf = (value: string): string => colours.get(value) ?? NO_COLOUR;
  const shown = [...ordered.filter((value) => counts.has(value)), ...(counts.has(none) ? [none] : [])];
  return {
    colourOf,
    entries: shown.map((value) => ({ value, colour: colourOf(value), count: counts.get(value) ?? 0 })),
  };
}
