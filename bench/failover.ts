/**
 * How long the work of a killed worker is away: one process with the role `api`, two with the role `worker`. Events come in all
 * the time; each becomes an entity, a new value of an aggregation, and an automation's call of a receiver on loopback. Before each
 * `kill -9` the other worker is frozen for a while, so that the one that dies holds all leases and reads all feeds.
 *
 *   tools/with-postgres node bench/failover.ts [--kills 6] [--rate 10] [--frozen 1500]
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startReceiver } from "../test/automation/receiver.ts";
import { startFleet } from "../test/flows/support/fleet.ts";
import { openPortal, type Portal } from "../test/flows/support/portal.ts";
import { endProcesses, startServer } from "../test/flows/support/processes.ts";
import { createTestPlace, onPostgres, type TestPlace } from "../test/support/database.ts";
import { CALLING, define, SERVICES } from "../tools/chaos/load.ts";
import { steadily } from "./support/steadily.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "6" },
    rate: { type: "string", default: "10" },
    frozen: { type: "string", default: "1500" },
  },
});
const TARGET_MS = 10_000;
const LOOK_MS = 20;
const PATIENCE_MS = 60_000;
/** Of the workers; the one before them answers requests. */
const WORKERS = [1, 2] as const;

interface Probe {
  readonly id: string;
  readonly service: string;
  /** What the aggregation of the service says once it is counted. */
  readonly count: number;
  readonly acknowledgedAt: number;
  /** When it was seen: the entity, the value, the call. */
  readonly seen: { entity?: number; value?: number; call?: number };
}
const KINDS = ["entity", "value", "call"] as const;

interface Things {
  readonly entities: readonly {
    readonly identifier: string;
    readonly properties: { readonly count?: number };
  }[];
}

async function run(place: TestPlace): Promise<boolean> {
  const receiver = await startReceiver();
  const fleet = await startFleet(3, (index) =>
    startServer(place, { FAIRWAY_LOG_LEVEL: "fatal", FAIRWAY_ROLE: index === 0 ? "api" : "worker" }),
  );
  const api = fleet.at(0);
  if (api === null) throw new Error("the process that answers has ended");
  const portal = await openPortal(api.url, place.dataDir);
  const key = await define(portal, receiver.url);
  const probes: Probe[] = [];
  let isOver = false;
  const sending = steadily(
    Number(values.rate),
    () => isOver,
    async (n) => {
      const [id, at] = [`p-${n}`, n * CALLING];
      const body = JSON.stringify({ id, sender: 0, n: at });
      const response = await fetch(`${api.url}/ingest/${key}`, { method: "POST", body });
      await response.arrayBuffer();
      if (response.status !== 202) throw new Error(`an event was answered with ${response.status}`);
      const service = `s${at % SERVICES}`;
      const count = 1 + probes.filter((probe) => probe.service === service).length;
      probes.push({ id, service, count, acknowledgedAt: performance.now(), seen: {} });
    },
  );
  const looking = look(portal, receiver, probes, () => isOver);
  await sleep(3000);
  const worst = { entity: 0, value: 0, call: 0 };
  for (let kill = 0; kill < Number(values.kills); kill += 1) {
    const [dying, other] = kill % 2 === 0 ? WORKERS : WORKERS.toReversed();
    fleet.at(other ?? 0)?.kill("SIGSTOP");
    await sleep(Number(values.frozen));
    fleet.at(other ?? 0)?.kill("SIGCONT");
    const killedAt = performance.now();
    await fleet.end(dying ?? 0, "SIGKILL");
    const before = probes.filter(({ acknowledgedAt }) => acknowledgedAt < killedAt);
    for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await sleep(LOOK_MS))
      if (before.every(({ seen }) => KINDS.every((kind) => seen[kind] !== undefined))) break;
    const parts = KINDS.map((kind) => {
      const times = before.map(({ seen }) => (seen[kind] ?? Number.POSITIVE_INFINITY) - killedAt);
      const last = Math.max(0, ...times);
      const next = Math.min(
        ...probes.flatMap(({ seen: { [kind]: at } }) =>
          at !== undefined && at > killedAt ? [at - killedAt] : [],
        ),
      );
      worst[kind] = Math.max(worst[kind], last);
      return `${kind}: the next after ${next.toFixed(0)} ms, all from before it after ${last.toFixed(0)} ms`;
    });
    console.log(`kill ${kill + 1}  ${parts.join("; ")}`);
    const missing = before.filter(({ seen }) => KINDS.some((kind) => seen[kind] === undefined));
    for (const { id, seen } of missing.slice(0, 5)) {
      const { runs } = await portal.get<{ runs: readonly object[] }>(`/v1/actions/runs?entity=${id}`);
      console.log(`  ${id}: ${JSON.stringify(seen)}, runs ${JSON.stringify(runs)}`);
    }
    await fleet.replace(dying ?? 0, "SIGKILL");
    await sleep(2000);
  }
  isOver = true;
  await Promise.all([sending, looking]);
  console.log(
    `worst of ${values.kills} kills: ${KINDS.map((kind) => `${kind} ${worst[kind].toFixed(0)} ms`).join(", ")}; target ${TARGET_MS} ms`,
  );
  await fleet.stop();
  await receiver.close();
  return KINDS.every((kind) => worst[kind] < TARGET_MS);
}

/** Notes when what follows from the probes is there. */
async function look(
  portal: Portal,
  receiver: Awaited<ReturnType<typeof startReceiver>>,
  probes: readonly Probe[],
  isOver: () => boolean,
): Promise<void> {
  const calls = new Set<string>();
  for (let read = 0; !isOver(); await sleep(LOOK_MS)) {
    for (const { text } of receiver.received.slice(read)) calls.add((JSON.parse(text) as { id: string }).id);
    read = receiver.received.length;
    const open = probes.filter(({ seen }) => KINDS.some((kind) => seen[kind] === undefined));
    if (open.length === 0) continue;
    const services = await byIdentifier(portal, "service", [...new Set(open.map(({ service }) => service))]);
    const things = await byIdentifier(
      portal,
      "thing",
      open.filter(({ seen }) => seen.entity === undefined).map(({ id }) => id),
    );
    const now = performance.now();
    for (const { id, service, count, seen } of open) {
      if (things.has(id)) seen.entity ??= now;
      if (calls.has(id)) seen.call ??= now;
      if ((services.get(service) ?? 0) >= count) seen.value ??= now;
    }
  }
}

/** Counts by identifier, of those that are there. */
async function byIdentifier(
  portal: Portal,
  blueprint: string,
  identifiers: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (identifiers.length === 0) return new Map();
  const rules = [{ property: "$identifier", operator: "in", value: identifiers }];
  const { entities } = (await portal.send("POST", `/v1/blueprints/${blueprint}/entities/search`, {
    ...{ limit: 1000, query: { combinator: "and", rules } },
  })) as Things;
  return new Map(entities.map(({ identifier, properties }) => [identifier, properties.count ?? 0]));
}

if (!onPostgres) {
  process.stderr.write("run it as: tools/with-postgres node bench/failover.ts\n");
  process.exitCode = 2;
} else {
  const place = await createTestPlace();
  try {
    if (!(await run(place))) process.exitCode = 1;
  } finally {
    await endProcesses();
    await place.remove();
  }
}
