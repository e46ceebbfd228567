/** Deployments and incidents that come all the time: by requests and by events of a webhook, each writer in its own order. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Portal, portalAt } from "../../test/flows/support/portal.ts";

export const SERVICES = 4;
const WRITERS = 4;
const SENDERS = 2;
const COMMITS = 300;
const BEGINNING = Date.UTC(2026, 0, 1);
const MINUTES = 60_000;
/** Between two deployments of a writer; all of them are within `WINDOW`. */
const STEP_MINUTES = 7;
export const WINDOW = "from=2025-12-31T00:00:00Z&to=2026-04-01T00:00:00Z";
const LAST_STEP = Math.floor((80 * 24 * 60) / STEP_MINUTES);

const text = { type: "string" };
const time = { type: "string", format: "date-time" };

export const serviceOf = (n: number): string => `shop-${n % SERVICES}`;
const shaOf = (service: string, n: number): string =>
  `${service.slice(-1)}${(n % COMMITS).toString(16)}`.padStart(40, "0");
const at = (step: number, minutes = 0): string =>
  new Date(BEGINNING + ((step % LAST_STEP) * STEP_MINUTES + minutes) * MINUTES).toISOString();

/** Of an entity, as one value to compare; null: it is not there. */
export type Fact = string | null;

export interface Step {
  readonly sentAt: number;
  /** Infinity: not yet. */
  acknowledgedAt: number;
  /** Entities (`deployment/d-1`) as they are after it. */
  readonly after: ReadonlyMap<string, Fact>;
}

interface Body {
  readonly identifier: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly relations: { readonly service: string | readonly string[] };
}

/** @returns the key of the webhook */
export async function define(portal: Portal): Promise<string> {
  const blueprint = (identifier: string, properties: object, rest: object = {}): Promise<unknown> =>
    portal.send("POST", "/v1/blueprints", { identifier, title: identifier, schema: { properties }, ...rest });
  const service = (many: boolean): object => ({ relations: { service: { target: "service", many } } });
  await blueprint("service", { repository: text });
  const deployment = { createdAt: time, environment: text, deploymentStatus: text, sha: text };
  await blueprint("deployment", deployment, service(false));
  await blueprint("incident", { startedAt: time, resolvedAt: time }, service(true));
  await portal.send("PATCH", "/v1/blueprints/service", {
    aggregationProperties: Object.fromEntries(
      ["deployment", "incident"].map((target) => [
        `${target}s`,
        { title: target, target, calculationSpec: { calculationBy: "entities", func: "count" } },
      ]),
    ),
  });
  for (let n = 0; n < SERVICES; n += 1) {
    const [identifier, repository] = [serviceOf(n), `r-${n}`];
    const commits = Array.from({ length: COMMITS }, (_, k) => ({
      ...{ repository, sha: shaOf(identifier, k), parents: k === 0 ? [] : [shaOf(identifier, k - 1)] },
      ...{ author: "A <a@example.com>", authoredAt: at(k, -30), committedAt: at(k, -20), message: "m" },
    }));
    await portal.send("POST", "/v1/blueprints/service/entities", { identifier, properties: { repository } });
    await portal.send("POST", "/v1/dora/commits", { commits });
  }
  const properties = (...names: string[]): object =>
    Object.fromEntries(names.map((name) => [name, `.body.${name}`]));
  const hook = await portal.send("POST", "/v1/webhooks", {
    ...{ identifier: "cd", title: "CD", enabled: true },
    mappings: [
      {
        blueprint: "deployment",
        entity: {
          ...{ identifier: ".body.id", relations: { service: ".body.service" } },
          properties: properties("createdAt", "environment", "deploymentStatus", "sha"),
        },
      },
      {
        blueprint: "incident",
        entity: {
          ...{ identifier: ".body.id", relations: { service: "[.body.service]" } },
          properties: properties("startedAt", "resolvedAt"),
        },
      },
    ],
  });
  return (hook as { integration: { webhookKey: string } }).integration.webhookKey;
}

function deployment(identifier: string, n: number): Body {
  const service = serviceOf(n);
  return {
    identifier,
    properties: {
      ...{ createdAt: at(n), environment: "Production", sha: shaOf(service, n) },
      deploymentStatus: n % 7 === 0 ? "Failed" : "Success",
    },
    relations: { service },
  };
}

const incident = (identifier: string, n: number, isOver: boolean): Body => ({
  identifier,
  properties: { startedAt: at(n, 2), ...(isOver && { resolvedAt: at(n, 2 + (n % 50)) }) },
  relations: { service: [serviceOf(n)] },
});

/** As it is read from a portal, too. */
export function factOf({ properties, relations }: Omit<Body, "identifier">): string {
  const named = Object.entries({ ...properties, ...relations }).filter(([, value]) => value !== null);
  return JSON.stringify(named.sort(([a], [b]) => (a < b ? -1 : 1)));
}

export interface Load {
  /** Of each writer, in its order. */
  readonly writers: readonly (readonly Step[])[];
  /** @throws when a request was refused */
  stop(): Promise<void>;
}

export interface LoadOptions {
  readonly address: () => string;
  readonly authorization: string;
  /** Of the webhook. */
  readonly key: string;
  /** Entities of another run are others. */
  readonly run: string;
  /** Between two requests of each writer. */
  readonly paceMs: number;
}

export function startFacts({ address, authorization, key, run, paceMs }: LoadOptions): Load {
  let isOver = false;
  const writers: Step[][] = [];
  const work = async (ask: (n: number, step: Take) => Promise<void>): Promise<void> => {
    const steps: Step[] = [];
    writers.push(steps);
    for (let n = 0; !isOver; n += 1) {
      await ask(n, async (after, request) => {
        const step: Step = { sentAt: Date.now(), acknowledgedAt: Infinity, after: new Map(after) };
        steps.push(step);
        await request();
        step.acknowledgedAt = Date.now();
      });
      await sleep(paceMs);
    }
  };
  const writer = (number: number): Promise<void> =>
    work(async (n, step) => {
      const portal = portalAt(address(), authorization);
      const write = (blueprint: string, body: Body): Promise<void> =>
        step([[`${blueprint}/${body.identifier}`, factOf(body)]], async () => {
          await portal.send("POST", `/v1/blueprints/${blueprint}/entities?upsert=true&merge=true`, body);
        });
      const id = (k: number): string => `${run}-${number}-${k}`;
      const turn = n * WRITERS + number;
      await write("deployment", deployment(id(n), turn));
      if (n % 3 === 0) await write("incident", incident(id(n), turn, false));
      if (n % 3 === 2) await write("incident", incident(id(n - 2), turn - 2 * WRITERS, true));
      const gone = id(n - 6);
      if (n % 10 === 9)
        await step([[`deployment/${gone}`, null]], async () => {
          await portal.send("DELETE", `/v1/blueprints/deployment/entities/${gone}`, undefined);
        });
    });
  const sender = (number: number): Promise<void> =>
    work(async (n, step) => {
      const id = `${run}-e${number}-${n}`;
      const turn = n * SENDERS + number;
      const [shipped, failed] = [deployment(id, turn), incident(id, turn, true)];
      const after: [string, Fact][] = [
        [`deployment/${id}`, factOf(shipped)],
        [`incident/${id}`, factOf(failed)],
      ];
      await step(after, async () => {
        const body = JSON.stringify({
          ...{ id, service: serviceOf(turn), ...shipped.properties, ...failed.properties },
        });
        const response = await fetch(`${address()}/ingest/${key}`, { method: "POST", body });
        if (response.status !== 202) throw new Error(`an event was answered ${response.status}`);
        await response.arrayBuffer();
      });
    });
  const all = [
    ...Array.from({ length: WRITERS }, (_, n) => writer(n)),
    ...Array.from({ length: SENDERS }, (_, n) => sender(n)),
  ];
  // A refusal is told by `stop`.
  for (const one of all) one.catch(() => undefined);
  return {
    writers,
    stop: async () => {
      isOver = true;
      await Promise.all(all);
    },
  };
}

type Take = (after: readonly (readonly [string, Fact])[], request: () => Promise<void>) => Promise<void>;
