/** The DORA page as a reader handles it, by roles and names; and what the API says to the same question. */
import { readFile } from "node:fs/promises";
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { calm } from "./browser.ts";
import { parseCsv, readShown, type CsvRow } from "./refold.ts";
import type { TestServer } from "./server.ts";

export const CARDS = [
  "deploymentFrequency",
  "changeLeadTime",
  "changeFailureRate",
  "failedDeploymentRecoveryTime",
  "reworkRate",
] as const;

export interface Point {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly value: number | null;
  readonly n: number;
  readonly partial: boolean;
}

export interface MetricsAnswer {
  readonly window: { readonly from: string; readonly to: string };
  readonly metrics: Readonly<Record<string, { readonly value: number | null; readonly n?: number }>> & {
    readonly deploymentFrequency: {
      readonly value: number | null;
      readonly count: number;
      readonly days: number;
    };
  };
  readonly series: Readonly<Record<(typeof CARDS)[number], readonly Point[]>>;
}

/** A question to the API; the page must have asked the same. */
export type Question = Readonly<Record<string, string>>;

export const metricsOf = (server: TestServer, question: Question): Promise<MetricsAnswer> =>
  server.get<MetricsAnswer>("/v1/dora/metrics", question);

/** Waits for the page to show the numbers of the API, then holds every `[data-metric]` against them. */
export async function expectNumbers(page: Page, server: TestServer, question: Question): Promise<void> {
  const { metrics } = await metricsOf(server, question);
  await page.locator("[data-metric=deploymentFrequency]").waitFor();
  await calm(page);
  const shown = await page.locator("[data-metric]").evaluateAll((links) =>
    links.map((link) => ({
      metric: link.getAttribute("data-metric") ?? "",
      value: link.getAttribute("data-value") ?? "",
      text: link.textContent,
    })),
  );
  expect(shown.map(({ metric }) => metric).sort()).toEqual(Object.keys(metrics).sort());
  for (const { metric, value, text } of shown) {
    const expected = metrics[metric]?.value ?? null;
    expect([metric, value]).toEqual([metric, expected === null ? "" : String(expected)]);
    const read = readShown(text);
    if (expected === null || read === null) expect([metric, read]).toEqual([metric, expected]);
    // Two digits are shown.
    else expect([metric, text, Math.abs(read - expected) <= expected * 0.05]).toEqual([metric, text, true]);
  }
}

/** Chooses in one of the selects of the filter bar. */
export async function choose(page: Page, label: string, option: string): Promise<void> {
  const field = page.getByRole("combobox", { name: label, exact: true });
  await field.click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

/** The open evidence drawer, its rows loaded. */
export async function evidenceDrawer(page: Page): Promise<Locator> {
  const dialog = page.getByRole("dialog", { name: /^Evidence: / });
  await dialog.getByRole("button", { name: /^Counted / }).waitFor();
  return dialog;
}

/** The figures on the two buttons of the drawer. */
export async function drawerCounts(dialog: Locator): Promise<{ counted: number; leftOut: number }> {
  const read = async (name: string): Promise<number> => {
    const text = await dialog.getByRole("button", { name: new RegExp(`^${name} `) }).textContent();
    return Number((text ?? "").replace(name, "").replaceAll(",", ""));
  };
  return { counted: await read("Counted"), leftOut: await read("Left out") };
}

/** Every row behind the open drawer, as the reader saves them. */
export async function downloadRows(
  page: Page,
  dialog: Locator,
): Promise<{ counted: CsvRow[]; leftOut: CsvRow[] }> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    dialog.getByRole("button", { name: "Download CSV" }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^fairway-[\w.-]+\.csv$/);
  const rows = parseCsv(await readFile(await download.path(), "utf8"));
  return {
    counted: rows.filter((row) => row["included"] === "true"),
    leftOut: rows.filter((row) => row["included"] === "false"),
  };
}

/** What the focus is on: its label, else its text. */
export const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute("aria-label") ?? element?.textContent ?? "";
  });

/** Presses Tab until the focus is on something of that name. */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press("Tab");
    if (name.test(await focused(page))) return;
  }
  throw new Error(`Tab does not reach ${name}`);
}

/** The second column of a chart's table, from the oldest period on. */
export const tableValues = (table: Locator): Promise<string[]> =>
  table
    .getByRole("row")
    .evaluateAll((rows) => rows.slice(1).map((row) => row.querySelectorAll("td")[1]?.textContent ?? ""));

export const deploymentsText = ({ n, value }: Point): string =>
  value === null ? "No data" : `${n} ${n === 1 ? "deployment" : "deployments"}`;
