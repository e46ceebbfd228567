/**
 * The how-to for DORA metrics, click by click, in its own words: its JSON and YAML are pasted as it prints them. Where it
 * begins, repositories are connected already: services and pull requests have blueprints.
 */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { GithubServer } from "../integrations/github/github-server.ts";
import { PagerdutyServer } from "../integrations/pagerduty/pagerduty-server.ts";
import type { VendorServer } from "../integrations/vendor-server.ts";
import { PULL_REQUEST, SERVICE } from "../support/article-model.ts";
import { usePortal } from "./support/portal.ts";
import { SOON } from "../support/patience.ts";

const printed = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
const fragment = (name: string): string => printed(`fixtures/article/${name}.txt`);
const yaml = (name: string): string => printed(`../ingest/fixtures/seed/${name}.txt`);

const github = new GithubServer();
const pagerduty = new PagerdutyServer();
let vendors: readonly VendorServer[] = [];

const portal = usePortal(async (server) => {
  await server.post("/v1/blueprints", SERVICE);
  const toService = { target: "service", title: "Service", required: false, many: false };
  await server.post("/v1/blueprints", { ...PULL_REQUEST, relations: { service: toService } });
});

beforeAll(async () => {
  // A few of each: the how-to is about the steps, not the amounts.
  for (const repo of github.state.repos) {
    for (const list of [repo.pulls, repo.issues, repo.runs, repo.deployments, repo.commits, repo.tags])
      list.splice(3);
    // Its identifiers are made of names, and hold no blanks.
    for (const release of repo.releases) release["name"] = "Spring";
  }
  const { incidents = [] } = pagerduty.lists;
  // The last three are open.
  incidents.splice(0, incidents.length - 8);
  for (const incident of incidents)
    incident["service"] = { id: "PS1", type: "service_reference", summary: "shop" };
  vendors = [await github.start([]), await pagerduty.start([])];
});
afterAll(async () => {
  for (const vendor of vendors) await vendor.stop();
});

const properties = async (path: string): Promise<Record<string, unknown>> =>
  (await portal.server.get<{ entity: { properties: Record<string, unknown> } }>(`/v1/blueprints/${path}`))
    .entity.properties;

/** Opens the page of a blueprint and its document: the menu in the top-right corner, “Edit JSON”. */
async function editJson(title: string): Promise<string> {
  const { page, rail } = portal;
  await rail.getByRole("link", { name: "Data model" }).click();
  await page.getByRole("link", { name: title, exact: true }).first().click();
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
  await page.getByRole("button", { name: `Actions for ${title}` }).click();
  await page.getByRole("menuitem", { name: "Edit JSON" }).click();
  await page.getByText("Nothing is changed.").waitFor();
  const of = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  const { blueprint } = await portal.server.get<{ blueprint: object }>(`/v1/blueprints/${of}`);
  return JSON.stringify(blueprint, null, 2);
}

/** Puts fragments into an object of the document, behind its opening brace. */
const into = (document: string, key: string, ...fragments: readonly string[]): string => {
  const at = new RegExp(`"${key}": \\{(\\s*\\})?`).exec(document);
  if (at === null) throw new Error(`no ${key} in ${document}`);
  const text = fragments.map((one) => one.trim().replace(/,$/, "")).join(",\n");
  const isEmpty = at[1] !== undefined;
  const before = document.slice(0, at.index);
  return `${before}"${key}": {\n${text}${isEmpty ? "\n}" : ","}${document.slice(at.index + at[0].length)}`;
};

async function save(document: string): Promise<void> {
  const { page, paste } = portal;
  // What the server writes is no part of what is edited.
  const text = document.replace(/,?\s*"(created|updated)(At|By)": "[^"]*"/g, "");
  await paste("Blueprint as JSON", text);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Nothing is changed.").waitFor();
}

test("step 1: the data model: + Blueprint on the builder page, and the schema below", async () => {
  const { page, rail, dialog, paste } = portal;
  await rail.getByRole("link", { name: "Data model" }).click();
  await page.getByRole("button", { name: "Blueprint", exact: true }).click();
  await dialog.getByLabel("Title").fill("deployment");
  await dialog.getByRole("button", { name: "Edit JSON" }).click();
  await paste("Blueprint as JSON", fragment("deployment"));
  await dialog.getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { level: 1, name: "Deployment" }).waitFor();
  await page
    .getByRole("row", { name: /^Lead Time \(Hours\) leadTimeHours pullRequest\.leadTimeHours/ })
    .waitFor();
  await page.getByRole("row", { name: /^Pull Request pullRequest .*[Pp]ull ?[Rr]equest one/ }).waitFor();
});

test("step 2: releases as deployments: the configuration below goes to the data sources page, GitHub", async () => {
  const { page, rail } = portal;
  await rail.getByRole("link", { name: "Data sources" }).click();
  await page
    .getByRole("link", { name: /^GitHub / })
    .first()
    .click();
  await page.getByLabel("Organisation or user").fill("acme");
  await page.getByLabel("Repositories").fill("shop");
  await page.getByLabel("API address").fill(vendors[0]?.url ?? "");
  await page.getByLabel("Token", { exact: true }).fill(github.settings("")["token"] ?? "");
  await page.getByRole("button", { name: "Connect" }).click();
  await page.getByRole("heading", { level: 1, name: "GitHub" }).waitFor();
  await page.getByText("Up to date").waitFor(SOON);

  const editor = page.getByRole("textbox", { name: "Mapping as YAML" });
  await editor.click();
  await page.keyboard.press("Control+End");
  // As printed, `selector` stands too deep: the line is named, and what to do.
  await page.keyboard.insertText(yaml("release-as-printed"));
  await page.getByRole("button", { name: "Save the mapping" }).click();
  await page
    .getByRole("alert")
    .getByText(/put `selector` in column 3/)
    .waitFor();
  await editor.click();
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText(yaml("release"));
  await page.getByRole("button", { name: "Save the mapping" }).click();
  await expect
    .poll(async () => {
      const path = "deployment/entities/Spring-v1.2.0";
      return properties(path).catch(() => null);
    }, SOON)
    .toMatchObject({ environment: "Production", deploymentStatus: "Success" });
  await page.getByText("Up to date").waitFor(SOON);
});

test("step 2, custom API: a deployment by one request finds its service by title", async () => {
  const { page, rail, server } = portal;
  await server.post("/v1/blueprints/deployment/entities?upsert=true&merge=true", {
    ...{ identifier: "custom-deployment-1234", title: "Custom Deployment for ID 1234" },
    properties: {
      ...{ environment: "Production", createdAt: "2024-09-01T12:00:00Z", deploymentStatus: "Success" },
    },
    relations: {
      service: { combinator: "and", rules: [{ property: "$title", operator: "=", value: "shop" }] },
    },
  });
  await rail.getByRole("link", { name: "Deployments", exact: true }).click();
  await page.getByRole("searchbox").fill("custom");
  await page
    .getByRole("row")
    .filter({ hasText: "Custom Deployment for ID 1234" })
    .getByText("shop")
    .waitFor();
});

test("incidents: their properties, their relation to services, and the mapping of the PagerDuty data source", async () => {
  const { page, rail, paste } = portal;
  await rail.getByRole("link", { name: "Data sources" }).click();
  await page.getByRole("link", { name: /^PagerDuty users/ }).click();
  await page.getByLabel("API key").fill(pagerduty.settings("")["token"] ?? "");
  await page.getByLabel("API address").fill(vendors[1]?.url ?? "");
  await page.getByRole("button", { name: "Connect" }).click();
  await page.getByRole("heading", { level: 1, name: "PagerDuty" }).waitFor();
  await page.getByText("Up to date").waitFor(SOON);
  const source = page.url();

  const document = await editJson("PagerDuty incident");
  const relation = fragment("incident-relation").trim().slice(1, -1);
  // The blueprint that comes with the data source has these two already; what is written last counts.
  const bare = document.replaceAll(/"(resolvedAt|recoveryTime)": \{[^}]*\},?/g, "");
  await save(into(into(bare, "properties", fragment("incident-properties")), "relations", relation));

  await page.goto(source);
  await paste("Mapping as YAML", yaml("incidents"));
  await page.getByRole("button", { name: "Save the mapping" }).click();
  await expect
    .poll(async () => {
      const path = "/v1/blueprints/pagerdutyIncident/entities/PI313";
      return (await portal.server.get<{ entity: object }>(path)).entity;
    }, SOON)
    .toMatchObject({
      properties: { status: "resolved", recoveryTime: 90 },
      relations: { gitHubRepository: "shop" },
    });
});

test("aggregating: the options menu of the service blueprint, Edit JSON, and the properties as printed", async () => {
  const document = await editJson("Service");
  const aggregations = ["deployment-frequency", "lead-time", "failure-rate", "mttr"].map((name) =>
    fragment(`aggregation-${name}`),
  );
  const bare = document.includes('"aggregationProperties"')
    ? document
    : document.replace("{", '{\n"aggregationProperties": {},\n"calculationProperties": {},');
  await save(
    into(
      into(bare, "aggregationProperties", ...aggregations),
      "calculationProperties",
      fragment("calculation-failure-rate"),
    ),
  );
  await expect
    .poll(() => properties("service/entities/shop"), SOON)
    .toMatchObject({
      ...{ total_incidents: 8, mean_time_to_recovery: 5 * 90 },
      deployment_frequency: expect.any(Number) as number,
      changeFailureRate: expect.any(Number) as number,
    });
});

test("visualization: + New, New dashboard, + Widget, Number Chart, display single property, MTTR of a service", async () => {
  const { page, rail, dialog, choose } = portal;
  // Go to your software catalog.
  await rail.getByRole("link", { name: "Services", exact: true }).click();
  await rail.getByRole("button", { name: "New", exact: true }).click();
  await page.getByRole("menuitem", { name: "New dashboard" }).click();
  await dialog.getByLabel("Name").fill("DORA Metrics");
  await choose("Icon", "Metric");
  await dialog.getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { level: 1, name: "DORA Metrics" }).waitFor();
  await page.getByRole("button", { name: "Widget", exact: true }).click();
  await dialog.getByRole("button", { name: /^Number Chart/ }).click();
  await dialog.getByRole("textbox", { name: "Title", exact: true }).fill("MTTR of shop");
  await choose("Icon", "Clock", dialog);
  await choose("Chart type", /display single property/i, dialog);
  await choose("Blueprint", "Service", dialog);
  await choose("Entity", /shop/, dialog);
  await choose("Property", "Mean Time to Recovery", dialog);
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await dialog.waitFor({ state: "detached" });
  await page
    .getByRole("region", { name: "MTTR of shop" })
    .getByRole("link", { name: /^Mean Time to Recovery of shop: 450/ })
    .waitFor();
});
