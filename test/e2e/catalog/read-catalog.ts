/** What the tests of the catalog have in it, and what they read from its pages. */
import type { Portal } from "../support/portal.ts";
import type { TestServer } from "../support/server.ts";

export const SERVICES = 450;

interface Reading {
  /** What the address asks for. */
  readonly search: () => Record<string, string>;
  /** The rows that are drawn. */
  readonly titles: () => Promise<string[]>;
  /** Waits until the page says so. */
  readonly status: (text: string) => Promise<unknown>;
}

export const readCatalog = (portal: Portal): Reading => ({
  search: () => Object.fromEntries(new URL(portal.page.url()).searchParams),
  titles: () => portal.page.getByRole("rowheader").allTextContents(),
  status: (text) => portal.page.getByRole("status").getByText(text, { exact: true }).waitFor(),
});

export async function fillCatalog(server: TestServer): Promise<void> {
  await server.post("/v1/blueprints", {
    identifier: "squad",
    title: "Squad",
    schema: { properties: { channel: { type: "string" } } },
  });
  await server.post("/v1/blueprints", {
    identifier: "component",
    title: "Component",
    schema: {
      properties: {
        tier: {
          type: "string",
          title: "Tier",
          enum: ["gold", "silver", "bronze"],
          enumColors: { gold: "gold", silver: "silver", bronze: "bronze" },
        },
        replicas: { type: "number", title: "Replicas" },
        critical: { type: "boolean", title: "Critical" },
        languages: { type: "array", title: "Languages", items: { type: "string" } },
        docs: { type: "string", format: "url", title: "Docs" },
        labels: { type: "object", title: "Labels" },
      },
      required: ["tier"],
    },
    relations: { squad: { target: "squad", title: "Squad" } },
  });
  await server.post("/v1/blueprints/squad/entities", { identifier: "red", title: "Red squad" });
  await server.post("/v1/blueprints/squad/entities", { identifier: "blue", title: "Blue squad" });
  await server.post("/v1/blueprints/component/entities/bulk", {
    entities: Array.from({ length: SERVICES }, (_, index) => ({
      identifier: `component-${String(index).padStart(3, "0")}`,
      title: `Component ${index}`,
      properties: {
        tier: ["gold", "silver", "bronze"][index % 3],
        replicas: index === 7 ? undefined : (index * 37) % 1000,
        critical: index % 2 === 0,
        languages: index % 5 === 0 ? ["go", "sql"] : ["ts"],
        docs: `https://docs.example.com/${index}`,
      },
      relations: { squad: index % 3 === 0 ? "red" : "blue" },
    })),
  });
}
