/** Every address that the router knows, looked at by axe in both themes. */
import { expect, test } from "vitest";
import { violationsInBothThemes } from "../support/browser.ts";
import type { Portal } from "../support/portal.ts";
import { makeScreenIds } from "../support/screen-ids.ts";
import { SCREENS } from "../support/screens.ts";
import { patient } from "../../support/patience.ts";

export function walkScreens(portal: Portal): void {
  test(
    "every screen of the router, in both themes: axe finds nothing",
    async () => {
      const { page, server } = portal;
      const ids = await makeScreenIds(server);
      const found: Record<string, readonly string[]> = {};
      for (const [path, addressOf] of Object.entries(SCREENS)) {
        await page.goto(server.url + addressOf(ids));
        await page.getByRole("heading", { level: 1 }).waitFor();
        const violations = await violationsInBothThemes(page);
        if (violations.length > 0) found[path] = violations;
      }
      expect(found).toEqual({});
    },
    patient(300_000),
  );
}
