/**
 * What people do by themselves, in a real browser, with a real receiver on loopback: an environment for five days with
 * approval, extended by three, whose end starts an automation (issue 9, done-when 2c).
 */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { expectGoodState, launchBrowser, watch } from "./support/browser.ts";
import { startServer, type TestServer } from "./support/server.ts";
import { SOON, STEP_MS, patient } from "../support/patience.ts";

interface Received {
  readonly path: string;
  readonly body: Record<string, unknown>;
  readonly key: string | undefined;
}

const DAY = 86_400_000;

let server: TestServer;
let browser: Browser;
let page: Page;
let receiver: Server;
let address: string;
const received: Received[] = [];
let problems: string[] = [];
let form: ReturnType<Page["getByRole"]>;

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (part: string) => (text += part));
    request.on("end", () => {
      received.push({
        path: request.url ?? "",
        body: JSON.parse(text) as Record<string, unknown>,
        key: request.headers["idempotency-key"] as string | undefined,
      });
      response.setHeader("content-type", "application/json").end('{"accepted":true}');
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  page.setDefaultTimeout(STEP_MS);
  form = page.getByRole("dialog");
  problems = watch(page, server.url);
  await server.post("/v1/blueprints", {
    ...{ identifier: "environment", title: "Environment", icon: "Cloud" },
    schema: {
      properties: {
        ttl: { type: "string", format: "timer", title: "Ends" },
        region: { type: "string", title: "Region" },
        purpose: { type: "string", title: "Purpose" },
      },
    },
  });
  await page.goto(server.signInUrl);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("navigation", { name: "Main" }).waitFor();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await new Promise((resolve) => receiver.close(resolve));
});
afterEach(() => {
  if (problems.length > 0) throw new Error(problems.splice(0).join("\n"));
});

const spinUp = () => ({
  identifier: "spin_up_environment",
  title: "Spin up environment for 5 days",
  description: "An environment of one's own, which ends by itself.",
  icon: "Rocket",
  requiredApproval: true,
  trigger: {
    ...{ type: "self-service", operation: "CREATE", blueprintIdentifier: "environment" },
    actionCardButtonText: "Spin up",
    userInputs: {
      properties: {
        name: { type: "string", title: "Name", pattern: "^[a-z-]+$" },
        cloud: { type: "string", title: "Cloud", enum: ["aws", "azure"], default: "aws" },
        region: {
          ...{ type: "string", title: "Region", dependsOn: ["cloud"] },
          enum: { jqQuery: 'if .form.cloud == "aws" then ["eu-west-1"] else ["westeurope"] end' },
        },
        withData: { type: "boolean", title: "With test data" },
        dataset: {
          ...{ type: "string", title: "Which data", format: "multi-line" },
          visible: { jqQuery: ".form.withData == true" },
        },
        token: { type: "string", title: "Access token", encryption: "aes256-gcm" },
      },
      required: ["name", "region"],
      steps: [
        { title: "What", order: ["name", "cloud", "region"] },
        { title: "Contents", order: ["withData", "dataset", "token"] },
      ],
    },
  },
  invocationMethod: {
    type: "UPSERT_ENTITY",
    blueprintIdentifier: "environment",
    mapping: {
      identifier: "{{ .inputs.name }}",
      title: "{{ .inputs.name }}",
      properties: { ttl: "{{ now + 5 * 86400 | todate }}", region: "{{ .inputs.region }}" },
    },
  },
});

const extend = () => ({
  identifier: "extend_environment",
  title: "Extend by 3 days",
  trigger: {
    ...{ type: "self-service", operation: "DAY-2", blueprintIdentifier: "environment" },
    userInputs: { properties: { why: { type: "string", title: "Why" } }, required: ["why"] },
    condition: {
      ...{ type: "SEARCH", combinator: "and" },
      rules: [{ property: "region", operator: "=", value: "westeurope" }],
    },
  },
  invocationMethod: {
    type: "UPSERT_ENTITY",
    blueprintIdentifier: "environment",
    mapping: {
      identifier: "{{ .entity.identifier }}",
      properties: {
        ttl: '{{ .entity.properties.ttl | sub("\\\\.[0-9]+"; "") | fromdate + 3 * 86400 | todate }}',
        purpose: "{{ .inputs.why }}",
      },
    },
  },
});

const ends = () => ({
  identifier: "environment_ends",
  title: "Environment ends",
  trigger: {
    type: "automation",
    event: {
      ...{ type: "TIMER_PROPERTY_EXPIRED", blueprintIdentifier: "environment", propertyIdentifier: "ttl" },
    },
  },
  invocationMethod: {
    ...{ type: "WEBHOOK", url: `${address}/ends`, synchronized: true },
    body: { environment: "{{ .event.context.entityIdentifier }}" },
  },
  publish: true,
});

const endOf = async (name: string): Promise<number> => {
  const { entity } = await server.get<{ entity: { properties: { ttl: string } } }>(
    `/v1/blueprints/environment/entities/${name}`,
  );
  return Date.parse(entity.properties.ttl);
};

let first = 0;

test("an environment for five days is asked for in steps; what the server refuses stands at its field", async () => {
  await page.goto(`${server.url}/self-serve`);
  await page.getByText("No actions yet").waitFor();
  for (const action of [spinUp(), extend(), ends()]) await server.post("/v1/actions", action);
  await page.reload();
  await page.getByRole("heading", { level: 3, name: "Spin up environment for 5 days" }).waitFor();
  await page.getByText("No runs yet").waitFor();
  await expectGoodState(page, "hub");

  await page.getByRole("link", { name: "Spin up: Spin up environment for 5 days" }).click();
  expect(page.url()).toContain("action=spin_up_environment");
  await form.getByRole("button", { name: "Next" }).click();
  await form.getByText("Fill this in.").first().waitFor();
  await form.getByLabel("Name").fill("Demo 1");
  await form.getByRole("combobox", { name: "Cloud" }).click();
  await page.getByRole("option", { name: "azure" }).click();
  await form.getByRole("combobox", { name: "Region" }).click();
  await page.getByRole("option", { name: "westeurope" }).click();
  await form.getByRole("button", { name: "Next" }).click();
  expect(await form.getByLabel("Which data").count()).toBe(0);
  await form.getByRole("switch", { name: "With test data" }).check();
  await form.getByLabel("Which data").fill("customers\norders");
  await form.getByLabel("Access token").fill("s3cret-token");
  await form.getByRole("button", { name: "Run" }).click();
  // The server refuses the name, at its field, in the step where it is.
  await form.getByText(/does not match the pattern/).waitFor();
  await expectGoodState(page, "run-form-refused");
  await form.getByLabel("Name").fill("demo");
  await form.getByRole("button", { name: "Next" }).click();
  await form.getByRole("button", { name: "Run" }).click();

  await page.waitForURL(/\/runs\/r_/);
});

test("it waits for approval, is approved in the inbox, and gives an entity with a timer", async () => {
  await page.getByRole("heading", { level: 2, name: "Approval" }).waitFor();
  await page.getByText("westeurope").waitFor();
  expect(await page.content()).not.toContain("s3cret-token");
  await page.getByRole("button", { name: "Approve" }).waitFor();
  await expectGoodState(page, "run-waits");
  const run = page.url();
  await page.goto(`${server.url}/approvals`);
  await page.getByRole("link", { name: "Spin up environment for 5 days" }).waitFor();
  await expectGoodState(page, "approvals");
  await page.getByLabel("Comment").fill("Fine with me");
  await page.getByRole("button", { name: "Approve" }).click();
  await page.getByText("Nothing waits for you.").waitFor();
  await page.goto(run);
  await page.getByText("Succeeded").first().waitFor();
  await page.getByRole("heading", { level: 2, name: "Affected entities" }).waitFor();
  await expectGoodState(page, "run-done");
  first = await endOf("demo");
  expect(Math.abs(first - Date.now() - 5 * DAY)).toBeLessThan(DAY / 24);
});

test("§3.4 cancel and run again: it is extended by three days from its page, and its end starts an automation once", async () => {
  await page.getByRole("link", { name: "demo", exact: true }).click();
  await page.getByRole("button", { name: "Actions", exact: true }).click();
  await page.getByRole("menuitem", { name: "Extend by 3 days" }).click();
  await form.getByLabel("Why").fill("One more demonstration");
  await form.getByRole("button", { name: "Run" }).click();
  await page.waitForURL(/\/runs\/r_/);
  await page.getByText("Succeeded").first().waitFor();
  expect((await endOf("demo")) - first).toBeCloseTo(3 * DAY, -4);

  await page.getByRole("link", { name: "Run again" }).click();
  await expect.poll(() => form.getByLabel("Why").inputValue()).toBe("One more demonstration");
  await form.getByText("On demo").waitFor();
  await page.goto(`${server.url}/c/environment/demo?tab=runs`);
  await page.getByRole("link", { name: "Extend by 3 days" }).waitFor();

  // The clock of a server cannot be moved: its end is written as passed.
  await server.post("/v1/blueprints/environment/entities?upsert=true&merge=true", {
    identifier: "demo",
    properties: { ttl: new Date(Date.now() - 1000).toISOString() },
  });
  await expect.poll(() => received.length, SOON).toBe(1);
  expect(received[0]).toMatchObject({ path: "/ends", body: { environment: "demo" } });
  expect(received[0]?.key).toMatch(/^r_/);
  await page.goto(`${server.url}/runs?source=AUTOMATION`);
  await page.getByRole("link", { name: "Environment ends", exact: true }).waitFor();
  await page.getByRole("link", { name: "Environment ends", exact: true }).click();
  await page.getByText("Succeeded").first().waitFor();
  await page.goto(`${server.url}/runs`);
  await page.getByRole("link", { name: "Environment ends", exact: true }).waitFor();
  await expectGoodState(page, "runs");
});

test("§3.2.2 a link opens the form filled in; lists that cannot be loaded say so", async () => {
  await page.goto(
    `${server.url}/self-serve?action=spin_up_environment&actionInputs=~(name~'from-a-link~cloud~'azure)`,
  );
  await expect.poll(() => form.getByLabel("Name").inputValue()).toBe("from-a-link");
  await page.keyboard.press("Escape");
  await page.waitForURL(/\/self-serve$/);
  await page.getByRole("searchbox", { name: "Search actions" }).fill("nothing like it");
  await page.getByText("None of 2 actions fits.").waitFor();
  expect(page.url()).toContain("q=nothing");
  await page.route("**/v1/actions/runs?*", (route) =>
    route.fulfill({ status: 422, body: '{"error":"invalid_request","message":"Not today"}' }),
  );
  await page.goto(`${server.url}/runs`);
  await page.getByRole("alert").getByText("Not today").waitFor();
  await page.unroute("**/v1/actions/runs?*");
});

test("an action is built by its form, with the JSON and a preview that follow it", async () => {
  await page.goto(`${server.url}/self-serve?edit=new`);
  const drawer = page.getByRole("dialog", { name: "New action" });
  await drawer.getByLabel("Title", { exact: true }).fill("Lock deployments");
  await expect.poll(() => drawer.getByLabel("Identifier").inputValue()).toBe("lock_deployments");
  await drawer.getByRole("button", { name: "Form", exact: true }).click();
  await drawer.getByRole("button", { name: "Add input" }).click();
  await drawer.getByLabel("Title", { exact: true }).fill("Reason");
  await drawer.getByRole("switch", { name: "Required" }).check();
  await drawer.getByText("Reason", { exact: true }).last().waitFor();
  await drawer.getByRole("button", { name: "Backend" }).click();
  await drawer.getByLabel("URL").fill(`${address}/lock`);
  await expectGoodState(page, "action-builder");
  await drawer.getByRole("button", { name: "Create" }).click();
  await page.getByRole("link", { name: "Create: Lock deployments" }).click();
  await page.getByRole("dialog").getByLabel("Reason").fill("A storm");
  await page.getByRole("dialog").getByRole("button", { name: "Run" }).click();
  await page.waitForURL(/\/runs\/r_/);
  await page.getByText("Succeeded").first().waitFor();
  expect(received.at(-1)).toMatchObject({ path: "/lock" });
});

test(
  "§3.2.2 dataset §3.2.1 condition: what is offered, on what and to whom is said by forms, beside the JSON",
  async () => {
    const choose = async (field: ReturnType<Page["getByRole"]>, option: string): Promise<void> => {
      await field.click();
      await page.getByRole("option", { name: option, exact: true }).click();
    };
    await server.post("/v1/actions", { ...extend(), identifier: "by_form", title: "By form" });
    await page.goto(`${server.url}/self-serve?edit=by_form`);
    const drawer = page.getByRole("dialog", { name: "Edit By form" });
    const condition = drawer.getByRole("group", { name: "Offered only on entities where" });
    await condition.getByRole("group", { name: "Rule 1" }).waitFor();
    await condition.getByRole("button", { name: "Add rule" }).click();
    await choose(condition.getByLabel("Which have to hold"), "One of these");
    await drawer.getByRole("button", { name: "Form", exact: true }).click();
    await drawer.getByRole("button", { name: "Why", exact: true }).click();
    await drawer.getByLabel("Pattern").fill("^[A-Z");
    await drawer.getByText("This is no regular expression.").waitFor();
    await drawer.getByLabel("Pattern").fill("^[A-Z]");
    await drawer.getByLabel("Characters: at least").fill("3");
    await drawer.getByLabel("Required if (jq)").fill(".form.sibling != null");
    await drawer.getByRole("button", { name: "Add input" }).click();
    await drawer.getByLabel("Title", { exact: true }).fill("Sibling");
    await choose(drawer.getByRole("combobox", { name: "Kind" }), "Entity");
    await choose(drawer.getByRole("combobox", { name: "Blueprint" }), "Environment");
    const offered = drawer.getByRole("group", { name: "Which entities are offered" });
    await offered.getByRole("button", { name: "Add rule" }).click();
    await choose(offered.getByRole("combobox", { name: "Property" }), "Region");
    await offered.getByRole("button", { name: "Value of rule 1 by an expression" }).click();
    await offered.getByLabel("Expression of rule 1").fill(".entity.properties.region");
    await expectGoodState(page, "action-input-rules");

    await drawer.getByRole("button", { name: "Permissions" }).click();
    const table = drawer.getByRole("region", { name: "Who may do what, table" });
    const row = (name: string) => table.getByRole("row", { name, exact: true }).waitFor();
    await drawer.getByRole("heading", { name: "Who may do what", exact: true }).waitFor();
    await row("Every member Yes Yes");
    await drawer.getByRole("switch", { name: "Everybody in the organisation" }).uncheck();
    await drawer.getByRole("heading", { name: "Who may do what, once saved" }).waitFor();
    await row("Administrators Yes Yes");
    await row("Every member No No");
    await drawer.getByRole("switch", { name: "Members of the teams that own the entity" }).check();
    await row("Owning teams Yes Yes");
    await choose(drawer.getByRole("combobox", { name: "Somebody has to approve" }), "One approver");
    await row("Owning teams Yes Yes No");
    const policy = drawer.getByRole("group", { name: "Policy", exact: true });
    await policy.getByRole("button", { name: "Add condition" }).click();
    await policy.getByLabel("Condition 1 (jq)").fill(".results.mine.entities | length < 3");
    for (const name of ["Administrators Yes By policy Yes", "Owning teams Yes By policy No"]) await row(name);
    await policy.getByRole("button", { name: "Add query" }).click();
    await policy.getByLabel("Query", { exact: true }).fill("mine");
    await choose(policy.getByRole("combobox", { name: "Looks among" }), "Environment");
    await expectGoodState(page, "action-policy");
    await drawer.getByRole("button", { name: "Save" }).click();
    await drawer.waitFor({ state: "hidden" });
    const { action } = await server.get<{ action: { trigger: object } }>("/v1/actions/by_form");
    expect(action.trigger).toMatchObject({
      condition: { type: "SEARCH", combinator: "or", rules: [{ property: "region" }, {}] },
      userInputs: {
        properties: {
          why: { pattern: "^[A-Z]", minLength: 3, required: { jqQuery: ".form.sibling != null" } },
          input: {
            ...{ type: "string", format: "entity", blueprint: "environment" },
            dataset: {
              combinator: "and",
              rules: [{ property: "region", operator: "=", value: { jqQuery: ".entity.properties.region" } }],
            },
          },
        },
      },
    });
    const { permissions } = await server.get<{ permissions: object }>("/v1/actions/by_form/permissions");
    expect(permissions).toMatchObject({
      execute: {
        policy: {
          queries: {
            mine: {
              combinator: "and",
              rules: [{ property: "$blueprint", operator: "=", value: "environment" }],
            },
          },
          conditions: [".results.mine.entities | length < 3"],
        },
      },
    });
  },
  patient(60_000),
);

test("automations are switched, tested on what has happened, and made; alerts by their form", async () => {
  await page.goto(`${server.url}/automations`);
  const toggle = page.getByRole("switch", { name: "Environment ends is on" });
  const isOn = async () =>
    (await server.get<{ action: { publish: boolean } }>("/v1/actions/environment_ends")).action.publish;
  await toggle.click();
  await expect.poll(isOn).toBe(false);
  await page.getByRole("switch", { name: "Environment ends is on", checked: false, disabled: false }).click();
  await expect.poll(isOn).toBe(true);
  await expectGoodState(page, "automations");
  await page.getByRole("link", { name: "Environment ends" }).click();
  const drawer = page.getByRole("dialog");
  await drawer.getByRole("button", { name: "Test", exact: true }).click();
  await drawer.getByRole("combobox", { name: "Recent events" }).click();
  await page.getByRole("option", { name: /TIMER_EXPIRED demo/ }).click();
  await drawer.getByRole("button", { name: "Test", exact: true }).last().click();
  await drawer.getByText("A run would start").waitFor();
  await expectGoodState(page, "automation-test");
  await drawer.getByRole("button", { name: "Close" }).click();
  await page.getByRole("link", { name: "Alerts", exact: true }).click();
  await page.getByText("No alerts yet").waitFor();
  await page.getByRole("button", { name: "Create the first" }).click();
  await drawer.getByLabel("Title", { exact: true }).fill("Environments are gone");
  await drawer.getByRole("combobox", { name: "Watch" }).click();
  await page.getByRole("option", { name: "Whether data still comes" }).click();
  await drawer.getByRole("combobox", { name: "Blueprint" }).click();
  await page.getByRole("option", { name: "Environment" }).click();
  await drawer.getByLabel("Limit", { exact: true }).fill("24");
  await drawer.getByLabel("Any webhook").fill(`${address}/alert`);
  await expectGoodState(page, "alert-form");
  await drawer.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByRole("link", { name: "Environments are gone" }).waitFor();
});
