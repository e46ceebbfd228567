/**
 * `kill -9` while events pour in, timers expire and a schedule ticks, again and again: every automation that was due calls a real
 * receiver, each under one idempotency key, no key with two bodies. FAIRWAY_TEST_KILLS=50 for the long run.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Receiver, startReceiver } from "../automation/receiver.ts";
import { createTestPlace, type TestPlace } from "../support/database.ts";
import { letLeasesRunOut } from "./support/let-leases-run-out.ts";
import { openPortal, type Portal } from "./support/portal.ts";
import { endProcesses, type ServerProcess, startServer } from "./support/processes.ts";
import { seeded } from "./support/random.ts";

const KILLS = Number(process.env.FAIRWAY_TEST_KILLS ?? 1);
const SENDERS = 4;
const random = seeded(20_261_126);
const ENV = { FAIRWAY_LOG_LEVEL: "fatal", FAIRWAY_OUTBOUND_ALLOW: "127.0.0.1" };

let place: TestPlace;
let receiver: Receiver;
beforeAll(async () => {
  [place, receiver] = await Promise.all([createTestPlace(), startReceiver()]);
});
afterAll(async () => {
  await endProcesses();
  await receiver.close();
  await place.remove();
});

const THING = {
  ...{ identifier: "thing", title: "Thing" },
  schema: { properties: { n: { type: "number" }, ttl: { type: "string", format: "timer" } } },
};

function automation(path: string, event: object, body: object): object {
  return {
    ...{ identifier: `on-${path}`, title: path, publish: true },
    trigger: { type: "automation", event },
    invocationMethod: { type: "WEBHOOK", url: `${receiver.url}/${path}`, synchronized: true, body },
  };
}

async function define(portal: Portal): Promise<void> {
  await portal.send("POST", "/v1/blueprints", THING);
  const id = "{{ .event.context.entityIdentifier }}";
  const of = { blueprintIdentifier: "thing" };
  for (const made of [
    automation("event", { type: "ENTITY_CREATED", ...of }, { id, n: "{{ .event.diff.after.properties.n }}" }),
    automation(
      "timer",
      { type: "TIMER_PROPERTY_EXPIRED", ...of, propertyIdentifier: "ttl" },
      { id, value: "{{ .event.diff.after.properties.ttl }}" },
    ),
    automation("schedule", { type: "SCHEDULE", cron: "* * * * *" }, { due: "{{ .event.context.dueAt }}" }),
  ])
    await portal.send("POST", "/v1/actions", made);
}

let written = 0;

/** Writes until the server is gone, and tells of what was acknowledged. */
async function pour(portal: Portal, acknowledge: (id: string) => void): Promise<void> {
  await Promise.all(
    Array.from({ length: SENDERS }, async () => {
      for (;;) {
        const identifier = `t${written++}`;
        const ttl = new Date(Date.now() + random.next() * 1500).toISOString();
        try {
          await portal.send("POST", "/v1/blueprints/thing/entities", {
            ...{ identifier, properties: { n: written, ttl } },
          });
          acknowledge(identifier);
        } catch {
          return;
        }
      }
    }),
  );
}

interface Call {
  readonly key: string;
  readonly text: string;
  readonly subject: string;
}

function calls(path: string): Call[] {
  return receiver.at(`/${path}`).map(({ headers, text }) => {
    const { id, due } = JSON.parse(text) as { id?: string; due?: string };
    return { key: String(headers["idempotency-key"]), text, subject: id ?? due ?? "" };
  });
}

const subjects = (path: string): Set<string> => new Set(calls(path).map(({ subject }) => subject));

/** Until everything that there is has been told of. */
async function told(identifiers: readonly string[]): Promise<void> {
  for (let i = 0; i < 1200; i++) {
    const [events, timers] = [subjects("event"), subjects("timer")];
    if (identifiers.every((id) => events.has(id) && timers.has(id))) return;
    await sleep(50);
  }
}

test(
  `${KILLS} times`,
  async () => {
    const acknowledged: string[] = [];
    let server: ServerProcess = await startServer(place, ENV);
    for (let round = 0; round < KILLS; round++) {
      const portal = await openPortal(server.url, place.dataDir);
      if (round === 0) await define(portal);
      const enough = acknowledged.length + 10 + random.next() * 30;
      const pouring = pour(portal, (id) => acknowledged.push(id));
      while (acknowledged.length < enough) await sleep(5);
      // Calls and timers are on their way.
      await sleep(random.next() * 500);
      server.kill("SIGKILL");
      await pouring;
      await server.ended;
      await letLeasesRunOut(place);
      server = await startServer(place, ENV);
    }
    const portal = await openPortal(server.url, place.dataDir);
    const { entities } = await portal.get<{ entities: { identifier: string }[] }>(
      "/v1/blueprints/thing/entities",
    );
    const identifiers = entities.map(({ identifier }) => identifier);
    expect(acknowledged.filter((id) => !identifiers.includes(id))).toEqual([]);
    await told(identifiers);
    server.kill("SIGTERM");
    await server.ended;
    for (const path of ["event", "timer", "schedule"]) {
      const bodies = new Map<string, string>();
      const keys = new Map<string, Set<string>>();
      for (const { key, text, subject } of calls(path)) {
        expect([key, bodies.get(key) ?? text]).toEqual([key, text]);
        bodies.set(key, text);
        keys.set(subject, (keys.get(subject) ?? new Set()).add(key));
      }
      expect([...keys].filter(([, own]) => own.size !== 1)).toEqual([]);
      if (path !== "schedule") expect([...keys.keys()].sort()).toEqual([...identifiers].sort());
    }
  },
  KILLS * 60_000 + 90_000,
);
