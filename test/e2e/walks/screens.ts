/** Every address that the router knows, looked at by axe in both themes. */
import { expect, test } from "vitest";
import { violationsInBothThemes } from "../support/browser.ts";
import type { Portal } from "../support/portal.ts";
import { SCREENS } from "../support/screens.ts";

export function walkScreens(portal: Portal): void {
  test("every screen of the router, in both themes: axe finds nothing", async () => {
    const { page, server } = portal;
    const { runs } = await server.get<{ runs: readonly { id: string }[] }>("/v1/actions/runs");
    const { integration } = await server.post<{ integration: { identifier: string } }>("/v1/webhooks", {
      ...{ title: "Looked at", enabled: true, mappings: [] },
    });
    const { dataSource } = await server.post<{ dataSource: { id: string } }>("/v1/data-sources", {
      // Nobody is there: how a source that cannot be reached looks.
      ...{ type: "github", settings: { owner: "acme", token: "none", apiUrl: `${server.url}/nowhere` } },
    });
    const { users } = await server.get<{ users: readonly { email: string }[] }>("/v1/users");
    await server.post("/v1/initiatives", {
      ...{ identifier: "named", title: "Languages are named", blueprint: "service", scorecard: "described" },
      ...{ level: "Silver", dueDate: "2031-03-31", owner: users[0]?.email ?? "" },
    });
    const ids = { run: runs[0]?.id ?? "", webhook: integration.identifier, source: dataSource.id };
    const found: Record<string, readonly string[]> = {};
    for (const [path, addressOf] of Object.entries(SCREENS)) {
      await page.goto(server.url + addressOf(ids));
      await page.getByRole("heading", { level: 1 }).waitFor();
      const violations = await violationsInBothThemes(page);
      if (violations.length > 0) found[path] = violations;
    }
    expect(found).toEqual({});
  }, 300_000);
}
