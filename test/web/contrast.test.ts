import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const read = (file: string): string =>
  readFileSync(new URL(`../../src/web/${file}`, import.meta.url), "utf8");
const css = read("styles/base.css");

/** The colours of a theme block. */
function tokens(selector: string): Record<string, string> {
  const start = css.indexOf(`${selector} {`);
  const block = css.slice(start, css.indexOf("}", start));
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((match) => [match[1], match[2]]),
  );
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.039_28 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** Foreground, grounds it stands on, least contrast (WCAG 1.4.3 and 1.4.11). */
const PAIRS: readonly [string, readonly string[], number][] = [
  ["text", ["bg", "surface", "surface-2", "accent-soft"], 4.5],
  ["text-2", ["bg", "surface", "surface-2"], 4.5],
  ["link", ["bg", "surface", "surface-2", "accent-soft"], 4.5],
  ["good", ["bg", "surface", "surface-2"], 4.5],
  ["bad", ["surface", "bad-soft"], 4.5],
  ["warn", ["surface", "warn-soft"], 4.5],
  ["line-strong", ["bg", "surface", "surface-2", "accent-soft"], 3],
  ["chart", ["surface", "surface-2"], 3],
  ["chart-prev", ["surface"], 3],
  ["stage-coding", ["surface"], 3],
  ["stage-pickup", ["surface"], 3],
  ["stage-review", ["surface"], 3],
  ["stage-deploy", ["surface"], 3],
];

/** Parts that are no text, and the rules that draw them: selector, property, grounds (WCAG 1.4.11). */
const PARTS: readonly [
  part: string,
  file: string,
  rule: string,
  property: string,
  grounds: readonly string[],
][] = [
  [
    "a checkbox that is off",
    "styles/base.css",
    ".mantine-Checkbox-input:not(",
    "border-color",
    ["bg", "surface"],
  ],
  ["a switch that is off", "styles/base.css", "+ .mantine-Switch-track", "--switch-bg", ["bg", "surface"]],
  ["a light switch that is off", "parts/toggle.module.css", ".toggle input", "background", ["bg", "surface"]],
  [
    "a light switch that is on",
    "parts/toggle.module.css",
    ".toggle input:checked",
    "background",
    ["bg", "surface"],
  ],
  ["the border of a field", "styles/base.css", ".mantine-Input-wrapper", "--input-bd", ["bg", "surface"]],
  [
    "the chosen one of two",
    "parts/choice.module.css",
    '[aria-pressed="true"]',
    "border-color",
    ["surface-2"],
  ],
  ["a progress bar", "parts/parts.module.css", ".meter {", "border", ["bg", "surface"]],
  ["what of it is done", "parts/parts.module.css", ".meter > div", "background", ["surface-2"]],
  [
    "what of it is all done",
    "parts/parts.module.css",
    '.meter[data-tone="good"]',
    "background",
    ["surface-2"],
  ],
  ["levels beside each other", "scorecards/scorecards.module.css", ".bar {", "border", ["bg", "surface"]],
];

/** The token that a rule uses for a property. */
function tokenOf(file: string, rule: string, property: string): string {
  const text = read(file);
  const start = text.indexOf(rule);
  const block = text.slice(start, text.indexOf("}", start));
  const found = new RegExp(`[\\s{]${property}: [^;]*var\\(--([\\w-]+)\\)`).exec(block)?.[1];
  if (start < 0 || found === undefined) throw new Error(`${file}: ${rule} has no token for ${property}`);
  return found;
}

describe.each([
  ["light", ":root"],
  ["dark", ':root[data-mantine-color-scheme="dark"]'],
])("%s theme", (_name, selector) => {
  const colours = tokens(selector);
  const cases = PAIRS.flatMap(([front, grounds, least]) =>
    grounds.map((ground) => ({ front, ground, least })),
  );

  it.each(cases)("$front on $ground has at least $least", ({ front, ground, least }) => {
    expect(contrast(colours[front] ?? "", colours[ground] ?? "")).toBeGreaterThanOrEqual(least);
  });

  it.each(PARTS)("%s stands out at least 3 to 1", (_part, file, rule, property, grounds) => {
    const front = colours[tokenOf(file, rule, property)] ?? "";
    for (const ground of grounds) expect(contrast(front, colours[ground] ?? "")).toBeGreaterThanOrEqual(3);
  });

  it("a switch that is off shows its white thumb", () => {
    expect(contrast("#ffffff", colours["line-strong"] ?? "")).toBeGreaterThanOrEqual(3);
  });
});
