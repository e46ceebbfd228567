/** Several servers at one place, as behind a balancer that knows which of them are up. */
import type { ServerProcess } from "./processes.ts";

export interface Fleet {
  /** The one whose turn it is. @throws when none is up */
  next(): ServerProcess;
  /** Null while it is down. */
  at(index: number): ServerProcess | null;
  /** Takes one out of the turns, ends it, and puts another in its place. */
  replace(index: number, signal: NodeJS.Signals): Promise<void>;
  /** Ends one for good. */
  end(index: number, signal: NodeJS.Signals): Promise<void>;
  /** How many ended without being told to; others were started for them. */
  endedByThemselves(): number;
  stop(): Promise<void>;
}

/** @param start starts the one of this number; called again for each that takes its place */
export async function startFleet(
  count: number,
  start: (index: number) => Promise<ServerProcess>,
): Promise<Fleet> {
  const members: (ServerProcess | null)[] = Array.from({ length: count }, () => null);
  const starting = new Set<Promise<void>>();
  let [turn, endedByThemselves, isOver] = [0, 0, false];
  const startOne = async (index: number): Promise<void> => {
    const server = await start(index);
    members[index] = server;
    void mourn(index, server);
  };
  const mourn = async (index: number, server: ServerProcess): Promise<void> => {
    await server.ended;
    if (members[index] !== server || isOver) return;
    members[index] = null;
    endedByThemselves += 1;
    const again = startOne(index);
    starting.add(again);
    // Whoever asks for one finds none, and says so.
    await again.catch(() => undefined);
    starting.delete(again);
  };
  const end = async (index: number, signal: NodeJS.Signals): Promise<void> => {
    await Promise.allSettled(starting);
    const server = members[index] ?? null;
    members[index] = null;
    server?.kill(signal);
    await server?.ended;
  };
  for (let index = 0; index < count; index += 1) await startOne(index);
  return {
    next: () => {
      const up = members.filter((one) => one !== null);
      turn += 1;
      const server = up[turn % up.length];
      if (server === undefined) throw new Error("no server is up");
      return server;
    },
    at: (index) => members[index] ?? null,
    replace: async (index, signal) => {
      await end(index, signal);
      await startOne(index);
    },
    end,
    endedByThemselves: () => endedByThemselves,
    stop: async () => {
      isOver = true;
      for (const index of members.keys()) await end(index, "SIGTERM");
    },
  };
}
