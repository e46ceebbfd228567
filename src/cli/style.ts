/** Colours of the terminal; all empty when it has none, output is a file, or NO_COLOR is set. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  tier(text: string, tier: string | null): string;
  good(text: string): string;
  bad(text: string): string;
}

const TIER_CODES: Readonly<Record<string, string>> = { elite: "32", high: "36", medium: "33", low: "31" };

export function createStyle(colour: boolean): Style {
  const paint = (code: string) => (text: string) =>
    colour && text !== "" ? `\u001B[${code}m${text}\u001B[0m` : text;
  return {
    bold: paint("1"),
    dim: paint("2"),
    tier: (text, tier) => {
      const code = tier === null ? undefined : TIER_CODES[tier];
      return code === undefined ? text : paint(code)(text);
    },
    good: paint("32"),
    bad: paint("31"),
  };
}

/** Whether `stream` shows colours and wants them (https://no-color.org). */
export function wantsColour(stream: { readonly isTTY?: boolean }): boolean {
  const off = process.env["NO_COLOR"];
  return stream.isTTY === true && (off === undefined || off === "") && process.env["TERM"] !== "dumb";
}

/** Pads to `width` columns; the text holds no colour yet. */
export function pad(text: string, width: number, side: "left" | "right" = "right"): string {
  const fill = " ".repeat(Math.max(0, width - Array.from(text).length));
  return side === "right" ? text + fill : fill + text;
}

/** What a stranger wrote must not steer the terminal: control characters are shown as `?`. */
export function plain(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what this removes
  return text.replace(/[\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g, "?");
}
