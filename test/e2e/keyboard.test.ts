/**
 * Without a mouse: a blueprint, an aggregation, a dashboard, its rows, and an event that is done again. Wherever Tab
 * comes by, the focus is seen; what closes gives it back.
 */
import { expect, test } from "vitest";
import { expectFocus, expectFocusInDialog, focusOf, pick, reach } from "./support/keys.ts";
import { usePortal } from "./support/portal.ts";
import { SOON, patient } from "../support/patience.ts";

const mappings = (size: string) => [
  { blueprint: "release", entity: { identifier: ".body.id", properties: { size } } },
];
let pipeline = "";

const portal = usePortal(async (server) => {
  await server.post("/v1/blueprints", {
    ...{ identifier: "service", title: "Service" },
    schema: { properties: {} },
  });
  await server.post("/v1/blueprints", {
    ...{ identifier: "release", title: "Release" },
    schema: { properties: { size: { type: "number", title: "Size" } } },
    relations: { service: { target: "service", title: "Service" } },
  });
  await server.post("/v1/blueprints/service/entities", { identifier: "shop", title: "Shop" });
  for (const identifier of ["r1", "r2"])
    await server.post("/v1/blueprints/release/entities", { identifier, relations: { service: "shop" } });
  const { integration } = await server.post<{ integration: { identifier: string; url: string } }>(
    "/v1/webhooks",
    { title: "Pipeline", enabled: true, mappings: mappings(".body.size") },
  );
  pipeline = integration.identifier;
  await fetch(new URL(new URL(integration.url).pathname, server.url), {
    ...{ method: "POST", headers: { "content-type": "application/json" } },
    body: JSON.stringify({ id: "r3", size: "12" }),
  });
});

test(
  "by keyboard alone: a blueprint is created, an aggregation added, a dashboard built, its number opened, an event replayed",
  async () => {
    const { page, dialog, server } = portal;
    await page.addInitScript(() => {
      addEventListener("pointerdown", () => sessionStorage.setItem("pointer", "used"), { capture: true });
    });
    const type = (text: string) => page.keyboard.type(text);
    const press = (key: string) => page.keyboard.press(key);
    /** The page is there, and not what stands in its place while it loads. */
    const heading = async (name: string) => {
      await page.getByRole("heading", { level: 1, name }).waitFor();
      await expect.poll(() => page.locator("main [aria-busy=true]").count(), SOON).toBe(0);
    };
    // What was sent has failed; the mapping is mended since.
    const failed = `/v1/webhooks/${pipeline}/events?status=failed`;
    await expect
      .poll(async () => (await server.get<{ events: unknown[] }>(failed)).events.length, SOON)
      .toBe(1);
    await server.send("PATCH", `/v1/webhooks/${pipeline}`, { mappings: mappings(".body.size | tonumber") });
    await portal.open("/");
    await page.evaluate(() => sessionStorage.removeItem("pointer"));
    await page.getByRole("heading", { level: 1 }).waitFor();
    await press("Tab");
    await expectFocus(page, /^Skip to content$/);

    // A blueprint; a dialog that is closed gives the focus back to what opened it.
    await reach(page, /^Data model$/);
    await press("Enter");
    await heading("Data model");
    await reach(page, /^Blueprint$/);
    await press("Enter");
    await dialog.getByLabel("Title").waitFor();
    await press("Escape");
    await dialog.waitFor({ state: "detached" });
    await expectFocus(page, /^Blueprint$/);
    await press("Enter");
    await expectFocus(page, /^Title/);
    await type("Code freeze");
    await press("Enter");
    await heading("Code freeze");

    // An aggregation of services.
    await reach(page, /^Data model$/);
    await press("Enter");
    await heading("Data model");
    await reach(page, /^Service$/);
    await press("Enter");
    await heading("Service");
    await reach(page, /^Add aggregation property$/);
    await press("Enter");
    await expectFocus(page, /^Title/);
    await type("Releases");
    await reach(page, /^Blueprint to aggregate/);
    await pick(page, "Release");
    await dialog.getByRole("row", { name: "Shop 2" }).waitFor();
    await reach(page, /^Add$/);
    await press("Enter");
    await dialog.waitFor({ state: "detached" });
    await expectFocus(page, /^Add aggregation property$/);
    await page.getByRole("button", { name: "Releases", exact: true }).waitFor();

    // A dashboard with a number.
    await reach(page, /^New$/);
    await press("Enter");
    await page.getByRole("menuitem", { name: "New dashboard" }).waitFor();
    for (let i = 0; i < 5 && (await focusOf(page)).name !== "New dashboard"; i++) await press("ArrowDown");
    await press("Enter");
    await expectFocus(page, /^Name/);
    await type("Releases at a glance");
    await press("Enter");
    await heading("Releases at a glance");
    await reach(page, /^Widget$/);
    await press("Enter");
    await dialog.getByRole("button", { name: /^Number Chart/ }).waitFor();
    await expectFocusInDialog(page);
    await reach(page, /^Number Chart/);
    await press("Enter");
    await dialog.getByRole("textbox", { name: "Title", exact: true }).waitFor();
    await expectFocusInDialog(page);
    await reach(page, /^Title/);
    await type("All releases");
    await reach(page, /^Chart type/);
    await pick(page, "Count entities");
    await reach(page, /^Blueprint/);
    await pick(page, "Release");
    await reach(page, /^Add$/);
    await press("Enter");
    await dialog.waitFor({ state: "detached" });
    await expectFocus(page, /^Widget$/);

    // From the number to its rows.
    await reach(page, /^All releases: 2|^Releases?: 2/);
    await press("Enter");
    await page.getByRole("status").getByText("2 entities", { exact: true }).waitFor();

    // What a pipeline sent, and could not be read, is done again.
    await reach(page, /^Data sources$/);
    await press("Enter");
    await heading("Data sources");
    await reach(page, /^Pipeline$/);
    await press("Enter");
    await heading("Pipeline");
    await page.getByRole("button", { name: "Replay", exact: true }).waitFor();
    await reach(page, /^Replay$/);
    await press("Enter");
    await page.getByRole("region", { name: "Events" }).getByText("1 created").waitFor();
    // The button is gone with what it was for; the focus is not.
    await expectFocus(page, /^Events$/);
    expect(
      (await server.get<{ entity: { properties: object } }>("/v1/blueprints/release/entities/r3")).entity,
    ).toMatchObject({ properties: { size: 12 } });
    expect(await page.evaluate(() => sessionStorage.getItem("pointer"))).toBeNull();
  },
  patient(120_000),
);
