import type { ApiClient, JsonObject } from "../client.ts";
import { CliError, exitCode, type ExitCode } from "../cli-error.ts";
import {
  applyBlueprints,
  type BlueprintChange,
  planBlueprints,
  storedBlueprints,
} from "../apply/apply-blueprints.ts";
import { applyEntities, describeFailure, type EntityChange, planEntities } from "../apply/apply-entities.ts";
import { applyScorecards, planScorecards, type ScorecardChange } from "../apply/apply-scorecards.ts";
import type { Difference } from "../apply/compare.ts";
import {
  type BlueprintDocument,
  type EntityDocument,
  place,
  type ScorecardDocument,
} from "../apply/document.ts";
import { readDocuments } from "../apply/read-documents.ts";
import type { Reporter } from "../reporter.ts";
import { plain } from "../style.ts";
import type { Output } from "./dora.ts";

export interface ApplyOptions {
  readonly file: readonly string[];
  readonly dryRun?: boolean;
  /** What a document omits is removed; else it stays. */
  readonly replace?: boolean;
}

export interface ApplyContext {
  readonly connect: () => Promise<ApiClient>;
  readonly reporter: Reporter;
  readonly output: Output;
}

const SHOWN_DIFFERENCES = 20;
const SHOWN_FAILURES = 20;
const MAX_VALUE = 60;

/** `fairway apply -f FILE|DIR`: writes what differs from the files, and only that. 0, or 4 when rows were refused. */
export async function applyCommand(options: ApplyOptions, context: ApplyContext): Promise<ExitCode> {
  const { output, reporter } = context;
  const replace = options.replace === true;
  const documents = await readDocuments(options.file);
  const blueprints = documents.filter((document) => document.kind === "blueprint");
  const scorecards = documents.filter((document) => document.kind === "scorecard");
  const entities = documents.filter((document) => document.kind === "entity");
  const client = await context.connect();
  const stored = await storedBlueprints(client);
  requireBlueprints(blueprints, [...scorecards, ...entities], stored);

  const blueprintChanges = planBlueprints(blueprints, stored, replace);
  const scorecardChanges = await planScorecards(client, scorecards, replace);
  reporter.phase("comparing", entities.length);
  const entityChanges = await planEntities(client, entities, stored, replace, (done) =>
    reporter.progress(done),
  );
  reporter.done();
  const changes = [...blueprintChanges, ...scorecardChanges, ...entityChanges];
  if (!output.json) for (const change of changes) printChange(change, output);

  const failures = [];
  if (options.dryRun !== true) {
    reporter.phase("blueprints", blueprintChanges.filter(({ action }) => action !== "keep").length);
    let done = 0;
    await applyBlueprints(client, blueprintChanges, replace, () => reporter.progress((done += 1)));
    reporter.phase("scorecards", scorecardChanges.filter(({ action }) => action !== "keep").length);
    let scored = 0;
    await applyScorecards(client, scorecardChanges, replace, () => reporter.progress((scored += 1)));
    reporter.phase("entities", entityChanges.filter(({ action }) => action !== "keep").length);
    const all = new Map(stored);
    for (const { identifier, body } of blueprints) all.set(identifier, merged(stored.get(identifier), body));
    failures.push(
      ...(await applyEntities(client, entityChanges, all, replace, (done) => reporter.progress(done))),
    );
    reporter.done();
  }
  const refused = new Set(failures.map(({ blueprint, identifier }) => `${blueprint}/${identifier}`));
  const count = (action: string): number =>
    changes.filter((change) => change.action === action && !refused.has(nameOf(change))).length;
  const counts = {
    create: count("create"),
    change: count("change"),
    keep: count("keep"),
    failed: failures.length,
  };
  if (output.json)
    output.write(
      JSON.stringify(
        {
          ok: failures.length === 0,
          dryRun: options.dryRun === true,
          ...counts,
          changes: changes.map(asJson),
          failures,
        },
        null,
        2,
      ),
    );
  else {
    for (const failure of failures.slice(0, SHOWN_FAILURES))
      output.write(`! ${plain(describeFailure(failure))}`);
    if (failures.length > SHOWN_FAILURES) output.write(`… and ${failures.length - SHOWN_FAILURES} more`);
    output.write(summary(counts, options.dryRun === true));
  }
  return failures.length === 0 ? exitCode.ok : exitCode.partial;
}

/** Relations of the stored definition stay known when a document names only some of them. */
function merged(stored: JsonObject | undefined, body: JsonObject): JsonObject {
  return {
    ...stored,
    ...body,
    relations: { ...(stored?.["relations"] as object), ...(body["relations"] as object) },
  };
}

function requireBlueprints(
  blueprints: readonly BlueprintDocument[],
  others: readonly (EntityDocument | ScorecardDocument)[],
  stored: ReadonlyMap<string, JsonObject>,
): void {
  const declared = new Set(blueprints.map(({ identifier }) => identifier));
  const lost = others.find(({ blueprint }) => !declared.has(blueprint) && !stored.has(blueprint));
  if (lost !== undefined)
    throw new CliError(
      exitCode.failure,
      "not_found",
      `${place(lost.origin)}: the blueprint "${lost.blueprint}" of "${lost.identifier}" is neither in the portal nor in these files`,
    );
}

type Change = BlueprintChange | ScorecardChange | EntityChange;

function nameOf({ document }: Change): string {
  if (document.kind === "blueprint") return `blueprint ${document.identifier}`;
  const name = `${document.blueprint}/${document.identifier}`;
  return document.kind === "scorecard" ? `scorecard ${name}` : name;
}

function printChange(change: Change, output: Output): void {
  if (change.action === "keep") return;
  output.write(`${change.action === "create" ? "+" : "~"} ${plain(nameOf(change))}`);
  for (const { path, before, after } of change.differences.slice(0, SHOWN_DIFFERENCES))
    output.write(`    ${plain(path)}: ${short(before)} → ${short(after)}`);
  if (change.differences.length > SHOWN_DIFFERENCES)
    output.write(`    … and ${change.differences.length - SHOWN_DIFFERENCES} more`);
}

function short(value: unknown): string {
  const text = value === undefined ? "(nothing)" : JSON.stringify(value);
  return plain(text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text);
}

function asJson(change: Change): object {
  const { document, action, differences } = change;
  const { kind, identifier, origin } = document;
  const shown: readonly Difference[] = differences;
  return {
    kind,
    ...(document.kind === "blueprint" ? {} : { blueprint: document.blueprint }),
    identifier,
    action,
    differences: shown.map(({ path, before = null, after = null }) => ({ path, before, after })),
    file: origin.file,
    line: origin.line,
  };
}

function summary(
  { create, change, keep, failed }: { create: number; change: number; keep: number; failed: number },
  dryRun: boolean,
): string {
  const words = dryRun
    ? [`${create} to create`, `${change} to change`, `${keep} unchanged`]
    : [`${create} created`, `${change} changed`, `${keep} unchanged`];
  if (failed > 0) words.push(`${failed} refused`);
  return `${words.join(", ")}.${dryRun ? " Nothing was written." : ""}`;
}
