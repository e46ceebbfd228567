/** The organisation of the demo data with the year of its first repository: seconds instead of half a minute and more. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "../../../src/cli/client.ts";
import {
  changeBody,
  demoBlueprints,
  deploymentBody,
  domainRows,
  serviceRelations,
  serviceRows,
  teamRows,
} from "../../../src/cli/demo/demo-rows.ts";
import { demoEnd, generateDemo } from "../../../src/cli/demo/generate-demo.ts";
import { ensureCatalog } from "../../../src/cli/import/catalog-setup.ts";
import type { TestServer } from "./server.ts";

const PER_REQUEST = 500;

export async function loadPartOfDemo(server: TestServer): Promise<void> {
  const credentials = JSON.parse(readFileSync(join(server.place.dataDir, "credentials.json"), "utf8")) as {
    clientId: string;
    clientSecret: string;
  };
  const client = createClient({ url: server.url, ...credentials });
  const send = async (blueprint: string, entities: readonly object[]): Promise<void> => {
    for (let at = 0; at < entities.length; at += PER_REQUEST)
      await client.post(`/v1/blueprints/${blueprint}/entities/bulk?upsert=true&merge=true`, {
        entities: entities.slice(at, at + PER_REQUEST),
      });
  };
  await ensureCatalog(client);
  for (const blueprint of demoBlueprints) await client.post("/v1/blueprints", blueprint);
  await client.patch("/v1/blueprints/service", { relations: serviceRelations });
  await send("domain", domainRows);
  await send("team", teamRows);
  await send("service", serviceRows);
  for (const { changes, deployments } of generateDemo(demoEnd(new Date()))) {
    await send("change", changes.map(changeBody));
    await send("deployment", deployments.map(deploymentBody));
    break;
  }
}
