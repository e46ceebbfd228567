/** What happens on the DORA pages over several screens, each as one story of a reader. */
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { calm, expectGoodState } from "./browser.ts";
import { choose, drawerCounts, evidenceDrawer, metricsOf, type Question } from "./dora-page.ts";
import { SOON } from "../../support/patience.ts";
import type { TestServer } from "./server.ts";

const search = (page: Page): Record<string, string> => Object.fromEntries(new URL(page.url()).searchParams);

/** An incident arrives, the open page follows, its evidence names it, and correcting the cause takes it back. */
export async function incidentByWebhook(page: Page, server: TestServer, question: Question): Promise<void> {
  const { integration } = await server.post<{ integration: { webhookKey: string } }>("/v1/webhooks", {
    ...{ title: "Pager", enabled: true },
    mappings: [
      {
        blueprint: "incident",
        entity: {
          ...{ identifier: ".body.id", title: ".body.title" },
          properties: { startedAt: ".body.began", resolvedAt: ".body.ended" },
          relations: { service: ".body.services" },
        },
      },
    ],
  });
  await page.goto(`${server.url}/dora?scope=service:shop&last=365d`);
  const rate = page.locator("[data-metric=changeFailureRate]");
  await rate.waitFor();
  await calm(page);
  const shown = async (): Promise<number> => Number(await rate.getAttribute("data-value"));
  const before = await shown();
  // Gone with a reload.
  await page.evaluate(() => document.body.setAttribute("data-opened", "once"));

  const began = Date.now() - 46.9 * 3_600_000;
  const answer = await fetch(`${server.url}/ingest/${integration.webhookKey}`, {
    ...{ method: "POST", headers: { "content-type": "application/json" } },
    body: JSON.stringify({
      ...{ id: "INC-2", title: "Checkout is down", services: ["shop"] },
      began: new Date(began).toISOString(),
      ended: new Date(began + 900_000).toISOString(),
    }),
  });
  expect(answer.status).toBe(202);
  await expect.poll(shown, SOON).toBeGreaterThan(before);
  expect(await page.locator("body").getAttribute("data-opened")).toBe("once");
  const failed = await shown();
  expect((await metricsOf(server, question)).metrics["changeFailureRate"]?.value).toBe(failed);

  await rate.click();
  const evidence = await evidenceDrawer(page);
  await evidence
    .getByText(/Checkout is down/)
    .first()
    .waitFor();
  await page.keyboard.press("Escape");
  await evidence.waitFor({ state: "detached" });

  await page.getByRole("link", { name: "Review incidents" }).click();
  const row = page.getByRole("article", { name: "Checkout is down" });
  await row.getByRole("button", { name: /^Change cause / }).click();
  const form = page.getByRole("dialog", { name: "Cause of Checkout is down" });
  await form.getByRole("radio", { name: "Not caused by a deployment" }).check();
  await form.getByRole("textbox", { name: /^Reason/ }).fill("the payment provider");
  await form.getByRole("button", { name: "Save the cause" }).click();
  await form.waitFor({ state: "detached" });
  await page.getByRole("navigation", { name: "Breadcrumb" }).getByRole("link", { name: "shop" }).click();
  await rate.waitFor();
  await expect.poll(shown, SOON).toBe(before);
  expect(await page.locator("body").getAttribute("data-opened")).toBe("once");

  const { audits } = await server.get<{ audits: readonly { diff: { after: object | null } }[] }>(
    "/v1/audit-log",
    { resources: "incident_cause", entity: "INC-2" },
  );
  expect(audits[0]?.diff.after).toMatchObject({ reason: "the payment provider", deployment: null });
}

/** Written by keys where the chart is, changed and deleted by mouse; meanwhile in everything that a chart becomes. */
export async function noteOnChart(page: Page, server: TestServer, path: string): Promise<void> {
  await page.goto(server.url + path);
  const chart = page.getByRole("slider", { name: /^Deployments per week\./ });
  await chart.focus();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("n");
  const drawer = page.getByRole("dialog", { name: /^Notes: / });
  await drawer.getByRole("textbox", { name: "What happened?" }).fill("moved to trunk-based development");
  await drawer.getByRole("textbox", { name: "Link" }).fill("https://example.com/adr/7");
  await drawer.getByRole("textbox", { name: "Link" }).press("Enter");
  await drawer.getByRole("article", { name: "moved to trunk-based development" }).waitFor();
  // Half below the bar at the top, buttons are too small for axe.
  await page.evaluate(() => scrollTo(0, 0));
  await expectGoodState(page, "notes");
  await page.keyboard.press("Escape");
  await drawer.waitFor({ state: "detached" });
  await chart.focus();
  await page.keyboard.press("ArrowLeft");
  expect(await chart.getAttribute("aria-valuetext")).toMatch(/\. Note: moved to trunk-based development$/);

  const figure = page.getByRole("figure", { name: "Deployments per week" });
  const bucket = await figure.locator("[data-note]").getAttribute("data-note");
  await figure.locator(`[data-lane="${bucket}"]`).click();
  await drawer.getByRole("button", { name: "Edit" }).click();
  await drawer.getByRole("textbox", { name: "What happened?" }).fill("trunk-based");
  await drawer.getByRole("button", { name: "Save the note" }).click();
  await drawer.getByRole("article", { name: "trunk-based" }).waitFor();
  await page.keyboard.press("Escape");
  await drawer.waitFor({ state: "detached" });

  const saved = async (item: string): Promise<{ name: string; bytes: Buffer }> => {
    await figure.getByRole("button", { name: /^More for / }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("menuitem", { name: item }).click(),
    ]);
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  };
  const picture = await saved("Save as picture (PNG)");
  expect(picture.name).toMatch(/^fairway-deploymentFrequency-shop-[\d-]+\.png$/);
  expect(picture.bytes.subarray(1, 4).toString()).toBe("PNG");
  // Twice the chart and its margins, and more than a ground without anything on it.
  expect(picture.bytes.readUInt32BE(16)).toBeGreaterThan(1000);
  expect(picture.bytes.length).toBeGreaterThan(10_000);
  const numbers = await saved("Save the numbers (CSV)");
  expect(numbers.bytes.toString()).toMatch(/^\ufeffmetric,bucket,from,to,.*\r\n[^]*: trunk-based,UTC\r\n/);

  await page
    .getByRole("region", { name: "Notes of the window" })
    .getByRole("link", { name: "trunk-based" })
    .click();
  const one = page.getByRole("dialog", { name: "Note" });
  await one.getByRole("button", { name: "Delete …" }).click();
  await one.getByRole("button", { name: "Delete it for everybody" }).click();
  await one.waitFor({ state: "detached" });
  await page.getByText("No notes in this window.").waitFor();
  expect(await figure.locator("[data-note]").count()).toBe(0);
}

/** Down by one link after the other, some by mouse, some by keys; and back by the line that tells the way. */
export async function theWayDown(page: Page, server: TestServer): Promise<void> {
  await server.post("/v1/blueprints", { identifier: "domain", title: "Domain", schema: { properties: {} } });
  await server.post("/v1/blueprints/domain/entities", { identifier: "retail", title: "Retail" });
  await server.post("/v1/blueprints/_team/entities", { identifier: "red", title: "Red" });
  await server.send("PATCH", "/v1/blueprints/service", {
    ownership: { type: "Direct" },
    relations: { domain: { title: "Domain", target: "domain", required: false, many: false } },
  });
  await server.send("PATCH", "/v1/blueprints/service/entities/shop", {
    ...{ team: ["red"], relations: { domain: "retail" } },
  });
  const began = Date.now() - 46.8 * 3_600_000;
  await server.post("/v1/blueprints/incident/entities", {
    ...{ identifier: "INC-3", title: "The till is stuck", relations: { service: ["shop"] } },
    properties: {
      startedAt: new Date(began).toISOString(),
      resolvedAt: new Date(began + 600_000).toISOString(),
    },
  });
  interface Linked {
    readonly incident: { readonly link: { readonly deployment: string | null } };
  }
  const blamed = async (): Promise<string | null> =>
    (await server.get<Linked>("/v1/dora/incidents/INC-3")).incident.link.deployment;
  await expect.poll(blamed, SOON).not.toBeNull();
  const deployment = await blamed();

  const way = page.getByRole("navigation", { name: "Breadcrumb" });
  const steps = () => way.getByRole("listitem").allTextContents();
  const beside = page.getByRole("region", { name: "Numbers side by side" });
  await page.goto(`${server.url}/dora?last=365d`);
  await choose(page, "Side by side", "Domains");
  await beside.getByRole("link", { name: "Retail", exact: true }).click();
  await beside.getByRole("link", { name: "Red", exact: true }).waitFor();
  expect(await steps()).toEqual(["Organisation", "Retail"]);
  await expectGoodState(page, "domain");
  await beside.getByRole("link", { name: "Red", exact: true }).press("Enter");
  await beside.getByRole("link", { name: "shop", exact: true }).waitFor();
  expect(await steps()).toEqual(["Organisation", "Retail", "Red"]);
  await expectGoodState(page, "team");
  await beside.getByRole("link", { name: "shop", exact: true }).press("Enter");
  await page.waitForURL((url) => url.searchParams.get("scope") === "service:shop");
  await page.locator("[data-metric=changeFailureRate]").press("Enter");
  const evidence = await evidenceDrawer(page);
  await evidence.locator(`a[href*="/deployments/${encodeURIComponent(deployment ?? "")}?"]`).click();
  await page.getByRole("heading", { name: "1 incident" }).waitFor();
  expect((await steps()).slice(0, 4)).toEqual(["Organisation", "Retail", "Red", "shop"]);

  await page.getByRole("link", { name: "The till is stuck" }).click();
  await page.getByRole("heading", { level: 1, name: "The till is stuck" }).waitFor();
  await page.goBack();
  await page.getByRole("link", { name: "Review the cause" }).press("Enter");
  const cause = page.getByRole("dialog", { name: "Cause of The till is stuck" });
  await cause.getByRole("radio", { name: "Not caused by a deployment" }).waitFor();
  await expectGoodState(page, "cause");
  await page.keyboard.press("Escape");
  await cause.waitFor({ state: "detached" });
  expect(await steps()).toEqual(["Organisation", "Retail", "Red", "shop", "Incidents"]);
  await way.getByRole("link", { name: "Red" }).press("Enter");
  await page.waitForURL((url) => url.searchParams.get("scope") === "_team:red");
  expect(search(page)).toEqual({ scope: "_team:red", via: "domain:retail", last: "365d" });
  await way.getByRole("link", { name: "Organisation" }).click();
  await page.waitForURL((url) => !url.searchParams.has("scope"));
}

interface Compared {
  readonly metrics: Readonly<Record<string, { readonly trend: { readonly p: number | null } | null }>>;
  readonly comparedWith: { readonly metrics: { readonly deploymentFrequency: { readonly count: number } } };
}

/** Ninety days beside the ninety before. */
export async function twoPeriods(page: Page, server: TestServer, path: string): Promise<void> {
  await page.goto(server.url + path);
  await page.getByRole("link", { name: "Compare", exact: true }).click();
  const table = page.getByRole("region", { name: "Comparison" });
  await table.waitFor();
  await choose(page, "Window", "Last 90 days");
  await page.waitForURL((url) => url.pathname === "/dora/compare" && !url.searchParams.has("last"));
  await calm(page);
  await expectGoodState(page, "compare");
  const row = table.getByRole("row", { name: /^Deployment frequency / });
  await row.getByText(/^(better|worse) by |^about the same$/).waitFor();
  await row.getByRole("link").nth(1).click();
  const evidence = await evidenceDrawer(page);
  const { from, to, scope } = search(page);
  expect(scope).toBe("service:shop");
  const day = 86_400_000;
  const [start, end] = [Date.parse(from ?? ""), Date.parse(to ?? "") + day];
  expect((end - start) / day).toBe(90);
  const iso = (at: number): string => new Date(at).toISOString();
  const answer = await server.get<Compared>("/v1/dora/metrics", {
    ...{ blueprint: "service", entity: "shop", from: iso(end), to: iso(end + 90 * day) },
    compare: `${iso(start)}/${iso(end)}`,
  });
  expect((await drawerCounts(evidence)).counted).toBe(answer.comparedWith.metrics.deploymentFrequency.count);
  const p = answer.metrics["deploymentFrequency"]?.trend?.p ?? null;
  await page.goBack();
  await row.getByText(p === null ? "not tested" : /^(significant|may be chance), p /).waitFor();
  await choose(page, "Other window", "A year before");
  await page.waitForURL((url) => url.searchParams.has("wfrom"));
}
