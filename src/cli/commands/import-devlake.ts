import type { ApiClient, JsonObject } from "../client.ts";
import { CliError, exitCode, type ExitCode } from "../cli-error.ts";
import { usageError } from "../cli-error.ts";
import { asObject } from "../dora-answer.ts";
import { DevlakeImport, findTables } from "../devlake/import-folder.ts";
import type { DevlakeService } from "../devlake/scopes.ts";
import { ensureBlueprint, ensureCatalog, findService, refuseForeign } from "../import/catalog-setup.ts";
import { waitSettled } from "../import/import-summary.ts";
import { repositoryLinks } from "../import/links.ts";
import { rowErrors } from "../import/send-rows.ts";
import { plain } from "../style.ts";
import type { ImportContext } from "./import-git.ts";

export interface DevlakeOptions {
  readonly by?: string;
  readonly wait: boolean;
}

/** `fairway import devlake DIR`: 0, or 4 when some rows were refused. */
export async function importDevlakeCommand(
  folder: string,
  { by = "repository", wait }: DevlakeOptions,
  { connect, reporter, output, signal }: ImportContext,
): Promise<ExitCode> {
  if (by !== "repository" && by !== "project")
    throw usageError(`--by ${by}: services are told by repository or project`);
  const tables = await findTables(folder);
  const client = await connect();
  const shape = await ensureCatalog(client);
  if (tables.has("incidents") || tables.has("issues")) await ensureIncidents(client);
  const errors = rowErrors();
  const started = performance.now();
  const run = new DevlakeImport(
    client,
    folder,
    tables,
    { byProject: by === "project" },
    { errors, reporter },
  );
  const outcome = await run.run(shape, (service) => ensureService(client, service));
  const seconds = (performance.now() - started) / 1000;
  const settled = wait ? await waitSettled(client, reporter, signal) : null;
  const { sent, services, leftOut } = outcome;
  if (output.json) {
    const rest = { services: [...services.keys()].sort(), leftOut: Object.fromEntries(leftOut) };
    const refused = { count: errors.count, first: errors.first };
    output.write(
      JSON.stringify({ ok: errors.count === 0, sent, ...rest, errors: refused, settled }, null, 2),
    );
    return errors.count === 0 ? exitCode.ok : exitCode.partial;
  }
  const count = (value: number): string => value.toLocaleString("en-US");
  output.write(
    `Sent ${count(sent.commit)} commits, ${count(sent.change)} changes, ${count(sent.deployment)} deployments and ${count(sent.incident)} incidents of ${count(services.size)} services in ${seconds.toFixed(1)} s.`,
  );
  for (const [reason, n] of leftOut) output.write(`Left out: ${count(n)} ${plain(reason)}.`);
  if (settled === false) output.write("The server is still computing.");
  if (services.size > 0) output.write("fairway dora --blueprint service shows the numbers.");
  if (errors.count > 0) output.write(`${count(errors.count)} rows were refused:`);
  for (const { kind, id, message } of errors.first) output.write(`  ${id} (${kind}): ${plain(message)}`);
  if (errors.count > errors.first.length) output.write(`  … and ${errors.count - errors.first.length} more`);
  return errors.count === 0 ? exitCode.ok : exitCode.partial;
}

/** The blueprint of incidents as the template of DevLake's webhooks has it: both write the same entities. */
async function ensureIncidents(client: ApiClient): Promise<void> {
  const { templates } = await client.get("/v1/webhooks/templates");
  const template = (Array.isArray(templates) ? templates : [])
    .map(asObject)
    .find(({ id }) => id === "devlake");
  const blueprints = Array.isArray(template?.["blueprints"]) ? template["blueprints"].map(asObject) : [];
  const incident = blueprints.find(({ identifier }) => identifier === "devlakeIncident");
  if (incident === undefined)
    throw new CliError(
      exitCode.failure,
      "outdated",
      "the server does not know DevLake's incidents: update it",
    );
  await ensureBlueprint(client, incident as JsonObject & Parameters<typeof ensureBlueprint>[1]);
}

async function ensureService(client: ApiClient, service: DevlakeService): Promise<void> {
  const { identifier, title, repository } = service;
  const existing = await findService(client, identifier);
  if (repository !== null) refuseForeign({ title }, existing, repository);
  const url = repository === null ? null : repositoryLinks(repository).repository;
  await client.post("/v1/blueprints/service/entities?upsert=true&merge=true", {
    identifier,
    ...(existing === null && { title }),
    properties: { ...(repository !== null && { repository }), ...(url !== null && { url }) },
  });
}
