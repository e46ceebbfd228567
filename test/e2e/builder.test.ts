/**
 * The data model in a real browser: a blueprint by its name, another pasted as JSON, changed, refused, and deleted; and
 * data sources: one is connected, fails, is mended, synced, tried and disconnected.
 */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { GitlabServer } from "../integrations/gitlab/gitlab-server.ts";
import { PagerdutyServer } from "../integrations/pagerduty/pagerduty-server.ts";
import { createTestPlace } from "../support/database.ts";
import { expectGoodState, launchBrowser, watch } from "./support/browser.ts";
import { startServer, type TestServer } from "./support/server.ts";
import { SOON, STEP_MS } from "../support/patience.ts";

let server: TestServer;
let browser: Browser;
let page: Page;
let problems: string[] = [];

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(await createTestPlace()), launchBrowser()]);
  page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  page.setDefaultTimeout(STEP_MS);
  problems = watch(page, server.url);
  await page.goto(server.signInUrl);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("heading", { level: 1 }).waitFor();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(() => {
  if (problems.length > 0) throw new Error(problems.splice(0).join("\n"));
});

const blueprint = async (id: string): Promise<Record<string, unknown>> =>
  (await server.get<{ blueprint: Record<string, unknown> }>(`/v1/blueprints/${id}`)).blueprint;

/** Puts a text into the editor as a paste would. */
async function write(text: string): Promise<void> {
  const editor = page.getByRole("textbox", { name: "Blueprint as JSON" });
  await editor.click();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await page.keyboard.insertText(text);
}

test("an empty data model says how to begin", async () => {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Data model" }).click();
  await page.getByText("No blueprints yet").waitFor();
  await page.getByRole("heading", { name: "Of the system" }).waitFor();
  await expectGoodState(page, "builder-empty");
});

test("a blueprint is made by its title", async () => {
  await page.getByRole("button", { name: "Blueprint", exact: true }).click();
  const form = page.getByRole("dialog", { name: "New blueprint" });
  await form.getByLabel("Title").fill("Payment team");
  expect(await form.getByLabel("Identifier").inputValue()).toBe("payment_team");
  await expectGoodState(page, "builder-new");
  await form.getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { level: 1, name: "Payment team" }).waitFor();
  expect(await blueprint("payment_team")).toMatchObject({ title: "Payment team" });
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Payment teams" }).waitFor();
});

test("another is pasted as JSON; what is wrong is said at its place, by the editor or by the server", async () => {
  await page.goto(`${server.url}/builder`);
  await page.getByRole("button", { name: "Blueprint", exact: true }).click();
  const form = page.getByRole("dialog", { name: "New blueprint" });
  await form.getByRole("button", { name: "Edit JSON" }).click();
  await write("{“identifier”: “deployment”}");
  await form.getByText(/Typographic quotes/).waitFor();
  expect(await form.getByRole("button", { name: "Create" }).isDisabled()).toBe(true);
  await write(
    JSON.stringify({ identifier: "run", title: "Run", schema: { properties: { at: { type: "date" } } } }),
  );
  await form.getByRole("button", { name: "Create" }).click();
  await form.getByRole("alert").getByText("schema.properties.at.type").waitFor();
  await write(
    JSON.stringify({
      identifier: "run",
      title: "Run",
      schema: {
        properties: { at: { type: "string", format: "date-time", title: "When" }, size: { type: "number" } },
        required: ["at"],
      },
      relations: { team: { target: "payment_team", many: false } },
    }),
  );
  await expectGoodState(page, "builder-json");
  await form.getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { level: 1, name: "Run" }).waitFor();
  await page.getByRole("row", { name: /^When at Date and time required/ }).waitFor();
  await page.getByRole("row", { name: /^team team Payment team one/ }).waitFor();
  await expectGoodState(page, "blueprint");
});

test("its document is changed and saved whole", async () => {
  await page.getByRole("link", { name: "JSON", exact: true }).click();
  await page.getByText("Nothing is changed.").waitFor();
  const {
    createdAt: _created,
    createdBy: _by,
    updatedAt: _updated,
    updatedBy: _who,
    ...document
  } = await blueprint("run");
  await write(JSON.stringify({ ...document, title: "Pipeline run" }));
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("heading", { level: 1, name: "Pipeline run" }).waitFor();
  expect(await blueprint("run")).toMatchObject({
    title: "Pipeline run",
    relations: { team: { target: "payment_team" } },
  });
});

test("how far a derived property is, and what fails, stands beside its definition", async () => {
  const shout = { calculation: ".properties.size | ascii_upcase", type: "string" };
  await server.send("PATCH", "/v1/blueprints/run", { calculationProperties: { shout } });
  const properties = { at: "2026-01-01T00:00:00Z", size: 3 };
  await server.post("/v1/blueprints/run/entities", { identifier: "r1", properties });
  await page.goto(`${server.url}/builder/run`);
  await page.getByText("fails for 1 entity").waitFor();
  await page.getByText("r1: explode input must be a string").waitFor();
  await expectGoodState(page, "blueprint-failing");
  const known = { identifier: "shout", kind: "calculation", problem: null, errors: 0, example: null };
  const rebuilding = { ...known, state: "rebuilding", progress: 0.43, pending: 5, failing: 2 };
  const address = "**/v1/blueprints/run/derivation";
  await page.route(address, (route) =>
    route.fulfill({ json: { ok: true, derivation: { properties: [rebuilding] } } }),
  );
  await page.reload();
  await page.getByText("rebuilding, 43\u00a0%").waitFor();
  await page.getByText("not computed for 2").waitFor();
  await expectGoodState(page, "blueprint-rebuilding");
  await page.unroute(address);
  await server.send("DELETE", "/v1/blueprints/run/entities/r1");
  await server.send("PATCH", "/v1/blueprints/run", { calculationProperties: { shout: null } });
});

test("the data model is a graph too, with keys and what is known of each", async () => {
  await page.goto(`${server.url}/builder`);
  await page.getByRole("button", { name: "Graph" }).click();
  await page.getByText("2 blueprints, 1 relation. Arrows lead to what is related to.").waitFor();
  await page.getByRole("application").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.getByRole("status").getByText("Pipeline run. Relates to Payment team;").waitFor();
  const about = page.getByRole("complementary", { name: "About Pipeline run" });
  await about.getByText("team · one").waitFor();
  await expectGoodState(page, "builder-graph");
  await page.getByRole("application").focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Pipeline run" }).waitFor();
});

test("deleting says what keeps it while another relates to it, and asks for the identifier", async () => {
  const remove = async (id: string): Promise<void> => {
    await page.goto(`${server.url}/builder/${id}`);
    await page
      .getByRole("main")
      .getByRole("button", { name: /^Actions for / })
      .first()
      .click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
  };
  const confirm = async (id: string): Promise<void> => {
    await page.getByRole("dialog").getByRole("textbox", { name: "Identifier" }).fill(id);
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  };
  await remove("payment_team");
  await page.getByRole("dialog").getByText("It cannot be deleted yet.").waitFor();
  await page.getByRole("dialog").getByRole("link", { name: "Pipeline run" }).waitFor();
  expect(await page.getByRole("dialog").getByRole("button", { name: "Delete" }).isDisabled()).toBe(true);
  await expectGoodState(page, "blueprint-delete");
  await remove("run");
  await confirm("run");
  await page.getByRole("heading", { level: 1, name: "Data model" }).waitFor();
  await remove("payment_team");
  await confirm("payment_team");
  await page.getByText("No blueprints yet").waitFor();
});

test("a system is connected with a wrong token, mended, and syncs; its secret is shown once", async () => {
  const pagerduty = new PagerdutyServer();
  const vendor = await pagerduty.start([]);
  try {
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Data sources" }).click();
    await page.getByText("Nothing is connected yet").waitFor();
    await page.getByLabel("Find a system").fill("pager");
    await expectGoodState(page, "sources-empty");
    await page.getByRole("link", { name: /^PagerDuty users/ }).click();
    await page.getByRole("heading", { level: 1, name: "Connect PagerDuty" }).waitFor();
    await page.getByLabel("API key").fill("wrong-token-000");
    await page.getByLabel("API address").fill("nowhere");
    await page.getByRole("button", { name: "Connect" }).click();
    await page
      .getByRole("alert")
      .getByText(/settings\.apiUrl "nowhere" is no http\(s\) address/)
      .waitFor();
    await expectGoodState(page, "source-new");
    await page.getByLabel("API address").fill(vendor.url);
    await page.getByLabel("Days of history").fill("500");
    await page.getByLabel("API key").fill(pagerduty.settings(vendor.url)["token"] ?? "");
    await page.getByRole("button", { name: "Connect" }).click();
    await page.getByRole("heading", { level: 1, name: "PagerDuty" }).waitFor();
    const secret = await page.getByLabel("secret of the webhook", { exact: true }).textContent();
    expect(secret?.length).toBeGreaterThanOrEqual(24);
    await page.getByText("Up to date").waitFor(SOON);
    await page.getByRole("button", { name: "Check the connection" }).click();
    await page.getByText("Connected", { exact: true }).waitFor();
    await expectGoodState(page, "source");
    // Loaded anew, the secret is gone; the entities are there.
    await page.reload();
    await page.getByRole("button", { name: "Create a new secret" }).waitFor();
    expect(await page.getByLabel("secret of the webhook", { exact: true }).count()).toBe(0);
    const found = await server.get<{ entities: unknown[] }>("/v1/blueprints/pagerdutyIncident/entities");
    expect(found.entities).toHaveLength(320);
    // What the system sends stands in the log; what fails is shown and tried again.
    const address = await page.getByLabel("address of the webhook", { exact: true }).textContent();
    const sent = JSON.stringify({ greeting: "hello" });
    const { status } = await fetch(new URL(new URL(address ?? "").pathname, server.url), {
      ...{ method: "POST", body: sent },
      headers: { "content-type": "application/json", ...pagerduty.sign(secret ?? "", sent) },
    });
    expect(status).toBe(202);
    await page.reload();
    const log = page.getByRole("region", { name: "Events" });
    await log.getByRole("button", { name: "Failed 1" }).click();
    await page.waitForURL(/events=failed/);
    await log.getByText(/event\.event_type is missing/).waitFor();
    await log.getByRole("button", { name: "Show what was sent" }).click();
    await log.getByLabel("What was sent").getByText("hello").waitFor();
    await expectGoodState(page, "source-events");
    await log.getByRole("button", { name: "Replay", exact: true }).click();
    await log.getByText("It waits again").waitFor({ state: "attached" });
    await log.getByRole("button", { name: "Failed 1" }).waitFor();
    await page.getByRole("button", { name: "Actions for PagerDuty" }).click();
    await page.getByRole("menuitem", { name: "Disconnect" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Identifier" }).fill("PagerDuty");
    await dialog.getByRole("button", { name: "Delete" }).click();
    await page.getByText("Nothing is connected yet").waitFor();
  } finally {
    await vendor.stop();
  }
});

test("deployment strategies are compared on the system's history, and chosen", async () => {
  const gitlab = new GitlabServer();
  const vendor = await gitlab.start([]);
  try {
    const { dataSource } = await server.post<{ dataSource: { id: string } }>("/v1/data-sources", {
      ...{ type: "gitlab", settings: gitlab.settings(vendor.url) },
    });
    await page.goto(`${server.url}/sources/${dataSource.id}`);
    await page.getByText("Up to date").waitFor(SOON);
    const panel = page.getByRole("region", { name: "What counts as a deployment" });
    await panel.getByRole("combobox", { name: "History to compare on" }).click();
    await page.getByRole("option", { name: "Last 730 days" }).click();
    await panel.getByRole("button", { name: "Compare" }).click();
    const releases = panel.getByRole("row").filter({ has: page.getByLabel("Release", { exact: true }) });
    await releases.getByText("acme/shop 5, acme/pay/billing 4").waitFor();
    await expectGoodState(page, "source-strategies");
    await page.getByLabel("Release", { exact: true }).check();
    await panel.getByRole("button", { name: "Save" }).click();
    await page.getByText("deployments: Merge request merged, Release").waitFor();
    // Another name; the token, left empty, stays.
    const connection = page.getByRole("region", { name: "Connection" });
    await connection.getByRole("button", { name: "Change" }).click();
    const dialog = page.getByRole("dialog", { name: "Change GitLab" });
    await dialog.getByRole("textbox", { name: "Name" }).fill("Our GitLab");
    await expectGoodState(page, "source-change");
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { level: 1, name: "Our GitLab" }).waitFor();
    await connection.getByText("encrypted").waitFor();
    await page.goto(`${server.url}/sources`);
  } finally {
    await vendor.stop();
  }
});

test("a webhook is made from a template; an event comes, and its mapping is tried on it", async () => {
  await page.getByRole("link", { name: /^Any pipeline webhook/ }).click();
  await page.getByRole("heading", { level: 1, name: "New webhook for Any pipeline" }).waitFor();
  await page.getByRole("textbox", { name: "Secret" }).fill("e2e-secret-123");
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { level: 1, name: "Any pipeline" }).waitFor();
  const address = await page.getByLabel("address of the webhook", { exact: true }).textContent();
  const { status } = await fetch(new URL(new URL(address ?? "").pathname, server.url), {
    ...{ method: "POST", body: JSON.stringify({ service: "shop", id: "12" }) },
    headers: { "content-type": "application/json", "x-fairway-secret": "e2e-secret-123" },
  });
  expect(status).toBe(202);
  await page.reload();
  await page.getByRole("region", { name: "Events" }).getByText("1 created").waitFor();
  await page.getByRole("button", { name: "Take the latest event" }).click();
  await page.getByLabel("Event as JSON").getByText('"shop"').waitFor();
  await page.getByRole("button", { name: "Try", exact: true }).click();
  await page.getByLabel("Entities that come of it").getByText("shop@12").waitFor();
  await expectGoodState(page, "webhook");
});
