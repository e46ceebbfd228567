/** Writers that go on whatever happens, and remember what was acknowledged. */
import { setTimeout as sleep } from "node:timers/promises";
import { openPortal, type Portal } from "../../test/flows/support/portal.ts";

const WRITERS = 3;
const SENDERS = 3;
/** Events that change one entity: its log is read in one request. */
export const BUCKET = 500;
const PAUSE_MS = 20;

export interface Load {
  /** Entities whose write was answered with success. */
  readonly written: readonly string[];
  /** Events whose delivery was acknowledged, by sender: all from 0 to here, not included. */
  readonly sent: readonly number[];
  /** Requests that were not answered, or with an error; each was sent again. */
  readonly unanswered: () => number;
  stop(): Promise<void>;
}

const text = { type: "string" };
const number = { type: "number" };

/** @returns the key of the webhook */
export async function define(portal: Portal): Promise<string> {
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
  for (let n = 0; n < WRITERS; n += 1)
    await portal.send("POST", "/v1/blueprints/service/entities", {
      ...{ identifier: `s${n}`, properties: { tier: "gold" } },
    });
  const created = await portal.send("POST", "/v1/webhooks", {
    ...{ identifier: "load", title: "Load", enabled: true },
    security: { requestIdentifierPath: ".body.id" },
    mappings: [
      { blueprint: "thing", entity: { identifier: ".body.id", properties: { n: ".body.n" } } },
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

/** @param address of the server as it is now: it changes with every start */
export function startLoad(address: () => string, dataDir: string, key: string): Load {
  const written: string[] = [];
  const sent = Array.from({ length: SENDERS }, () => 0);
  let [isOver, unanswered] = [false, 0];
  const again = async (): Promise<void> => {
    unanswered += 1;
    await sleep(PAUSE_MS);
  };
  const write = async (writer: number): Promise<void> => {
    let portal: Portal | null = null;
    for (let n = 0; !isOver;)
      try {
        portal ??= await openPortal(address(), dataDir);
        const identifier = `w-${writer}-${n}`;
        const body = { identifier, properties: { n: n % 100 }, relations: { service: `s${n % WRITERS}` } };
        await portal.send("POST", "/v1/blueprints/thing/entities?upsert=true", body);
        written.push(identifier);
        n += 1;
      } catch {
        portal = null;
        await again();
      }
  };
  const send = async (sender: number): Promise<void> => {
    while (!isOver) {
      const n = sent[sender] ?? 0;
      try {
        const body = JSON.stringify({ id: `e-${sender}-${n}`, sender, n });
        const response = await fetch(`${address()}/ingest/${key}`, { method: "POST", body });
        await response.arrayBuffer();
        if (response.status !== 202) throw new Error(`answered ${response.status}`);
        sent[sender] = n + 1;
      } catch {
        await again();
      }
    }
  };
  const all = [
    ...Array.from({ length: WRITERS }, (_, n) => write(n)),
    ...Array.from({ length: SENDERS }, (_, n) => send(n)),
  ];
  return {
    ...{ written, sent },
    unanswered: () => unanswered,
    stop: async () => {
      isOver = true;
      await Promise.all(all);
    },
  };
}
