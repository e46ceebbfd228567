/**
 * `kill -9` while a receiver has the call of a run and has not answered: the next process calls again with the same
 * idempotency key, and the run is the same one. FAIRWAY_TEST_KILLS=20 for the long run.
 */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestPlace, type TestPlace } from "../support/database.ts";
import { letLeasesRunOut } from "./support/let-leases-run-out.ts";
import { openPortal, type Portal } from "./support/portal.ts";
import { endProcesses, startServer } from "./support/processes.ts";

const KILLS = Number(process.env.FAIRWAY_TEST_KILLS ?? 1);

let place: TestPlace;
/** Idempotency keys of the calls, in order. */
const keys: string[] = [];
let isHolding = true;
let onCall: () => void = () => undefined;
const held = new Set<ServerResponse>();
const receiver = createServer((request, response) => {
  request.resume();
  request.on("end", () => {
    keys.push(String(request.headers["idempotency-key"]));
    if (isHolding) held.add(response);
    else response.end("{}");
    onCall();
  });
});

beforeAll(async () => {
  place = await createTestPlace();
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  await endProcesses();
  for (const response of held) response.destroy();
  await new Promise((resolve) => receiver.close(resolve));
  await place.remove();
});

const nextCall = (): Promise<void> => new Promise((resolve) => (onCall = resolve));

async function ended(portal: Portal, id: string): Promise<string> {
  for (let i = 0; i < 600; i++) {
    const { run } = await portal.get<{ run: { status: string } }>(`/v1/actions/runs/${id}`);
    if (run.status !== "IN_PROGRESS") return run.status;
    await sleep(50);
  }
  throw new Error("the run is still on its way");
}

test(
  `${KILLS} times`,
  async () => {
    const { port } = receiver.address() as AddressInfo;
    let called = nextCall();
    let server = await startServer(place, { FAIRWAY_LOG_LEVEL: "fatal" });
    let portal = await openPortal(server.url, place.dataDir);
    await portal.send("POST", "/v1/actions", {
      identifier: "deploy",
      trigger: { type: "self-service", operation: "CREATE", userInputs: { properties: {} } },
      invocationMethod: { type: "WEBHOOK", url: `http://127.0.0.1:${port}`, synchronized: true },
    });
    const { run } = (await portal.send("POST", "/v1/actions/deploy/runs", {})) as { run: { id: string } };
    for (let i = 0; i < KILLS; i++) {
      await called;
      called = nextCall();
      if (i === KILLS - 1) isHolding = false;
      server.kill("SIGKILL");
      await server.ended;
      await letLeasesRunOut(place);
      server = await startServer(place, { FAIRWAY_LOG_LEVEL: "fatal" });
      portal = await openPortal(server.url, place.dataDir);
    }
    expect(await ended(portal, run.id)).toBe("SUCCESS");
    expect(keys.length).toBeGreaterThan(KILLS);
    expect(new Set(keys)).toEqual(new Set([run.id]));
    const { runs } = await portal.get<{ runs: unknown[] }>("/v1/actions/runs");
    expect(runs).toHaveLength(1);
  },
  60_000 + KILLS * 10_000,
);
