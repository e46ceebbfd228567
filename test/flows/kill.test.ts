/**
 * `kill -9` in the middle of an import, again and again: after a restart and the same import once more the portal says
 * exactly what it says after an undisturbed one. FAIRWAY_TEST_KILLS=20 for the long run, which meets every phase.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestPlace, onPostgres, type TestPlace } from "../support/database.ts";
import type { GitRepository } from "../support/git.ts";
import { patient } from "../support/patience.ts";
import { generateRepository } from "./support/generate-repository.ts";
import { openPortal } from "./support/portal.ts";
import { endProcesses, runCli, startServer, type TestProcess } from "./support/processes.ts";
import { seeded } from "./support/random.ts";
import { snapshot } from "./support/snapshot.ts";
import { type Phase, PHASES, watchImport } from "./support/watch-import.ts";

const SEED = 20_261;
const KILLS = Number(process.env.FAIRWAY_TEST_KILLS ?? (onPostgres ? 3 : 4));
/** So many at least come while the import is under way. */
const MIDDLE = Math.floor(KILLS * 0.75);
/** One machine with two cores: while one round starts a server, the other imports. */
const LANES = 2;
/** Messages so long that a few hundred commits make several deliveries of 4 MiB. */
const HISTORY = { seed: SEED, habit: "mixed", steps: 170, padding: 40_000 } as const;
const WINDOW = "from=2026-01-01T00:00:00Z&to=2026-06-01T00:00:00Z";
/** The same for every place, so that the entities name the same author. */
const CREDENTIALS = { FAIRWAY_CLIENT_ID: "flow-test", FAIRWAY_CLIENT_SECRET: "a secret of the flow tests" };

let repository: GitRepository;
beforeAll(async () => {
  repository = await generateRepository(HISTORY);
});
afterAll(async () => {
  await endProcesses();
  repository.remove();
});

const importInto = ({ dataDir }: TestPlace, ...options: string[]): TestProcess =>
  runCli(dataDir, [
    ...["--json", "import", "git", repository.path],
    ...["--repository", "acme/shop", "--service", "shop"],
    ...options,
  ]);

interface Undisturbed {
  readonly state: Record<string, unknown>;
  readonly chunks: number;
  /** Milliseconds that each phase lasts. */
  readonly lasts: ReadonlyMap<Phase, number>;
}

async function undisturbed(): Promise<Undisturbed> {
  const place = await createTestPlace();
  try {
    const server = await startServer(place, CREDENTIALS);
    let chunks = 0;
    let lastChunk = 0;
    server.onRequest((request) => {
      if (request !== "POST /v1/dora/commits") return;
      chunks++;
      lastChunk = performance.now();
    });
    const command = importInto(place);
    const watch = watchImport(server, command, Number.POSITIVE_INFINITY);
    expect(await command.ended).toMatchObject({ code: 0 });
    const portal = await openPortal(server.url, place.dataDir);
    await portal.settled();
    const state = await snapshot(portal, WINDOW);
    server.kill("SIGKILL");
    await server.ended;
    const began = new Map(watch.began).set("entities", lastChunk);
    const lasts = PHASES.slice(0, -1).map((phase, index): [Phase, number] => {
      const next = PHASES[index + 1] as Phase;
      return [phase, (began.get(next) ?? 0) - (began.get(phase) ?? 0)];
    });
    return { state, chunks, lasts: new Map(lasts) };
  } finally {
    await place.remove();
  }
}

interface Kill {
  readonly phase: Phase;
  /** How far into the phase, 0 to 1. */
  readonly at: number;
  /** The command dies too; otherwise it goes on when the server is back. */
  readonly both: boolean;
}

function planKills(): Kill[] {
  const random = seeded(SEED);
  const phases: Phase[] = ["beginning", "commits", "entities", "derivation"];
  return Array.from({ length: KILLS }, (_, index) => ({
    phase: phases[index % phases.length] as Phase,
    // Not to the very end: phases are shorter when the machine is less busy than at the start.
    at: random.next() * 0.8,
    both: Math.floor(index / phases.length) % 2 === index % 2,
  }));
}

/** @returns the phase in which the server died */
async function killAndGoOn({ phase, at, both }: Kill, expected: Undisturbed): Promise<Phase> {
  const place = await createTestPlace();
  try {
    const server = await startServer(place, CREDENTIALS);
    const command = importInto(place);
    const watch = watchImport(server, command, expected.chunks);
    await watch.reached(phase);
    await sleep(at * (expected.lasts.get(phase) ?? 0));
    const died = watch.phase();
    server.kill("SIGKILL");
    if (both) command.kill("SIGKILL");
    await server.ended;
    const { port } = new URL(server.url);
    const restarted = await startServer(place, { ...CREDENTIALS, FAIRWAY_PORT: port });
    const { code } = await command.ended;
    // Before its first answer the command may take the dead server for a wrong address.
    if (!both) expect(died === "beginning" ? [0, 3] : [0]).toContain(code);
    expect(await importInto(place, "--no-wait").ended).toMatchObject({ code: 0 });
    const portal = await openPortal(restarted.url, place.dataDir);
    // On PostgreSQL another process could still be at the dead one's job: it waits until the lease of 60 s runs out.
    await portal.settled(patient(120_000));
    expect(await snapshot(portal, WINDOW)).toEqual(expected.state);
    restarted.kill("SIGKILL");
    await restarted.ended;
    return died;
  } catch (error) {
    throw new Error(`killed ${both ? "both" : "the server"} at ${at.toFixed(3)} of ${phase}`, {
      cause: error,
    });
  } finally {
    await place.remove();
  }
}

test(
  `${KILLS} kills in the middle of an import leave no trace in the numbers (seed ${SEED})`,
  { timeout: patient(600_000) },
  async () => {
    const expected = await undisturbed();
    expect(expected.chunks).toBeGreaterThanOrEqual(3);
    expect(expected.state["counts"]).toMatchObject({
      services: 1,
      deployments: repository.git("tag").split("\n").length,
      commits: Number(repository.git("rev-list", "--count", "--all")),
    });
    const waiting = planKills();
    const died = new Map<Phase, number>(PHASES.map((phase) => [phase, 0]));
    const lane = async (): Promise<void> => {
      for (let kill = waiting.shift(); kill !== undefined; kill = waiting.shift()) {
        const phase = await killAndGoOn(kill, expected);
        died.set(phase, (died.get(phase) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    process.stdout.write(`seed ${SEED}: killed in ${JSON.stringify(Object.fromEntries(died))}\n`);
    // Fewer kills do not meet every phase for sure: one that comes late falls into the next.
    const met = KILLS < 20 ? [] : PHASES.slice(0, -1);
    for (const phase of met) expect([phase, died.get(phase)]).not.toEqual([phase, 0]);
    expect(KILLS - (died.get("done") ?? 0)).toBeGreaterThanOrEqual(MIDDLE);
  },
);
