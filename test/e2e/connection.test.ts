/** When the connection, the session or the files of the page at hand go away. */
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Proxy, startProxy } from "../../tools/chaos/proxy.ts";
import { patient, SOON, STEP_MS } from "../support/patience.ts";
import { expectGoodState } from "./support/browser.ts";
import { usePortal } from "./support/portal.ts";

const portal = usePortal(async (server) => {
  await server.post("/v1/blueprints", {
    ...{ identifier: "service", title: "Service" },
    schema: { properties: { tier: { type: "string", title: "Tier" } } },
  });
  await server.post("/v1/blueprints/service/entities", { identifier: "shop", title: "Shop" });
});
/** Between the browser and the server. */
let wire: Proxy;
let context: BrowserContext;
let page: Page;
let url = "";

beforeAll(async () => {
  const { port } = new URL(portal.server.url);
  wire = await startProxy("localhost", Number(port));
  url = `http://localhost:${wire.port}`;
});
afterAll(async () => {
  await wire?.stop();
});
beforeEach(async () => {
  ({ page, context } = await portal.visitor());
  await signIn(page, "ada@example.com");
});
afterEach(async () => {
  wire.restore();
  await context.close();
});

/** As somebody who is invited when they are not there yet. */
async function signIn(to: Page, email: string): Promise<void> {
  const { server } = portal;
  const [firstName = ""] = email.split("@");
  await server
    .post("/v1/users/invite?notify=false", { invitee: { email, firstName, roles: ["Admin"] } })
    .catch(() => undefined);
  const { signInUrl } = await server.post<{ signInUrl: string }>(`/v1/users/${email}/sign-in-link`, {});
  const { pathname, search } = new URL(signInUrl);
  await to.goto(url + pathname + search);
  await to.getByRole("button", { name: "Continue" }).click();
  await to.getByRole("navigation", { name: "Main" }).waitFor();
}

test(
  "a lost connection is told of after a while; once it is back, what was changed meanwhile is there",
  async () => {
    await page.goto(`${url}/c/service`);
    await page.getByRole("link", { name: "Shop" }).waitFor();
    const bar = page.getByRole("status").filter({ hasText: "What you see may be old" });
    wire.cut();
    await bar.getByText("The server does not answer.").waitFor({ timeout: patient(30_000) });
    await portal.server.post("/v1/blueprints/service/entities", { identifier: "till", title: "Till" });
    expect(await page.getByRole("link", { name: "Till" }).count()).toBe(0);
    wire.restore();
    await page.getByRole("link", { name: "Till" }).waitFor({ timeout: patient(60_000) });
    await bar.waitFor({ state: "detached", timeout: patient(60_000) });
  },
  patient(180_000),
);

test(
  "who is offline is told so, and since when",
  async () => {
    await page.goto(`${url}/c/service`);
    await page.getByRole("link", { name: "Shop" }).waitFor();
    await context.setOffline(true);
    const bar = page.getByRole("status").filter({ hasText: "What you see may be old" });
    await bar.getByText("You are offline.").waitFor({ timeout: patient(30_000) });
    await expectGoodState(page, "offline");
    await context.setOffline(false);
    await bar.waitFor({ state: "detached", timeout: patient(60_000) });
  },
  patient(120_000),
);

/** A form with something in it, kept when the session is over. */
async function keepWriting(): Promise<void> {
  await page.goto(`${url}/c/service/shop`);
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  const form = page.getByRole("dialog", { name: "Edit Shop" });
  await form.getByLabel("Tier").fill("Ada’s own words");
  await context.clearCookies();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("sh");
  const question = page.getByRole("dialog", { name: "Leave without saving?" });
  await question.getByText(/^Your session is over/).waitFor();
  await question.getByRole("button", { name: "Keep editing" }).click();
  await question.waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
  await form.getByText(/^The session is over/).waitFor();
}

test(
  "a page that somebody wrote on begins anew for another person who signs in after the session's end",
  async () => {
    await keepWriting();
    await signInElsewhere("grace@example.com");
    // The next answer of any kind shows who is there now.
    await page.keyboard.press("Control+k");
    await page.keyboard.type("sh");
    await expect.poll(() => page.getByRole("dialog").count(), SOON).toBe(0);
    await page.getByRole("heading", { level: 1, name: "Shop" }).waitFor();
    await page.getByRole("button", { name: "Account" }).click();
    await page.getByText("grace@example.com").first().waitFor();
    const { entity } = await portal.server.get<{ entity: { properties: { tier?: unknown } } }>(
      "/v1/blueprints/service/entities/shop",
    );
    expect(entity.properties.tier ?? null).toBeNull();
  },
  patient(90_000),
);

test(
  "a save that is refused after the end of a session asks, and is done once she is signed in again",
  async () => {
    await page.goto(`${url}/c/service/shop`);
    await page.getByRole("button", { name: "Edit", exact: true }).click();
    const form = page.getByRole("dialog", { name: "Edit Shop" });
    await form.getByLabel("Tier").fill("Ada’s own words");
    await context.clearCookies();
    await form.getByRole("button", { name: "Save", exact: true }).click();
    const question = page.getByRole("dialog", { name: "Leave without saving?" });
    await question.getByText(/^Your session is over/).waitFor();
    await question.getByRole("button", { name: "Keep editing" }).click();
    await form.getByText(/^The session is over/).waitFor();
    await signInElsewhere("ada@example.com");
    expect(await form.getByLabel("Tier").inputValue()).toBe("Ada’s own words");
    await form.getByRole("button", { name: "Save", exact: true }).click();
    await form.waitFor({ state: "detached" });
    const { entity } = await portal.server.get<{ entity: { properties: { tier?: unknown } } }>(
      "/v1/blueprints/service/entities/shop",
    );
    expect(entity.properties.tier).toBe("Ada’s own words");
  },
  patient(90_000),
);

test(
  "a small form keeps what is in it when its save is refused, whatever else is asked meanwhile",
  async () => {
    await page.goto(`${url}/settings/teams`);
    await page.getByRole("button", { name: "New team" }).first().click();
    const form = page.getByRole("dialog", { name: "New team" });
    await form.getByLabel("Name").fill("Harbour");
    await context.clearCookies();
    await form.getByRole("button", { name: "Create" }).click();
    await form
      .getByRole("alert")
      .getByText(/^Your session is over/)
      .waitFor();
    await form.getByText(/^The session is over/).waitFor();
    await form.getByLabel("Members").fill("a");
    expect(await page.getByRole("dialog").count()).toBe(1);
    await page.keyboard.press("Tab");
    await signInElsewhere("ada@example.com");
    expect(await form.getByLabel("Name").inputValue()).toBe("Harbour");
    await form.getByRole("button", { name: "Create" }).click();
    await form.waitFor({ state: "detached" });
    await page.getByText("Harbour").first().waitFor();
  },
  patient(90_000),
);

/** In another tab. */
async function signInElsewhere(email: string): Promise<void> {
  const other = await context.newPage();
  other.setDefaultTimeout(STEP_MS);
  await signIn(other, email);
  await other.close();
  await page.bringToFront();
}

test(
  "the end of a session leads to the sign-in also where the files of the page are gone",
  async () => {
    let asked = 0;
    await page.route(/\/assets\/session-end-/, (route) => {
      asked += 1;
      return route.fulfill({ status: 404, body: "" });
    });
    await page.goto(`${url}/c/service`);
    await page.getByRole("link", { name: "Shop" }).waitFor();
    await context.clearCookies();
    await page.getByRole("searchbox", { name: "Search by title or identifier" }).fill("sh");
    await expect.poll(() => new URL(page.url()).pathname, SOON).toBe("/login");
    expect(asked).toBeGreaterThanOrEqual(1);
    expect(new URL(page.url()).searchParams.get("next")).toMatch(/^\/c\/service/);
    await page.getByRole("heading", { level: 1 }).waitFor();
    expect(await page.getByText("Shop").count()).toBe(0);
  },
  patient(60_000),
);
