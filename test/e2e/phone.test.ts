/** On a phone: the tab at hand is in sight, filters leave room for numbers, long texts stay in their cards. */
import type { Locator } from "playwright-core";
import { beforeEach, expect, test } from "vitest";
import { patient, SOON } from "../support/patience.ts";
import { expectGoodState } from "./support/browser.ts";
import { usePortal } from "./support/portal.ts";

const PHONE = { width: 390, height: 844 };

const portal = usePortal(async (server) => {
  await server.post("/v1/blueprints", {
    ...{ identifier: "service", title: "Service" },
    schema: { properties: { tier: { type: "string", title: "Tier" } } },
  });
  await server.post("/v1/blueprints/service/entities", { identifier: "shop", title: "Shop" });
});
beforeEach(() => portal.page.setViewportSize(PHONE));

/** Whether all of it is between the edges of what scrolls. */
const isInSight = (link: Locator): Promise<boolean> =>
  link.evaluate((element) => {
    const { left, right } = element.getBoundingClientRect();
    const strip = element.closest("nav")?.getBoundingClientRect();
    return strip !== undefined && left >= strip.left - 1 && right <= strip.right + 1;
  });

const hasFocus = (control: Locator): Promise<boolean> =>
  control.evaluate((element) => element === document.activeElement);

test("the tab at hand is in sight when the page comes, and after the phone is turned", async () => {
  const { page, open } = portal;
  await open("/c/service/shop?tab=json");
  const link = page
    .getByRole("navigation", { name: "Parts of this entity" })
    .getByRole("link", { name: "JSON" });
  await link.waitFor();
  await expect.poll(() => isInSight(link), SOON).toBe(true);
  await page.setViewportSize({ width: 1280, height: 844 });
  await expect.poll(() => isInSight(link), SOON).toBe(true);
  await page.setViewportSize(PHONE);
  await expect.poll(() => isInSight(link), SOON).toBe(true);
});

test(
  "the filters of DORA are behind one button, and what is chosen is beside it",
  async () => {
    const { page, open, choose } = portal;
    await open("/dora");
    const filters = page.getByRole("search", { name: "Filters" });
    await filters.getByRole("button", { name: "Filters", exact: true }).click();
    const form = page.getByRole("dialog", { name: "Filters" });
    await choose("Window", "Last 30 days", form);
    await page.waitForURL(/last=30d/);
    await expectGoodState(page, "dora-filters");
    await page.keyboard.press("Escape");
    await form.waitFor({ state: "detached" });
    await filters.getByRole("button", { name: "Filters (1)" }).waitFor();
    await filters.getByRole("button", { name: "Remove filter Last 30 days" }).click();
    const button = filters.getByRole("button", { name: "Filters", exact: true });
    await button.waitFor();
    expect(new URL(page.url()).searchParams.get("last")).toBeNull();
    await expect.poll(() => hasFocus(button), SOON).toBe(true);

    await open("/dora?last=30d&grain=day");
    await filters.getByRole("button", { name: "Remove filter Last 30 days" }).click();
    const next = filters.getByRole("button", { name: "Remove filter By day" });
    await expect.poll(() => hasFocus(next), SOON).toBe(true);
  },
  patient(60_000),
);

test(
  "the filters stay open on a very small screen, where their button is out of sight",
  async () => {
    const { page, open } = portal;
    await page.setViewportSize({ width: 320, height: 256 });
    await open("/dora");
    const filters = page.getByRole("search", { name: "Filters" });
    await filters.getByRole("button", { name: "Filters", exact: true }).click();
    const form = page.getByRole("dialog", { name: "Filters" });
    await form.getByRole("switch", { name: "Compare with previous window" }).uncheck();
    await page.waitForURL(/cmp=none/);
    expect(await form.isVisible()).toBe(true);
  },
  patient(60_000),
);

test(
  "the list of incidents that is shown is among the filters that are chosen",
  async () => {
    const { page, open } = portal;
    await open("/dora/incidents?scope=service:shop&show=all");
    const filters = page.getByRole("search", { name: "Filters" });
    await filters.getByRole("button", { name: "Filters (2)" }).waitFor();
    await filters.getByRole("button", { name: "Remove filter Shop", exact: true }).click();
    await filters.getByRole("button", { name: "Remove filter All incidents" }).click();
    await filters.getByRole("button", { name: "Filters", exact: true }).waitFor();
    expect(new URL(page.url()).searchParams.get("show")).toBeNull();
  },
  patient(60_000),
);

test("who asks to delete from a menu and thinks better of it is back at the menu's button", async () => {
  const { page, open } = portal;
  await open("/c/service/shop");
  const button = page.getByRole("button", { name: "Actions for Shop" });
  await button.click();
  await page.getByRole("menuitem", { name: /^Delete/ }).click();
  const question = page.getByRole("dialog");
  await question.waitFor();
  await page.keyboard.press("Escape");
  await question.waitFor({ state: "detached" });
  await expect.poll(() => hasFocus(button), SOON).toBe(true);
});

test("who may do what with entities is one table, read by its words too", async () => {
  const { page, open, server } = portal;
  await server.send("PATCH", "/v1/blueprints/service/permissions", {
    entities: {
      register: { roles: ["Admin"], teams: [], users: ["ada@example.com"] },
      read: { roles: [], teams: ["red"] },
    },
  });
  await open("/builder/service?tab=permissions");
  const table = page.getByRole("region", { name: "Who may do what, table" });
  await table.getByRole("row", { name: "Administrators and moderators Yes Yes Yes Yes" }).waitFor();
  for (const name of ["Every member No No No No", "Team red No No No Yes", "ada@example.com Yes No No Yes"])
    await table.getByRole("row", { name, exact: true }).waitFor();
  await expectGoodState(page, "permissions");
});

test("the menu fits the screen, and makes what is made in the rail of a wide one", async () => {
  const { page, open } = portal;
  await open("/");
  await page.getByRole("button", { name: "Menu", exact: true }).click();
  const settings = page.getByRole("menuitem", { name: "Settings" });
  await settings.scrollIntoViewIfNeeded();
  await settings.waitFor();
  const box = await page.getByRole("menu").boundingBox();
  expect((box?.y ?? 0) + (box?.height ?? Infinity)).toBeLessThanOrEqual(PHONE.height);
  await page.getByRole("menuitem", { name: "New folder" }).click();
  await page.getByRole("dialog", { name: "New folder" }).waitFor();
  await expectGoodState(page, "phone-new-folder");
  await page.keyboard.press("Escape");
});
