/**
 * Around the catalog in a real browser: the palette; people, teams, credentials, secrets and the organisation, as an
 * administrator and as a member; definitions by their forms; a table that is arranged, edited and kept.
 */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { expectGoodState, launchBrowser, watch } from "./support/browser.ts";
import { startServer, type TestServer } from "./support/server.ts";
import { STEP_MS } from "../support/patience.ts";

let server: TestServer;
let browser: Browser;
let page: Page;
let problems: string[] = [];

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  page.setDefaultTimeout(STEP_MS);
  problems = watch(page, server.url);
  await server.post("/v1/blueprints", {
    identifier: "service",
    title: "Service",
    icon: "Microservice",
    schema: {
      properties: {
        tier: {
          type: "string",
          enum: ["gold", "silver"],
          enumColors: { gold: "yellow", silver: "lightGray" },
        },
        size: { type: "number" },
      },
    },
  });
  await server.post("/v1/blueprints/service/entities/bulk", {
    entities: ["Payments", "Shop", "Basket"].map((title, i) => ({
      identifier: title.toLowerCase(),
      title,
      properties: { tier: i === 0 ? "gold" : "silver", size: (i + 1) * 10 },
    })),
  });
  await signIn(page, server.signInUrl);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(() => {
  if (problems.length > 0) throw new Error(problems.splice(0).join("\n"));
});

async function signIn(to: Page, url: string): Promise<void> {
  await to.goto(url);
  await to.getByRole("button", { name: "Continue" }).click();
  await to.getByRole("navigation", { name: "Main" }).waitFor();
}

test("what is typed right after Ctrl-K is in the field, though the palette is still on its way", async () => {
  const typed = Promise.withResolvers<void>();
  await page.route(/\/palette-[^/]+\.js$/, async (route) => {
    await typed.promise;
    await route.continue();
  });
  await page.goto(server.url);
  await page.getByRole("button", { name: "Search", exact: true }).waitFor();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("paym");
  typed.resolve();
  const palette = page.getByRole("dialog", { name: "Search and commands" });
  await palette.getByRole("option", { name: /^Payments Service/ }).waitFor();
  await page.keyboard.type("x");
  expect(await palette.getByRole("combobox").inputValue()).toBe("paymx");
  await page.keyboard.press("Escape");
  await palette.waitFor({ state: "detached" });
});

test("Ctrl-K goes to an entity by a part of its name, remembers it, and does commands", async () => {
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Search and commands" });
  const field = palette.getByRole("combobox");
  await palette.getByRole("option", { name: "New blueprint" }).waitFor();
  await field.fill("paym");
  await palette.getByRole("option", { name: /^Payments Service · payments/ }).waitFor();
  await expectGoodState(page, "palette-found");
  await field.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Payments" }).waitFor();
  expect(new URL(page.url()).pathname).toBe("/c/service/payments");

  await page.goto(`${server.url}/dora`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await palette
    .getByRole("group", { name: "Recent" })
    .getByRole("option", { name: "Payments service" })
    .waitFor();
  await field.fill("nothing is called so");
  await palette.getByText("Nothing is called “nothing is called so”.").waitFor();
  await field.fill("theme dark");
  await field.press("Enter");
  await expect.poll(() => page.locator("html").getAttribute("data-mantine-color-scheme")).toBe("dark");
  await page.keyboard.press("Control+k");
  await field.fill("theme system");
  await field.press("Enter");
  await page.keyboard.press("Control+k");
  await field.fill("new bluepr");
  await field.press("Enter");
  await page.getByRole("dialog", { name: "New blueprint" }).waitFor();
  expect(page.url()).toContain("/builder?new=blueprint");
  await page.getByRole("button", { name: "Close" }).click();
});

/** Signs the invited user in. */
let link = "";

test("a user is invited by a link and made moderator; an administrator cannot give up the role", async () => {
  await page.goto(`${server.url}/settings`);
  await page.getByRole("heading", { level: 1, name: "Users" }).waitFor();
  await page.getByRole("button", { name: "Invite a user" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("E-mail address").fill("ada@example.com");
  await dialog.getByRole("combobox", { name: "Moderator of" }).click();
  await page.getByRole("option", { name: "Service" }).click();
  await page.keyboard.press("Escape");
  await dialog.getByRole("button", { name: "Invite", exact: true }).click();
  link = (await dialog.getByLabel("sign-in link", { exact: true }).textContent()) ?? "";
  expect(link).toContain("/login?token=");
  await expectGoodState(page, "users-invited");
  await dialog.getByRole("button", { name: "Done" }).click();
  await page.getByRole("row", { name: /ada@example\.com Member moderates service/ }).waitFor();
  // As fast as keys can follow each other: the field has every one of them, whenever the address does.
  await page.getByRole("searchbox", { name: "Search users" }).pressSequentially("ada@exa");
  expect(await page.getByRole("searchbox", { name: "Search users" }).inputValue()).toBe("ada@exa");
  await page.waitForURL(/q=ada@exa/);
  await page.getByText("1 of 2 users").waitFor();
  await page.getByRole("searchbox", { name: "Search users" }).fill("");
  await expectGoodState(page, "users");

  // The administrator may not give up the role.
  const me = await page.getByRole("row", { name: /you/ }).getByRole("button").first().textContent();
  await page.getByRole("button", { name: me ?? "", exact: true }).click();
  await dialog.getByRole("combobox", { name: "Role" }).click();
  await page.getByRole("option", { name: "Member" }).click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog
    .getByRole("alert")
    .getByText(/their own role of administrator/)
    .waitFor();
  await dialog.getByRole("button", { name: "Cancel" }).click();
});

test("a member sees people and nothing of the administration, and can be deactivated", async () => {
  const dialog = page.getByRole("dialog");
  const member = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  await signIn(member, new URL(new URL(link).pathname + new URL(link).search, server.url).href);
  await member.goto(`${server.url}/settings/secrets`);
  await member.getByText("Only administrators see this").waitFor();
  expect(await member.getByRole("link", { name: "API credentials" }).count()).toBe(0);
  await expectGoodState(member, "settings-member");
  await member.goto(`${server.url}/settings/account`);
  await member.getByRole("button", { name: "Create new credentials" }).click();
  await member.getByRole("dialog").getByRole("button", { name: "Create new credentials" }).click();
  await member.getByLabel("client secret", { exact: true }).waitFor();

  // As a moderator of services she makes their automations; what is half written is not lost by a slip.
  await member.goto(`${server.url}/settings/account`);
  await member.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Automations" }).click();
  await member.getByRole("button", { name: "New automation", exact: true }).click();
  const form = member.getByRole("dialog", { name: "New automation" });
  await form.getByText(/carried out without secrets/).waitFor();
  await form.getByLabel("Title", { exact: true }).fill("Tell us");
  const question = member.getByRole("dialog", { name: "Leave without saving?" });
  await member.keyboard.press("Escape");
  await question.getByRole("button", { name: "Keep editing" }).click();
  await question.waitFor({ state: "detached" });
  // Nor by the palette, nor when the session ends meanwhile.
  await member.keyboard.press("Control+k");
  const palette = member.getByRole("dialog", { name: "Search and commands" });
  await palette.getByRole("combobox").fill("scorecards");
  await palette.getByRole("option", { name: "Scorecards" }).first().waitFor();
  await palette.getByRole("combobox").press("Enter");
  await question.getByRole("button", { name: "Keep editing" }).click();
  await question.waitFor({ state: "detached" });
  expect(new URL(member.url()).pathname).toBe("/automations");
  const cookies = await member.context().cookies();
  await member.context().clearCookies();
  await member.keyboard.press("Control+k");
  await palette.getByRole("combobox").fill("shop");
  await question.getByText(/^Your session is over/).waitFor();
  await question.getByRole("button", { name: "Keep editing" }).click();
  await question.waitFor({ state: "detached" });
  await member.keyboard.press("Escape");
  await palette.waitFor({ state: "detached" });
  // Asked once; signed in again, she goes on.
  await form.getByText(/^The session is over/).waitFor();
  for (const end = Date.now() + 3000; Date.now() < end; await member.waitForTimeout(100))
    expect(await question.count()).toBe(0);
  await member.context().addCookies(cookies);
  await form.getByRole("button", { name: "What it does" }).click();
  await form.getByLabel("URL").fill("https://example.com/hook");
  await form.getByRole("button", { name: "Create" }).click();
  await form.waitFor({ state: "detached" });
  await member.getByText("Tell us").waitFor();

  // The way back asks too, and the palette when it goes to the same page without the form.
  await member.getByRole("button", { name: "New automation", exact: true }).click();
  await form.getByLabel("Title", { exact: true }).fill("Tell us");
  await member.keyboard.press("Control+k");
  await palette.getByRole("combobox").fill("automations");
  await palette.getByRole("option", { name: "Automations" }).first().waitFor();
  await palette.getByRole("combobox").press("Enter");
  await question.getByRole("button", { name: "Keep editing" }).click();
  await question.waitFor({ state: "detached" });
  await member.goBack();
  await question.waitFor();
  expect(await form.getByLabel("Title", { exact: true }).inputValue()).toBe("Tell us");
  await question.getByRole("button", { name: "Discard the changes" }).click();
  await member.waitForURL(/\/settings\/account$/);
  // The model itself is not hers to change, but who may write services is.
  await member.goto(`${server.url}/builder/service`);
  await member.getByRole("heading", { level: 1, name: "Service" }).waitFor();
  await member.getByRole("link", { name: "Permissions", exact: true }).click();
  await member.getByRole("button", { name: "Save the permissions" }).waitFor();
  expect(await member.getByRole("button", { name: "Actions for Service", exact: true }).count()).toBe(0);

  await page.getByRole("button", { name: "Actions for ada@example.com" }).click();
  await page.getByRole("menuitem", { name: "Deactivate" }).click();
  await dialog.getByRole("button", { name: "Deactivate" }).click();
  await page.getByRole("row", { name: /ada@example\.com .* Disabled/ }).waitFor();
  await member.context().close();
});

test("a team has members; service accounts, credentials and secrets are made, changed and ended", async () => {
  await page.goto(`${server.url}/settings/teams`);
  await page.getByText("No teams yet").waitFor();
  await page.getByRole("button", { name: "Create the first" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Payments crew");
  await dialog.getByRole("combobox", { name: "Members" }).fill("nobody is called so");
  await page.getByText("Nothing found").waitFor();
  await dialog.getByRole("combobox", { name: "Members" }).fill("ada");
  await page.getByRole("option", { name: "ada@example.com" }).click();
  await page.keyboard.press("Escape");
  await dialog.getByRole("button", { name: "Create" }).click();
  await page.getByRole("row", { name: /Payments crew ada@example\.com/ }).waitFor();
  await expectGoodState(page, "teams");

  await page.getByRole("link", { name: "Service accounts" }).click();
  await page.getByRole("button", { name: "New service account" }).click();
  await dialog.getByLabel("Name").fill("Release pipeline");
  await dialog.getByText("release-pipeline@serviceaccounts.getport.io").waitFor();
  await dialog.getByRole("button", { name: "Create" }).click();
  await dialog.getByLabel("client secret", { exact: true }).waitFor();
  await dialog.getByRole("button", { name: "I have copied it" }).click();
  await page.getByRole("row", { name: /Release pipeline/ }).waitFor();

  await page.getByRole("link", { name: "API credentials" }).click();
  await page.getByRole("button", { name: "New API credentials", exact: true }).click();
  await dialog.getByLabel("Name").fill("Terraform");
  await dialog.getByRole("button", { name: "Create" }).click();
  const credentials = {
    clientId: await dialog.getByLabel("client id", { exact: true }).textContent(),
    clientSecret: await dialog.getByLabel("client secret", { exact: true }).textContent(),
  };
  expect(await server.post("/v1/auth/access_token", credentials)).toMatchObject({ tokenType: "Bearer" });
  await dialog.getByRole("button", { name: "I have copied it" }).click();
  await page.getByRole("button", { name: "Actions for Terraform" }).click();
  await page.getByRole("menuitem", { name: "New secret" }).click();
  await dialog.getByRole("button", { name: "Create a new secret" }).click();
  await dialog.getByLabel("client secret", { exact: true }).waitFor();
  await dialog.getByRole("button", { name: "I have copied it" }).click();
  await expect(server.post("/v1/auth/access_token", credentials)).rejects.toThrow(/401/);
  await expectGoodState(page, "credentials");

  await page.getByRole("link", { name: "Secrets" }).click();
  await page.getByRole("button", { name: "New secret", exact: true }).click();
  await dialog.getByLabel("Name").fill("NO SPACES");
  await dialog.getByText("Letters, digits, - and _ only").waitFor();
  await dialog.getByLabel("Name").fill("GITHUB_TOKEN");
  await dialog.getByLabel("Value").fill("s3cret-value");
  await dialog.getByRole("button", { name: "Create" }).click();
  await page.getByRole("row", { name: /GITHUB_TOKEN/ }).waitFor();
  expect(await page.content()).not.toContain("s3cret-value");
  await page.getByRole("button", { name: "Actions for GITHUB_TOKEN" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await dialog.getByRole("textbox", { name: "Identifier" }).fill("GITHUB_TOKEN");
  await dialog.getByRole("button", { name: "Delete" }).click();
  await page.getByText("No secrets yet").waitFor();
});

test("a property and a calculation are made by forms; the calculation is tried on entities meanwhile", async () => {
  await page.goto(`${server.url}/builder/service`);
  const add = (kind: string) => page.getByRole("button", { name: kind, exact: true }).click();
  const drawer = page.getByRole("dialog");
  await add("Add property");
  await drawer.getByLabel("Title").fill("Life cycle");
  expect(await drawer.getByLabel("Identifier").inputValue()).toBe("life_cycle");
  await drawer.getByRole("button", { name: "Option" }).click();
  await drawer.getByLabel("Option 1", { exact: true }).fill("running");
  await drawer.getByRole("combobox", { name: "Colour of option 1" }).click();
  await page.getByRole("option", { name: "green" }).click();
  await drawer.getByLabel("Definition as JSON").getByText('"running"').first().waitFor();
  await drawer.getByRole("button", { name: "Add", exact: true }).click();
  await drawer.waitFor({ state: "detached" });
  expect(await server.get("/v1/blueprints/service")).toMatchObject({
    blueprint: {
      schema: {
        properties: {
          life_cycle: { title: "Life cycle", enum: ["running"], enumColors: { running: "green" } },
        },
      },
    },
  });

  await add("Add calculation property");
  await drawer.getByLabel("Title").fill("Double size");
  await drawer.getByRole("combobox", { name: "Type of the result" }).click();
  await page.getByRole("option", { name: "Number" }).click();
  await drawer.getByLabel("jq").fill(".properties.size / 0");
  await drawer.getByText(/zero/).first().waitFor();
  await drawer.getByLabel("jq").fill(".properties.size * 2");
  await drawer.getByRole("row", { name: "Basket 60" }).waitFor();
  await expectGoodState(page, "builder-calculation");
  await drawer.getByRole("button", { name: "Add", exact: true }).click();
  await drawer.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Double size", exact: true }).waitFor();
});

test("an aggregation is tried; what uses a property is said before it is deleted; permissions have a form", async () => {
  const drawer = page.getByRole("dialog");
  await page.goto(`${server.url}/builder/_team?open=new+aggregation`);
  await drawer.getByLabel("Title").fill("People");
  await drawer.getByRole("combobox", { name: "Blueprint to aggregate" }).click();
  await page.getByRole("option", { name: "User", exact: true }).click();
  await drawer.getByRole("row", { name: "Payments crew 1" }).waitFor();
  await drawer.getByRole("button", { name: "Condition" }).click();
  const value = drawer.getByRole("group", { name: "Rule 1" }).getByRole("textbox", { name: "Value" });
  await value.fill("nobody");
  await value.press("Enter");
  await drawer.getByRole("row", { name: "Payments crew 0" }).waitFor();
  await drawer.getByRole("button", { name: "Cancel" }).click();

  await page.goto(`${server.url}/builder/service`);
  await page.getByRole("button", { name: "Actions for size" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await drawer.getByText("calculation property double_size").waitFor();
  await drawer.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("link", { name: "Permissions", exact: true }).click();
  await page.waitForURL(/tab=permissions/);
  await page
    .getByRole("region", { name: "Change entities" })
    .getByRole("switch", { name: "Every member" })
    .check();
  await page.getByText(/^Single properties and relations/).click();
  await page.getByRole("button", { name: "Who may change size" }).waitFor();
  await page.getByRole("button", { name: "Save the permissions" }).click();
  await expect
    .poll(async () => JSON.stringify(await server.get("/v1/blueprints/service/permissions")))
    .toContain('"update":{"roles":["Admin","service-moderator","Member"]');
  await expectGoodState(page, "builder-permissions");
});

test("a table is totalled, edited in place, changed together, and kept as a page", async () => {
  await page.goto(`${server.url}/c/service`);
  const grid = page.getByRole("grid");
  await page.getByRole("columnheader", { name: "size", exact: true }).hover();
  await page.getByRole("button", { name: "Column size", exact: true }).click();
  await page.getByRole("menuitem", { name: "Below it: sum" }).click();
  await page.waitForURL(/t=size/);
  await grid.getByText("sum 60").waitFor();

  // By keys: from the first cell to the size of the first row; a refusal puts the old value back.
  await grid.getByRole("rowheader").first().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  const editor = page.getByRole("dialog", { name: "size of Payments" });
  await editor.getByLabel("size").fill("15");
  await page.keyboard.press("Enter");
  await grid.getByText("sum 65").waitFor();
  expect(await server.get("/v1/blueprints/service/entities/payments")).toMatchObject({
    entity: { properties: { size: 15 } },
  });
  await expectGoodState(page, "table-total");

  // Choosing what is chosen takes nothing away.
  await grid
    .getByRole("row", { name: /Payments/ })
    .getByText("gold")
    .dblclick();
  const choice = page.getByRole("dialog", { name: "tier of Payments" });
  await choice.getByRole("combobox", { name: "tier" }).click();
  await page.getByRole("option", { name: "gold" }).click();
  expect(await choice.getByRole("combobox", { name: "tier" }).inputValue()).toBe("gold");
  await choice.getByRole("button", { name: "Cancel" }).click();
  await choice.waitFor({ state: "detached" });
  expect(await server.get("/v1/blueprints/service/entities/payments")).toMatchObject({
    entity: { properties: { tier: "gold" } },
  });

  await grid.getByRole("checkbox", { name: "Select Payments" }).check();
  await grid.getByRole("checkbox", { name: "Select Shop" }).check();
  await page.waitForURL(/sel=payments/);
  const chosen = page.getByRole("group", { name: "Selected entities" });
  await chosen.getByRole("button", { name: "Edit" }).click();
  const dialog = page.getByRole("dialog", { name: "Edit 2 entities" });
  // Nothing is chosen for anybody, and no value is no change.
  const submit = dialog.getByRole("button", { name: "Change 2 entities" });
  expect(await submit.isDisabled()).toBe(true);
  await dialog.getByRole("combobox", { name: "What to change" }).click();
  await page.getByRole("option", { name: "tier" }).click();
  expect(await submit.isDisabled()).toBe(true);
  await dialog.getByText("2 of 2 have a value now.").waitFor();
  await dialog.getByRole("switch", { name: "Clear the value" }).click();
  await dialog.getByText("Takes tier away from 2 entities.").waitFor();
  expect(await dialog.getByRole("button", { name: "Clear it on 2 entities" }).isEnabled()).toBe(true);
  await dialog.getByRole("switch", { name: "Clear the value" }).click();
  await dialog.getByRole("combobox", { name: "New tier" }).click();
  await page.getByRole("option", { name: "gold" }).click();
  await dialog.getByText("Sets tier to gold on 2 entities.").waitFor();
  await submit.click();
  await dialog.waitFor({ state: "detached" });
  await expect.poll(() => grid.getByText("gold", { exact: true }).count()).toBe(2);
  await chosen.getByRole("button", { name: "Delete" }).click();
  const asked = page.getByRole("dialog", { name: "Delete 2 entities?" });
  expect(await asked.getByRole("button", { name: "Delete" }).isDisabled()).toBe(true);
  await expectGoodState(page, "table-bulk-delete");
  await asked.getByRole("button", { name: "Cancel" }).click();
  await chosen.getByRole("button", { name: "Clear selection" }).click();

  await page.getByRole("button", { name: "View (changed)" }).click();
  await page.getByRole("menuitem", { name: "Save as page…" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("Sizes");
  await page.getByRole("dialog").getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { level: 1, name: "Sizes" }).waitFor();
  expect(new URL(page.url()).search).toBe("?v=sizes");
  await grid.getByText("sum 65").waitFor();
  await page.getByRole("button", { name: "Actions for Shop" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Copy identifier" }).waitFor();
  await page.keyboard.press("Escape");
});

test("the organisation has a title, an announcement and a time zone", async () => {
  await page.goto(`${server.url}/settings/organization`);
  await page.getByLabel("Title of the portal").fill("Acme portal");
  // Signing out asks before what is written is lost.
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  const question = page.getByRole("dialog", { name: "Leave without saving?" });
  await question.getByRole("button", { name: "Keep editing" }).click();
  await question.waitFor({ state: "detached" });
  await page.getByLabel("Logo", { exact: true }).fill("https://elsewhere.example/logo.png");
  await page.getByText(/load nothing from other hosts/).waitFor();
  await page.getByLabel("Logo", { exact: true }).fill("/favicon.svg");
  await page.getByLabel("Text").fill("Maintenance on Sunday");
  await page.getByRole("switch", { name: "Show it on every page" }).check();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page
    .getByRole("complementary", { name: "Announcement" })
    .getByText("Maintenance on Sunday")
    .waitFor();
  await page.getByRole("link", { name: "Acme portal" }).waitFor();
  await expectGoodState(page, "organization");
  await page.getByRole("combobox", { name: "Time zone" }).click();
  await page.getByRole("option", { name: "Europe/Berlin" }).click();
  await page.getByRole("button", { name: "Save the DORA settings" }).click();
  await expect
    .poll(async () => (await server.get<{ settings: object }>("/v1/dora/settings")).settings)
    .toMatchObject({ timezone: "Europe/Berlin" });
  await page.getByRole("button", { name: "Put the announcement away" }).click();
  expect(await page.title()).toBe("Organisation · Acme portal");
});
