/** Writers that go on whatever happens, and remember what was acknowledged. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Portal, portalAt } from "../../test/flows/support/portal.ts";

const WRITERS = 6;
const SENDERS = 6;
/** As many as keep a service without news for a while: what only the next change would mend is not mended by it. */
export const SERVICES = 200;
/** Events that change one entity: its log is read in one request. */
export const BUCKET = 500;
/** Of the things, those whose `n` is a multiple of this call the receiver. */
export const CALLING = 25;
/** What a writer does, again and again: changes and deletions are of what it created a while ago. */
const STEPS: readonly ("create" | "change" | "delete")[] = [
  ...(["create", "create", "change", "create", "delete"] as const),
  ...(["create", "change", "create", "change", "create"] as const),
];
const PAUSE_MS = 20;
/** Somebody who waits for a server that is cut off from its database asks another one. */
const PATIENCE_MS = 5000;

export interface Load {
  /** What was last written to each entity, as it was acknowledged; null: it was deleted. */
  readonly written: ReadonlyMap<string, number | null>;
  /** Entities whose last write was sent and never answered, when the load ended. */
  readonly unknown: ReadonlySet<string>;
  /** With what each entity was created. */
  readonly created: ReadonlyMap<string, number>;
  readonly acknowledged: () => number;
  /** Events whose delivery was acknowledged, by sender: all from 0 to here, not included. */
  readonly sent: readonly number[];
  /** Requests that were not answered, or with an error; each was sent again. */
  readonly unanswered: () => number;
  stop(): Promise<void>;
}

const text = { type: "string" };
const number = { type: "number" };

/** @returns the key of the webhook */
export async function define(portal: Portal, receiver: string): Promise<string> {
  const blueprint = (identifier: string, rest: object): Promise<unknown> =>
    portal.send("POST", "/v1/blueprints", { identifier, title: identifier, ...rest });
  await blueprint("service", { schema: { properties: { tier: text } } });
  await blueprint("thing", {
    schema: { properties: { n: number } },
    relations: { service: { target: "service", many: false, required: false } },
    mirrorProperties: { tier: { path: "service.tier" } },
  });
  const spec = (func: string): object =>
    func === "count"
      ? { calculationBy: "entities", func }
      : { calculationBy: "property", func, property: "n" };
  await portal.send("PATCH", "/v1/blueprints/service", {
    aggregationProperties: Object.fromEntries(
      ["count", "sum"].map((func) => [func, { title: func, target: "thing", calculationSpec: spec(func) }]),
    ),
  });
  const services = Array.from({ length: SERVICES }, (_, n) => ({
    ...{ identifier: `s${n}`, properties: { tier: "gold" } },
  }));
  for (let at = 0; at < SERVICES; at += 20)
    await portal.send("POST", "/v1/blueprints/service/entities/bulk", {
      entities: services.slice(at, at + 20),
    });
  await portal.send("POST", "/v1/actions", {
    ...{ identifier: "call", title: "Call", publish: true },
    trigger: {
      type: "automation",
      event: { type: "ENTITY_CREATED", blueprintIdentifier: "thing" },
      condition: {
        type: "JQ",
        expressions: [
          `.diff.after.properties.n % ${CALLING} == 0`,
          '.diff.after.identifier | startswith("last") | not',
        ],
        combinator: "and",
      },
    },
    invocationMethod: {
      ...{ type: "WEBHOOK", url: `${receiver}/call`, synchronized: true },
      body: { id: "{{ .event.context.entityIdentifier }}" },
    },
  });
  const created = await portal.send("POST", "/v1/webhooks", {
    ...{ identifier: "load", title: "Load", enabled: true },
    security: { requestIdentifierPath: ".body.id" },
    mappings: [
      {
        blueprint: "thing",
        entity: {
          ...{ identifier: ".body.id", properties: { n: ".body.n" } },
          relations: { service: `"s\\(.body.n % ${SERVICES})"` },
        },
      },
      {
        blueprint: "thing",
        entity: {
          identifier: `"last-\\(.body.sender)-\\(.body.n / ${BUCKET} | floor)"`,
          properties: { n: ".body.n" },
        },
      },
    ],
  });
  return (created as { integration: { webhookKey: string } }).integration.webhookKey;
}

/** @throws when `work` takes longer than somebody who asks would wait */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer")), PATIENCE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

export interface LoadOptions {
  /** Of a server that is up; another one each time, perhaps. */
  readonly address: () => string;
  readonly authorization: string;
  /** Of the webhook. */
  readonly key: string;
  /** Between two requests of each of the twelve. */
  readonly paceMs: number;
}

export function startLoad({ address, authorization, key, paceMs }: LoadOptions): Load {
  const written = new Map<string, number | null>();
  const created = new Map<string, number>();
  const unknown = new Set<string>();
  const sent = Array.from({ length: SENDERS }, () => 0);
  /** Requests that were given up and may still be carried out: after what was written since, for all that anybody knows. */
  const givenUp = new Map<string, Promise<unknown>>();
  const remember = async (identifier: string, asked: Promise<unknown>): Promise<void> => {
    const all = Promise.allSettled([givenUp.get(identifier), asked]);
    givenUp.set(identifier, all);
    await all;
    if (givenUp.get(identifier) === all) givenUp.delete(identifier);
  };
  let [isOver, unanswered, acknowledged] = [false, 0, 0];
  /** Until it is answered. @returns false when the load ended before */
  const insist = async (work: () => Promise<void>): Promise<boolean> => {
    while (!isOver)
      try {
        await work();
        acknowledged += 1;
        return true;
      } catch {
        unanswered += 1;
        await sleep(PAUSE_MS);
      }
    return false;
  };
  const write = async (writer: number): Promise<void> => {
    const ask = async (identifier: string, method: string, path: string, body?: object): Promise<void> => {
      const portal = portalAt(address(), authorization);
      const asked = portal.send(method, `/v1/blueprints/thing/entities${path}`, body);
      void remember(identifier, asked);
      await inTime(asked);
    };
    for (let [n, next] = [0, 0]; !isOver; n += 1) {
      const step = STEPS[n % STEPS.length] ?? "create";
      const number = n % 100;
      const identifier = `w-${writer}-${step === "create" ? next : Math.floor(next / 2)}`;
      if (step === "create") next += 1;
      else if (written.get(identifier) === null || givenUp.has(identifier)) continue;
      const isAcknowledged = await insist(async () => {
        if (step === "delete")
          await ask(identifier, "DELETE", `/${identifier}`).catch((error: unknown) => {
            // The first attempt did it, and its answer got lost.
            if (!String(error).includes("answered 404")) throw error;
          });
        else {
          const relations = { service: `s${(next * WRITERS + writer) % SERVICES}` };
          const body = { identifier, properties: { n: number } };
          await ask(
            identifier,
            "POST",
            "?upsert=true&merge=true",
            step === "create" ? { ...body, relations } : body,
          );
        }
      });
      if (!isAcknowledged) unknown.add(identifier);
      else if (step === "create") created.set(identifier, number);
      if (isAcknowledged) written.set(identifier, step === "delete" ? null : number);
      await sleep(paceMs);
    }
  };
  const send = async (sender: number): Promise<void> => {
    for (let n = 0; !isOver; n += 1) {
      const body = JSON.stringify({ id: `e-${sender}-${n}`, sender, n });
      const isAcknowledged = await insist(async () => {
        const signal = AbortSignal.timeout(PATIENCE_MS);
        const response = await fetch(`${address()}/ingest/${key}`, { method: "POST", body, signal });
        await response.arrayBuffer();
        if (response.status !== 202) throw new Error(`answered ${response.status}`);
      });
      if (isAcknowledged) sent[sender] = n + 1;
      await sleep(paceMs);
    }
  };
  const all = [
    ...Array.from({ length: WRITERS }, (_, n) => write(n)),
    ...Array.from({ length: SENDERS }, (_, n) => send(n)),
  ];
  return {
    ...{ written, created, unknown, sent },
    acknowledged: () => acknowledged,
    unanswered: () => unanswered,
    stop: async () => {
      isOver = true;
      await Promise.all(all);
      await Promise.all(givenUp.values());
    },
  };
}
