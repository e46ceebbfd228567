/**
 * What each way to tell a deployment would find in a system, side by side, before one is chosen. Asks the system for a part
 * of its history and maps it as a run would; nothing is written.
 */
import { setImmediate as breathe } from "node:timers/promises";
import type { Connector, Session, Strategy } from "../../integrations/connector.ts";
import { invalid } from "../../model/error.ts";
import { isObject, type JsonObject, kindOf } from "../../model/json.ts";
import { compileIntegrationMapping, mapPayload } from "../mapping.ts";
import { Sampler } from "./sample-kinds.ts";

export interface PreviewInput {
  /** Null: all of the connector. */
  readonly strategies?: unknown;
  readonly days?: unknown;
}

const DAY_MS = 86_400_000;
const USUAL_DAYS = 90;
const MAX_DAYS = 730;
/** Pages of each kind: 4,000 objects or so, and less than a minute of most systems' limits. */
const MAX_PAGES = 40;
/** After this the preview tells what it has. */
const PATIENCE_MS = 25_000;
/** Mapping takes milliseconds; after so many objects others get their turn. */
const BREATHE_EVERY = 20;
const MAX_SERVICES = 50;
const MAX_EXAMPLES = 5;

/** One deployment as the mapping gives it. */
interface Found {
  readonly identifier: string;
  readonly service: string | null;
  readonly at: number;
  readonly environment: string;
  readonly isSuccess: boolean;
  readonly sha: string | null;
}

/** @throws AppError `invalid_request` naming the field */
export async function previewStrategies(
  connector: Connector,
  session: Session,
  input: PreviewInput,
  { chosen, now }: { readonly chosen: readonly string[]; readonly now: Date },
): Promise<JsonObject> {
  const days = readDays(input.days);
  const strategies = readStrategies(connector, input.strategies);
  const from = now.getTime() - days * DAY_MS;
  const window = { from: new Date(from).toISOString(), to: now.toISOString(), days };
  const started = Date.now();
  const sampler = new Sampler(connector, session, {
    ...{ pages: MAX_PAGES, until: started + PATIENCE_MS, since: window.from, clock: Date.now },
  });
  const previews: JsonObject[] = [];
  const together = new Map<string, Found>();
  for (const strategy of strategies) {
    const { found, undated, complete, messages } = await findDeployments(sampler, strategy, now);
    const inside = found.filter(({ at }) => at >= from && at < now.getTime());
    for (const one of inside) if (isChosenOf(strategy, chosen, input)) together.set(one.identifier, one);
    previews.push({
      ...{ id: strategy.id, title: strategy.title, isChosen: chosen.includes(strategy.id) },
      ...figures(inside, days),
      ...{ withoutTime: undated, complete, messages },
    });
  }
  const read = await sampler.all();
  const all = [...together.values()];
  return {
    window,
    strategies: previews,
    together: { deployments: all.length, sameCommit: repeated(all) },
    read: read.map(({ kind, objects, pages, complete, message }) => ({
      ...{ kind, objects: objects.length, pages, complete, message },
    })),
  };
}

/** Those asked for by name are counted together; else those that the data source has now. */
const isChosenOf = (strategy: Strategy, chosen: readonly string[], input: PreviewInput): boolean =>
  input.strategies !== undefined || chosen.includes(strategy.id);

/** The rules that make deployments; the others of a strategy bring what it needs. */
function kindsOfDeployments(strategy: Strategy): string[] {
  const kinds = strategy.resources.filter(isDeployment).map((resource) => String(resource["kind"]));
  return [...new Set(kinds)];
}

function isDeployment(resource: JsonObject): boolean {
  const port = isObject(resource["port"]) ? resource["port"] : {};
  const entity = isObject(port["entity"]) ? port["entity"] : {};
  const mappings = isObject(entity["mappings"]) ? entity["mappings"] : {};
  return mappings["blueprint"] === '"deployment"';
}

async function findDeployments(
  sampler: Sampler,
  strategy: Strategy,
  now: Date,
): Promise<{ found: Found[]; undated: number; complete: boolean; messages: string[] }> {
  const plan = compileIntegrationMapping({ resources: strategy.resources.filter(isDeployment) });
  const found = new Map<string, Found>();
  const messages = new Set<string>();
  let complete = true;
  let undated = 0;
  for (const kind of kindsOfDeployments(strategy)) {
    const sample = await sampler.sample(kind);
    complete &&= sample.complete;
    if (sample.message !== null) messages.add(`${kind}: ${sample.message}`);
    for (const [index, { payload }] of sample.objects.entries()) {
      if (index % BREATHE_EVERY === BREATHE_EVERY - 1) await breathe();
      const { entities, errors } = mapPayload(plan, kind, payload, { now });
      for (const { key, reason } of errors) messages.add(`${key}: ${reason}`);
      for (const { body } of entities) {
        const deployment = readDeployment(body);
        if (deployment === null) undated += 1;
        else found.set(deployment.identifier, deployment);
      }
    }
  }
  return { found: [...found.values()], undated, complete, messages: [...messages].slice(0, MAX_EXAMPLES) };
}

/** Null: without a time it is in no window. */
function readDeployment(body: JsonObject): Found | null {
  const properties = isObject(body["properties"]) ? body["properties"] : {};
  const relations = isObject(body["relations"]) ? body["relations"] : {};
  const at = Date.parse(String(properties["createdAt"]));
  if (Number.isNaN(at)) return null;
  const { service } = relations;
  const sha = properties["sha"];
  return {
    identifier: String(body["identifier"]),
    service: nameOf(service),
    at,
    environment: nameOf(properties["environment"]) ?? "Production",
    isSuccess: properties["deploymentStatus"] === "Success",
    sha: typeof sha === "string" ? sha : null,
  };
}

/** A relation may be a search. */
const nameOf = (value: unknown): string | null =>
  value === null || value === undefined ? null : typeof value === "string" ? value : JSON.stringify(value);

const perDay = (deployments: readonly Found[], days: number): number =>
  Math.round((deployments.filter(isCounted).length / days) * 10_000) / 10_000;

/** What deployment frequency counts. */
const isCounted = ({ isSuccess, environment }: Found): boolean => isSuccess && environment === "Production";

function figures(deployments: readonly Found[], days: number): JsonObject {
  const sorted = deployments.toSorted((a, b) => a.at - b.at);
  const time = (one: Found | undefined): string | null =>
    one === undefined ? null : new Date(one.at).toISOString();
  const failed = deployments.filter(({ isSuccess }) => !isSuccess).length;
  const services = Map.groupBy(deployments, ({ service }) => service);
  const environments = Map.groupBy(deployments, ({ environment }) => environment);
  return {
    ...{
      deployments: deployments.length,
      failed,
      withCommit: deployments.filter(({ sha }) => sha !== null).length,
    },
    environments: Object.fromEntries([...environments].map(([name, list]) => [name, list.length])),
    ...{ first: time(sorted[0]), last: time(sorted.at(-1)) },
    deploymentFrequency: {
      perDay: perDay(deployments, days),
      perWeek: Math.round(perDay(deployments, days) * 7 * 1000) / 1000,
    },
    services: [...services]
      .map(([service, list]) => ({ service, deployments: list.length, perDay: perDay(list, days) }))
      .toSorted((a, b) => b.deployments - a.deployments || ((a.service ?? "") < (b.service ?? "") ? -1 : 1))
      .slice(0, MAX_SERVICES),
    withoutService: deployments.filter(({ service }) => service === null).length,
    examples: sorted.slice(-MAX_EXAMPLES).map((one) => ({
      ...{ identifier: one.identifier, service: one.service, at: time(one), environment: one.environment },
      ...{ status: one.isSuccess ? "Success" : "Failed", sha: one.sha },
    })),
  };
}

/** Deployments that another one has the service, environment and commit of: two strategies tell of the same. */
function repeated(deployments: readonly Found[]): number {
  const known = deployments.filter(({ sha }) => sha !== null);
  const names = known.map(({ service, environment, sha }) => JSON.stringify([service, environment, sha]));
  return names.length - new Set(names).size;
}

function readDays(given: unknown): number {
  if (given === undefined || given === null) return USUAL_DAYS;
  if (typeof given !== "number" || !Number.isInteger(given) || given < 1 || given > MAX_DAYS)
    throw invalid(`days must be a whole number from 1 to ${MAX_DAYS}`);
  return given;
}

function readStrategies(connector: Connector, given: unknown): Strategy[] {
  const all = connector.strategies.filter(({ resources }) => resources.length > 0);
  if (given === undefined || given === null) return all;
  if (!Array.isArray(given) || given.some((one) => typeof one !== "string"))
    throw invalid(`strategies must be a list of texts, not ${kindOf(given)}`);
  return [...new Set(given as string[])].map((id) => {
    const found = connector.strategies.find((one) => one.id === id);
    if (found === undefined)
      throw invalid(
        `strategies: ${JSON.stringify(id.slice(0, 60))} is none of ${connector.strategies.map((one) => one.id).join(", ")}`,
      );
    return found;
  });
}
