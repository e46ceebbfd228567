/** Entities made, edited, related, judged by scorecards and initiatives, and deleted. */
import { expect, test } from "vitest";
import { expectGoodState } from "../support/browser.ts";
import type { Portal } from "../support/portal.ts";
import { readCatalog, SERVICES } from "./read-catalog.ts";
import { SOON } from "../../support/patience.ts";

export function walkEntities(portal: Portal): void {
  const { search, status } = readCatalog(portal);

  test("an entity is created with a form made from its blueprint; what the API refuses is said", async () => {
    const { page, server } = portal;
    await page.goto(`${server.url}/c/component`);
    await page.getByRole("button", { name: "New Component", exact: true }).click();
    const form = page.getByRole("dialog", { name: "New Component" });
    await form.getByLabel("Identifier").fill("not allowed #");
    await form.getByLabel("Title").fill("Brand new");
    await form.getByRole("combobox", { name: "Tier" }).click();
    await page.getByRole("option", { name: "silver" }).click();
    await form.getByLabel("Replicas").fill("12.5");
    await form.getByRole("combobox", { name: "Squad" }).fill("Red");
    await page.getByRole("option", { name: "Red squad (red)" }).click();
    await expectGoodState(page, "entity-form");
    await form.getByRole("button", { name: "Create" }).click();
    await form.getByRole("alert").getByText("identifier").waitFor();
    await form.getByLabel("Identifier").fill("brand-new");
    await form.getByRole("button", { name: "Create" }).click();
    await page.getByRole("heading", { level: 1, name: "Brand new" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/c/component/brand-new");
    const { entity } = await server.get<{ entity: object }>("/v1/blueprints/component/entities/brand-new");
    expect(entity).toMatchObject({
      title: "Brand new",
      properties: { tier: "silver", replicas: 12.5 },
      relations: { squad: "red" },
    });
    await expectGoodState(page, "entity");
  });

  test("an edit sends what was changed; the audit log shows it", async () => {
    const { page, server } = portal;
    await page.getByRole("button", { name: "Edit", exact: true }).click();
    const form = page.getByRole("dialog", { name: "Edit Brand new" });
    await form.getByText("Nothing is changed.").waitFor();
    await form.getByLabel("Labels").fill("{oops");
    expect(await form.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
    await form.getByLabel("Labels").fill('{"a": 1}');
    await form.getByLabel("Replicas").fill("");
    await form.getByRole("button", { name: "Save" }).click();
    await form.waitFor({ state: "detached" });
    const { entity } = await server.get<{ entity: { properties: object } }>(
      "/v1/blueprints/component/entities/brand-new",
    );
    expect(entity.properties).toMatchObject({ tier: "silver", replicas: null, labels: { a: 1 } });
    await page
      .getByRole("navigation", { name: "Parts of this entity" })
      .getByRole("link", { name: "Audit log" })
      .click();
    await page
      .getByRole("listitem")
      .filter({ hasText: "Changed" })
      .getByRole("row", { name: "Replicas 12.5" })
      .waitFor();
    expect(search()).toEqual({ tab: "audit" });
    await expectGoodState(page, "entity-audit");
  });

  test("related entities are listed in both directions", async () => {
    const { page, server } = portal;
    await page.goto(`${server.url}/c/squad/red?tab=related`);
    await page.getByRole("heading", { name: "Component 151" }).waitFor();
    await page.getByRole("link", { name: "Open as table" }).waitFor();
    await page.getByRole("columnheader", { name: "Title" }).getByRole("button").click();
    await page.getByRole("link", { name: "Component 0", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Component 0" }).waitFor();
    await page.getByRole("link", { name: "Related entities" }).click();
    await page.getByRole("region", { name: "Squad" }).getByRole("link", { name: "red" }).waitFor();
  });

  test("a scorecard is made by its form; who fails a rule is listed, and an entity says what its next level needs", async () => {
    const { page } = portal;
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Scorecards" }).click();
    await page.getByRole("button", { name: "Create the first" }).click();
    const form = page.getByRole("dialog", { name: "New scorecard" });
    await form.getByLabel("About the entities of").click();
    await page.getByRole("option", { name: "Component" }).click();
    await form.getByLabel("Title").fill("Ready");
    await form.getByRole("button", { name: "Rule", exact: true }).click();
    const rule = form.getByRole("group", { name: "Rule 1 of the scorecard" });
    await rule.getByLabel("Rule", { exact: true }).fill("Runs more than once");
    await rule.getByLabel("Property").click();
    await page.getByRole("option", { name: "Replicas" }).click();
    await rule.getByLabel("Comparison").click();
    await page.getByRole("option", { name: ">", exact: true }).click();
    await rule.getByLabel("Value").fill("900");
    await expectGoodState(page, "scorecard-form");
    await form.getByRole("button", { name: "Create" }).click();
    await page.getByRole("heading", { level: 1, name: "Ready" }).waitFor();
    await page.getByText(/40[23] fail \(\d without data\), 48 pass/).waitFor(SOON);
    await page.getByText("Runs more than once").click();
    await expectGoodState(page, "scorecard");
    await page.getByRole("link", { name: "Component 3", exact: true }).click();
    await page.getByText("One rule to Bronze: Runs more than once.").waitFor();
    await expectGoodState(page, "entity-scorecards");
  });

  test("an initiative is made by its form, refused with a reason, and its page says who is not there yet", async () => {
    const { page, server } = portal;
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Scorecards" }).click();
    await page.getByRole("link", { name: "Initiatives", exact: true }).click();
    await page.getByRole("button", { name: "Create the first" }).click();
    const form = page.getByRole("dialog", { name: "New initiative" });
    await form.getByLabel("Title").fill("Bronze for all");
    await form.getByRole("combobox", { name: "Scorecard" }).click();
    await page.getByRole("option", { name: "Ready (Component)" }).click();
    await form.getByRole("combobox", { name: "To be reached" }).click();
    await page.getByRole("option", { name: "Level Bronze" }).click();
    await form.getByText(/^It is about all 45[01] entities of the scorecard\.$/).waitFor();
    await form.getByRole("textbox", { name: "Due", exact: true }).fill("2031-03-31");
    await form.getByRole("button", { name: "Create" }).click();
    await form.getByText(/must say who answers for it/).waitFor();
    const { users } = await server.get<{ users: { email: string }[] }>("/v1/users");
    await form.getByLabel("Owner", { exact: true }).fill(users[0]?.email ?? "");
    await form.getByRole("button", { name: "Create" }).click();
    await page.getByRole("link", { name: "Bronze for all" }).click();
    await page.getByText(/48 of 45[01]/).waitFor();
    await page.getByRole("link", { name: "Component 3", exact: true }).waitFor();
    await expectGoodState(page, "initiative");
  });

  test("deleting asks for the identifier, and says what stands against it", async () => {
    const { page, server } = portal;
    await page.goto(`${server.url}/c/squad/red`);
    await page.getByRole("button", { name: "Actions for Red squad" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    const dialog = page.getByRole("dialog", { name: "Delete Red squad?" });
    expect(await dialog.getByRole("button", { name: "Delete" }).isDisabled()).toBe(true);
    await expectGoodState(page, "entity-delete");
    await page.keyboard.press("Escape");
    await page.goto(`${server.url}/c/component/brand-new`);
    await page.getByRole("button", { name: /^Actions for / }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await page.getByRole("dialog").getByRole("textbox", { name: "Identifier" }).fill("brand-new");
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.getByRole("heading", { level: 1, name: "Components" }).waitFor();
    await status(`${SERVICES} entities`);
    await page.goto(`${server.url}/c/component/brand-new`);
    await page.getByText("“brand-new” isn’t there, or you may not see it.").waitFor();
    await page.getByRole("link", { name: "All of Component" }).waitFor();
  });
}
