/** Chromium as people use it: the real content security policy, nothing mocked, and every misbehaviour noted. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { expect } from "vitest";

const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const AXE = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");
const AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const GRAVE = ["serious", "critical"];
/** The rules of `AXE_TAGS` that ask for colours; the others ask for the tree and where its boxes are. */
const OF_COLOURS = ["color-contrast", "link-in-text-block"];
/** A folder for pictures of every state, to be looked at; nothing is written without it. */
const PICTURES = process.env["E2E_PICTURES"];

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
    args: ARGUMENTS,
  });
}

/** Notes what no page may do: errors, violations of the policy, requests elsewhere, broken answers. */
export function watch(page: Page, origin: string): string[] {
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(`page error: ${error.stack ?? error.message}`));
  page.on("console", (message) => {
    const text = message.text();
    if (/content security policy|hydrat|unique "key"|minified react error/i.test(text))
      problems.push(`console: ${text}`);
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && !["data:", "blob:"].includes(url.protocol))
      problems.push(`foreign host: ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 500) problems.push(`${response.status()}: ${response.url()}`);
  });
  return problems;
}

interface AxeViolation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/**
 * What axe says in dark and in light. Where nothing but colours tells the second from the first, only the rules of colours
 * are asked again (measured: a fifth to two thirds of what all rules take).
 * @param impacts null: all of them
 */
async function inBothThemes(
  page: Page,
  impacts: readonly string[] | null,
  judge: (colorScheme: "dark" | "light", found: readonly string[]) => void | Promise<void>,
): Promise<void> {
  await page.mouse.move(0, 0);
  let first: string | null = null;
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    await calm(page);
    const shape = await shapeOf(page);
    const found = await violations(page, impacts, shape === first ? OF_COLOURS : null);
    // What came meanwhile has not been judged.
    first = (await shapeOf(page)) === shape ? shape : null;
    await judge(colorScheme, found);
  }
}

/** The tree, the place of every box and whether it is drawn, without what names the theme. */
function shapeOf(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const boxes = [...document.querySelectorAll("*")].map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      const isDrawn = element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
      return `${x} ${y} ${width} ${height} ${isDrawn}`;
    });
    const tree = document.documentElement.outerHTML.replaceAll(/color-scheme[^\s>]*/g, "");
    const bytes = new TextEncoder().encode(`${tree}\n${boxes.join("\n")}`);
    return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).join();
  });
}

/** @param rules null: all of `AXE_TAGS` */
async function violations(
  page: Page,
  impacts: readonly string[] | null,
  rules: readonly string[] | null,
): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(AXE);
  const found = (await page.evaluate(
    (runOnly) =>
      (
        globalThis as unknown as {
          axe: { run(at: Document, options: object): Promise<{ violations: unknown }> };
        }
      ).axe
        .run(document, { runOnly, resultTypes: ["violations"] })
        .then((result) => result.violations),
    rules === null ? { type: "tag", values: AXE_TAGS } : { type: "rule", values: rules },
  )) as AxeViolation[];
  return found
    .filter(({ impact }) => impacts === null || (impact !== null && impacts.includes(impact)))
    .map(({ id, impact, nodes }) =>
      [
        `${id} (${impact})`,
        ...nodes.slice(0, 5).map((node) => `  ${node.html}\n  ${node.failureSummary ?? ""}`),
      ].join("\n"),
    );
}

/** What axe says against the page as it stands, in dark and in light. */
export async function violationsInBothThemes(page: Page): Promise<string[]> {
  const all: string[] = [];
  await inBothThemes(page, null, (colorScheme, found) => {
    all.push(...found.map((one) => `${colorScheme}: ${one}`));
  });
  return all;
}

/** No serious or critical finding of axe in light and in dark, and no sideways scroll on a phone. */
export async function expectGoodState(page: Page, name: string): Promise<void> {
  await inBothThemes(page, GRAVE, async (colorScheme, found) => {
    expect([name, colorScheme, ...found]).toEqual([name, colorScheme]);
    await picture(page, `${name}-${colorScheme}`);
  });
  const wide = page.viewportSize();
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    await calm(page);
    await picture(page, `${name}-${width}`);
    const { scroll, client } = await page.evaluate(() => ({
      scroll: document.documentElement.scrollWidth,
      client: document.documentElement.clientWidth,
    }));
    expect([name, width, scroll]).toEqual([name, width, Math.min(scroll, client)]);
  }
  if (wide !== null) await page.setViewportSize(wide);
  await calm(page);
}

/** Nothing moves and nothing loads any more. */
export async function calm(page: Page): Promise<void> {
  await page.evaluate(async () => {
    // What is not drawn (inside a closed `details`) does not move on, and would never end.
    const ending = document.getAnimations().filter(({ effect }) => {
      const isDrawn = !(effect instanceof KeyframeEffect) || effect.target?.checkVisibility() !== false;
      return isDrawn && effect?.getComputedTiming().endTime !== Infinity;
    });
    await Promise.allSettled(ending.map((animation) => animation.finished));
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
  await page.waitForFunction(() => document.querySelector("main [aria-busy=true]") === null);
}

async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return;
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}
