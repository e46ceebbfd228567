/**
 * Every row of the portal's feature table on the demo data, as somebody walks it who looks around; then every screen in
 * both themes. `features.ts` says which walk is of which row.
 */
import { afterAll, beforeAll, test } from "vitest";
import { startReceiver, type Receiver } from "../automation/receiver.ts";
import { loadPartOfDemo } from "./support/part-of-demo.ts";
import { usePortal } from "./support/portal.ts";
import { walkAct } from "./walks/act.ts";
import { walkExplore } from "./walks/explore.ts";
import { walkScreens } from "./walks/screens.ts";
import { SOON } from "../support/patience.ts";

const portal = usePortal();
let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver?.close());

/** `WALK_DEMO=whole`: all of it, by the button. */
const isWhole = process.env["WALK_DEMO"] === "whole";

test("Login / onboarding: demo data is loaded while the start page is open, and leads to its numbers", async () => {
  const { page, rail, server } = portal;
  await page.getByRole("heading", { level: 1, name: "Welcome to Fairway" }).waitFor();
  const button = page.getByRole("button", { name: "Load demo data" });
  await button.waitFor();
  if (isWhole) {
    await button.click();
    await page.getByRole("progressbar", { name: "Loading demo data" }).waitFor();
    await page.waitForURL((url) => url.pathname === "/dora", { timeout: 600_000 });
  } else {
    await loadPartOfDemo(server);
    await page.getByText(/^The first data is coming in/).waitFor();
    await rail.getByRole("link", { name: "DORA metrics" }).click();
  }
  await page.locator("[data-metric=deploymentFrequency]").waitFor(SOON);
}, 700_000);

walkExplore(portal);
walkAct(portal, () => receiver);
walkScreens(portal);
