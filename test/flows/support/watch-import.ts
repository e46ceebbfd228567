/** Where an import stands, told from the requests that the server has answered. */
import type { ServerProcess, TestProcess } from "./processes.ts";

export const PHASES = ["beginning", "commits", "entities", "derivation", "done"] as const;
export type Phase = (typeof PHASES)[number];

export interface ImportWatch {
  readonly phase: () => Phase;
  /** When each phase began, in milliseconds of `performance.now()`. */
  readonly began: ReadonlyMap<Phase, number>;
  /** Resolves when the phase, or a later one, has begun. */
  reached(phase: Phase): Promise<void>;
}

/**
 * Beginning: catalog and reading history. Commits: their deliveries. Entities: changes and deployments in bulk.
 * Derivation: everything is sent, the command waits for the numbers.
 * @param chunks how many deliveries of commits the history makes
 */
export function watchImport(server: ServerProcess, command: TestProcess, chunks: number): ImportWatch {
  const began = new Map<Phase, number>([["beginning", performance.now()]]);
  const waiting: { readonly phase: Phase; readonly resolve: () => void }[] = [];
  let phase: Phase = "beginning";
  let delivered = 0;
  const enter = (next: Phase): void => {
    if (PHASES.indexOf(next) <= PHASES.indexOf(phase)) return;
    phase = next;
    began.set(next, performance.now());
    for (const one of waiting) if (PHASES.indexOf(one.phase) <= PHASES.indexOf(next)) one.resolve();
  };
  server.onRequest((request) => {
    if (request === "POST /v1/dora/imports") enter("commits");
    else if (request === "POST /v1/dora/commits" && ++delivered === chunks) enter("entities");
    else if (request === "POST /v1/blueprints/deployment/entities/bulk") enter("derivation");
  });
  void command.ended.then(() => enter("done"));
  return {
    phase: () => phase,
    began,
    reached: (wanted) =>
      PHASES.indexOf(wanted) <= PHASES.indexOf(phase)
        ? Promise.resolve()
        : new Promise((resolve) => waiting.push({ phase: wanted, resolve })),
  };
}
