/** A newcomer's first minutes, in a real browser: empty portal, import of a real repository, numbers, what is behind. */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { calm, expectGoodState, launchBrowser, watch } from "./support/browser.ts";
import {
  CARDS,
  choose,
  deploymentsText,
  downloadRows,
  drawerCounts,
  evidenceDrawer,
  expectNumbers,
  focused,
  metricsOf,
  tableValues,
  tabTo,
} from "./support/dora-page.ts";
import { readShown, refold } from "./support/refold.ts";
import { incidentByWebhook, noteOnChart, theWayDown, twoPeriods } from "./support/dora-stories.ts";
import { startServer, type TestServer } from "./support/server.ts";
import { createShopRepository, type ShopRepository } from "./support/shop-repository.ts";
import { patient, SOON, STEP_MS } from "../support/patience.ts";

const COMMITS = 4000;
const SHOP = { blueprint: "service", entity: "shop", timezone: "UTC" };
const YEAR = { ...SHOP, last: "365d", interval: "week" };
const YEAR_PATH = "/dora?scope=service:shop&last=365d";
const SIZE = { width: 1280, height: 900 };
/** A story of many screens has more time than other tests. */
const LONG = patient(90_000);

let server: TestServer;
let repository: ShopRepository;
let browser: Browser;
let page: Page;
let problems: string[] = [];

beforeAll(async () => {
  [server, repository, browser] = await Promise.all([
    startServer(),
    createShopRepository(COMMITS),
    launchBrowser(),
  ]);
  page = await (await browser.newContext({ viewport: SIZE })).newPage();
  page.setDefaultTimeout(STEP_MS);
  problems = watch(page, server.url);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  repository?.remove();
});
afterEach(() => {
  if (problems.length > 0) throw new Error(problems.splice(0).join("\n"));
});

const open = (path: string): Promise<unknown> => page.goto(server.url + path);
const search = (): Record<string, string> => Object.fromEntries(new URL(page.url()).searchParams);

test("the one-time link signs in when asked to, and only once", async () => {
  await page.goto(server.signInUrl);
  await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
  await expectGoodState(page, "login");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("heading", { level: 1, name: "Welcome to Fairway" }).waitFor();

  const stranger = await browser.newPage();
  await stranger.goto(server.signInUrl);
  await stranger.getByRole("button", { name: "Continue" }).click();
  await stranger.getByRole("alert").filter({ hasText: "has been used" }).waitFor();
  await stranger.close();
});

test("the empty portal offers three ways to the first numbers", async () => {
  for (const name of ["Import a git repository", "Load demo data", "Connect a source"])
    await page.getByRole("region", { name }).waitFor();
  await page
    .getByRole("region", { name: "Import a git repository" })
    .getByText("npx fairway import git")
    .waitFor();
  await page.getByRole("button", { name: "Load demo data" }).waitFor();
  await page.getByText("Waiting for the first import").waitFor();
  await expectGoodState(page, "start");
});

test("the import page follows an import by itself until its numbers are there", async () => {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Import from git" }).click();
  await page.getByText("No import has run yet.").waitFor();
  const importing = server.startCli(
    "import",
    "git",
    repository.path,
    "--repository",
    "github.com/acme/shop",
    "--json",
  );
  await expect
    .poll(
      async () =>
        (await server.get<{ imports: { status: string }[] }>("/v1/dora/imports")).imports[0]?.status,
      { interval: 10, ...SOON },
    )
    .toBe("running");
  importing.pause();
  const run = page.getByRole("article", { name: "Import of github.com/acme/shop" });
  const bar = run.getByRole("progressbar", { name: "Import of github.com/acme/shop" });
  await bar.waitFor();
  await run.getByText("Running", { exact: true }).waitFor();
  expect(Number(await bar.getAttribute("aria-valuenow"))).toBeLessThan(100);
  importing.resume();

  const { code, stdout, stderr } = await importing.finished;
  expect([code, stderr]).toEqual([0, expect.not.stringContaining("fairway:")]);
  const commits = Number(repository.git("rev-list", "--count", "main"));
  const tags = repository.git("tag").split("\n").length;
  expect(JSON.parse(stdout)).toMatchObject({
    imports: [
      { services: ["shop"], sent: { commits, deployments: tags }, settled: true, errors: { count: 0 } },
    ],
  });
  await run.getByText("In the numbers").waitFor();
  await bar.waitFor({ state: "detached" });
  const sent = await run.getByRole("definition").first().textContent();
  expect(sent?.split(" ")[0]).toBe(commits.toLocaleString("en-GB"));
  await expectGoodState(page, "import");
});

test("the DORA page of the service shows the numbers of the API", async () => {
  await page.getByRole("link", { name: "Open DORA metrics" }).click();
  await expectNumbers(page, server, YEAR);
  expect(search()).toEqual({ scope: "service:shop", last: "365d" });
  const { metrics } = await metricsOf(server, YEAR);
  // Every tag is a deployment of the last year; what git says about failures is in the numbers.
  expect(metrics.deploymentFrequency.count).toBe(repository.git("tag").split("\n").length);
  expect(metrics["changeFailureRate"]?.value).toBeGreaterThan(0);
  expect(metrics["reworkRate"]?.value).toBeGreaterThan(0);
  await expectGoodState(page, "dora");
});

test("from a number to its evidence, a deployment, a commit, and back", async () => {
  await page.getByRole("link", { name: /, Deployment frequency: show evidence$/ }).click();
  const dialog = await evidenceDrawer(page);
  expect(search()["ev"]).toBe("deploymentFrequency");
  await expectGoodState(page, "evidence");

  const { newest } = repository;
  await dialog.getByRole("link", { name: `shop ${newest.tag}` }).click();
  await page.getByRole("heading", { level: 1, name: `shop ${newest.tag}` }).waitFor();
  await page.getByRole("heading", { name: "1 change" }).waitFor();
  await expectGoodState(page, "deployment");

  await page.getByRole("link", { name: newest.title }).click();
  const commit = page.getByRole("dialog", { name: `Commit ${newest.sha.slice(0, 8)}` });
  await commit.getByText(newest.sha, { exact: true }).waitFor();
  const text = await commit.textContent();
  expect(text).toContain(newest.message);
  expect(text).toContain(newest.author);
  await expectGoodState(page, "commit");

  await page.goBack();
  await commit.waitFor({ state: "detached" });
  await page.goBack();
  await evidenceDrawer(page);
  await page.goBack();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  expect(search()).toEqual({ scope: "service:shop", last: "365d" });
});

test("window, interval and time zone change the address and the numbers", async () => {
  await choose(page, "Window", "Last 90 days");
  await page.waitForURL((url) => !url.searchParams.has("last"));
  await expectNumbers(page, server, { ...SHOP, last: "90d", interval: "week" });
  await choose(page, "Interval", "Month");
  await page.waitForURL((url) => url.searchParams.get("grain") === "month");
  await page.getByRole("figure", { name: "Deployments per month" }).waitFor();
  await page.getByRole("combobox", { name: "Time zone" }).fill("adel");
  await page.getByRole("option", { name: "Australia/Adelaide" }).click();
  await page.waitForURL((url) => url.searchParams.get("tz") === "Australia/Adelaide");
  const question = { ...SHOP, last: "90d", interval: "month", timezone: "Australia/Adelaide" };
  await expectNumbers(page, server, question);

  // The table beside the chart has the API's buckets.
  await page.getByRole("button", { name: "As table: Deployments per month" }).click();
  const table = page.getByRole("table", { name: "Deployments per month" });
  const { series } = await metricsOf(server, question);
  expect(await tableValues(table)).toEqual(series.deploymentFrequency.map(deploymentsText));
  expect(search()).toEqual({ scope: "service:shop", grain: "month", tz: "Australia/Adelaide" });
  await page.goBack();
  await page.waitForURL((url) => !url.searchParams.has("tz"));
  await expectNumbers(page, server, { ...SHOP, last: "90d", interval: "month" });
});

test("by keyboard: skip link, number, Escape, a bar of a chart; its address opened cold shows the same", async () => {
  await open(YEAR_PATH);
  await page.locator("[data-metric=deploymentFrequency]").waitFor();
  await calm(page);
  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe("Skip to content");
  await page.keyboard.press("Enter");
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("MAIN");

  await tabTo(page, /, Change lead time: show evidence$/);
  await page.keyboard.press("Enter");
  const number = await evidenceDrawer(page);
  expect(await number.evaluate((dialog) => dialog.contains(document.activeElement))).toBe(true);
  await page.keyboard.press("Escape");
  await number.waitFor({ state: "detached" });
  expect(search()).toEqual({ scope: "service:shop", last: "365d" });
  await expect.poll(() => focused(page)).toMatch(/, Change lead time: show evidence$/);

  await tabTo(page, /^Deployments per week\. Arrow keys/);
  const chart = page.getByRole("slider", { name: /^Deployments per week\./ });
  const { series } = await metricsOf(server, YEAR);
  const buckets = series.deploymentFrequency;
  const wanted = buckets.findLastIndex(({ n, partial }) => n >= 2 && !partial);
  for (let at = buckets.length - 1; at > wanted; at--) await page.keyboard.press("ArrowLeft");
  const bucket = buckets[wanted];
  expect(await chart.getAttribute("aria-valuetext")).toContain(`${bucket?.n} deployments`);
  await page.keyboard.press("Enter");
  const dialog = await evidenceDrawer(page);
  expect(search()["ev"]).toBe(`deploymentFrequency:${bucket?.id}`);
  expect(await drawerCounts(dialog)).toMatchObject({ counted: bucket?.n });

  const cold = await page.context().newPage();
  const coldProblems = watch(cold, server.url);
  await cold.goto(page.url());
  const same = await evidenceDrawer(cold);
  expect(await same.getByRole("table").allTextContents()).toEqual(
    await dialog.getByRole("table").allTextContents(),
  );
  expect(await same.getByRole("definition").allTextContents()).toEqual(
    await dialog.getByRole("definition").allTextContents(),
  );
  expect(coldProblems).toEqual([]);
  await cold.close();

  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await expect.poll(() => focused(page)).toMatch(/^Deployments per week\./);
});

test("every number folds from the rows that its evidence downloads", async () => {
  await open(YEAR_PATH);
  await expectNumbers(page, server, YEAR);
  const { metrics, window } = await metricsOf(server, YEAR);
  const days = (Date.parse(window.to) - Date.parse(window.from)) / 86_400_000;
  for (const metric of Object.keys(metrics)) {
    await page.locator(`[data-metric=${metric}]`).click();
    const dialog = await evidenceDrawer(page);
    const { counted, leftOut } = await downloadRows(page, dialog);
    const counts = await drawerCounts(dialog);
    expect([metric, counted.length]).toEqual([metric, counts.counted]);
    expect([metric, leftOut.reduce((sum, row) => sum + Number(row["count"]), 0)]).toEqual([
      metric,
      counts.leftOut,
    ]);
    const again = refold(metric, counted, days);
    const { value } = metrics[metric] ?? { value: null };
    if (value === null) expect([metric, again]).toEqual([metric, null]);
    else expect(again).toBeCloseTo(value, 9);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  }
});

test("every chart's table is the series of the API, and its periods fold from their rows", async () => {
  const { series, metrics } = await metricsOf(server, YEAR);
  for (const metric of CARDS) {
    const points = series[metric];
    const title =
      metric === "deploymentFrequency"
        ? "Deployments per week"
        : `${await page.locator(`article:has([data-metric=${metric}]) h2`).textContent()} by week`;
    await page.getByRole("button", { name: `As table: ${title}` }).click();
    const table = page.getByRole("table", { name: title });
    const shown = await tableValues(table);
    if (metric === "deploymentFrequency") expect(shown).toEqual(points.map(deploymentsText));
    else {
      expect(shown.length).toBe(points.length);
      points.forEach(({ id, value }, index) => {
        const read = readShown(shown[index] ?? "");
        if (value === null || read === null) expect([id, read]).toEqual([id, value]);
        else
          expect([id, shown[index], Math.abs(read - value) <= value * 0.05]).toEqual([
            id,
            shown[index],
            true,
          ]);
      });
    }

    const index = points.findLastIndex(({ n, partial }) => n > 0 && !partial);
    const point = points[index];
    if (point === undefined) throw new Error(`${metric} has no whole period`);
    await table.getByRole("link").nth(index).click();
    const dialog = await evidenceDrawer(page);
    const { counted } = await downloadRows(page, dialog);
    const days = (Date.parse(point.to) - Date.parse(point.from)) / 86_400_000;
    expect(refold(metric, counted, days)).toBeCloseTo(point.value ?? NaN, 9);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  }
  expect(series.deploymentFrequency.reduce((sum, { n }) => sum + n, 0)).toBe(
    metrics.deploymentFrequency.count,
  );
});

test("a number explains itself; the cause of an incident is confirmed, taken back and corrected", async () => {
  const failureRate = async () => (await metricsOf(server, YEAR)).metrics["changeFailureRate"]?.value;
  const before = await failureRate();
  const time = { type: "string", format: "date-time" };
  await server.post("/v1/blueprints", {
    identifier: "incident",
    title: "Incident",
    schema: { properties: { startedAt: time, resolvedAt: time }, required: [] },
    relations: { service: { title: "Service", target: "service", required: false, many: true } },
  });
  const began = Date.now() - 47 * 3_600_000;
  await server.post("/v1/blueprints/incident/entities", {
    identifier: "INC-1",
    title: "Baskets are empty",
    properties: {
      startedAt: new Date(began).toISOString(),
      resolvedAt: new Date(began + 1_800_000).toISOString(),
    },
    relations: { service: ["shop"] },
  });

  await open(YEAR_PATH);
  await page.getByRole("link", { name: "Explain Change lead time" }).click();
  const why = page.getByRole("dialog", { name: "Explain: Change lead time" });
  await why.getByRole("article", { name: "DevLake's formula" }).waitFor();
  await expectGoodState(page, "explain");
  const waiting = why.getByRole("row").filter({ hasText: "Not deployed yet" });
  const times = await waiting.getByRole("cell").last().textContent();
  await waiting.getByRole("link").click();
  const evidence = await evidenceDrawer(page);
  expect(search()["out"]).toBe("not_deployed");
  expect((await drawerCounts(evidence)).leftOut).toBe(Number(times));
  await page.keyboard.press("Escape");
  await evidence.waitFor({ state: "detached" });

  await page.getByRole("link", { name: "Review incidents" }).click();
  const row = page.getByRole("article", { name: "Baskets are empty" });
  await row.getByText("likely: the only candidate").waitFor();
  expect(search()).toEqual({ scope: "service:shop", last: "365d" });
  await expectGoodState(page, "incidents");
  const cause = async () =>
    (await server.get<{ incident: { link: object } }>("/v1/dora/incidents/INC-1")).incident.link;
  await row.getByRole("button", { name: /^Confirm / }).focus();
  await page.keyboard.press("Enter");
  await row.getByRole("button", { name: /^Undo / }).waitFor();
  await expect.poll(cause, SOON).toMatchObject({ method: "user", confidence: "certain" });
  await page.keyboard.press("Enter");
  await row.getByRole("button", { name: /^Confirm / }).waitFor();
  await expect.poll(cause, SOON).toMatchObject({ method: "window" });

  await row.getByRole("button", { name: /^Change cause / }).click();
  const form = page.getByRole("dialog", { name: "Cause of Baskets are empty" });
  await form.getByRole("radio", { name: "Not caused by a deployment" }).check();
  await form.getByRole("textbox", { name: /^Reason/ }).fill("a cable");
  await form.getByRole("button", { name: "Save the cause" }).click();
  await form.waitFor({ state: "detached" });
  await row.getByText("Not caused by a deployment").waitFor();
  await expect.poll(cause, SOON).toMatchObject({ method: "user", deployment: null });
  await expect.poll(failureRate, SOON).toBe(before);
});

test(
  "an incident comes by webhook: the open page follows, its evidence names it, and correcting the cause takes it back",
  () => incidentByWebhook(page, server, YEAR),
  LONG,
);

test(
  "a note is written by keys, changed by mouse, and in the picture, the numbers and the list of a chart",
  () => noteOnChart(page, server, YEAR_PATH),
  LONG,
);

test(
  "organisation, domain, team, service, deployment, change, incident: down by mouse and keys, back by the way",
  () => theWayDown(page, server),
  LONG,
);

test(
  "two periods are compared; both sides are in the address, and each number has its evidence",
  () => twoPeriods(page, server, YEAR_PATH),
  LONG,
);

test("services stand side by side; a name leads into its numbers, a number to its evidence", async () => {
  await open("/dora?last=365d");
  await choose(page, "Side by side", "Services");
  await page.waitForURL((url) => url.searchParams.get("by") === "service");
  const table = page.getByRole("region", { name: "Numbers side by side" });
  const link = table.getByRole("link", { name: /^Change failure rate of shop: / });
  await link.waitFor();
  await calm(page);
  await expectGoodState(page, "side-by-side");
  await link.click();
  const evidence = await evidenceDrawer(page);
  expect(search()).toEqual({ scope: "service:shop", last: "365d", ev: "changeFailureRate" });
  await page.keyboard.press("Escape");
  await evidence.waitFor({ state: "detached" });
});

test("another definition is looked at before it is saved, and changes the numbers", async () => {
  await open(YEAR_PATH);
  await page.getByRole("link", { name: "Definition" }).click();
  await page.getByRole("heading", { level: 1, name: "DORA definition" }).waitFor();
  const cause = page.getByRole("checkbox", { name: "a hotfix or revert of it followed within the window" });
  await cause.uncheck();
  await page.getByRole("button", { name: "What if?" }).click();
  const table = page.getByRole("region", { name: "The numbers as they would be" });
  await table.getByRole("row", { name: /^Change failure rate / }).waitFor();
  await calm(page);
  await expectGoodState(page, "definition");
  const failed = async () =>
    (await metricsOf(server, YEAR)).metrics["changeFailureRate"] as { causes?: { hotfix: number } };
  expect((await failed()).causes?.hotfix).toBeGreaterThan(0);
  await page.getByRole("button", { name: "Save" }).click();
  await expect.poll(async () => (await failed()).causes?.hotfix, SOON).toBe(0);
  // The tests after this one read the numbers under the rules that come with Fairway.
  await cause.check();
  await page.getByRole("button", { name: "Save" }).click();
  await expect.poll(async () => (await failed()).causes?.hotfix, SOON).toBeGreaterThan(0);
});

test("home tells the organisation's numbers and its services", async () => {
  await open("/");
  await page.getByRole("heading", { level: 1, name: "Home" }).waitFor();
  await page.getByRole("link", { name: "shop", exact: true }).waitFor();
  await calm(page);
  await expectGoodState(page, "home");
  await page.getByRole("link", { name: "shop", exact: true }).click();
  await expectNumbers(page, server, { ...SHOP, last: "90d", interval: "week" });
});

test("home and the choice of scopes follow the blueprint of services into another name", async () => {
  const status = await page.evaluate(async () => {
    const init = { method: "PATCH", headers: { "content-type": "application/json" } };
    const body = JSON.stringify({ identifier: "application" });
    return (await fetch("/v1/blueprints/service", { ...init, body })).status;
  });
  expect(status).toBe(200);
  await open("/");
  await page.getByRole("link", { name: "shop", exact: true }).click();
  await page.waitForURL((url) => url.searchParams.get("scope") === "application:shop");
  await expect.poll(() => page.getByLabel("Scope").first().inputValue()).toBe("shop");
});

test("sign-out ends the session", async () => {
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL((url) => url.pathname === "/login");
  await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
  expect(await page.evaluate(async () => (await fetch("/v1/setup")).status)).toBe(401);
  await open(YEAR_PATH);
  await page.waitForURL((url) => url.pathname === "/login" && url.searchParams.get("next") === YEAR_PATH);
});
