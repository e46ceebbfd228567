import { setTimeout as sleep } from "node:timers/promises";
import type { ApiClient } from "../client.ts";
import { exitCode, type ExitCode } from "../cli-error.ts";
import type { Reporter } from "../reporter.ts";
import type { Output } from "./dora.ts";

export interface RebuildOptions {
  readonly check?: boolean;
}

interface RebuildContext {
  readonly connect: () => Promise<ApiClient>;
  readonly reporter: Reporter;
  readonly output: Pick<Output, "json" | "write">;
}

interface Rebuild {
  readonly units: number;
  readonly checked: number;
  readonly drift: number;
  readonly left: number;
  readonly examples: readonly {
    readonly blueprint: string;
    readonly identifier: string;
    readonly property: string;
    readonly stored: unknown;
    readonly expected: unknown;
  }[];
}

const POLL_MS = 300;
/** The state of any blueprint says whether the whole organisation is settled. */
const ANY = "_user";

/** `fairway rebuild`: computes all derived values again and waits; with `--check` it compares and changes nothing. */
export async function rebuildCommand(options: RebuildOptions, context: RebuildContext): Promise<ExitCode> {
  const { output, reporter } = context;
  const client = await context.connect();
  const check = options.check === true;
  if (check) await settled(client, reporter);
  const answer = await client.post("/v1/derivation/rebuild", check ? { check } : {});
  const rebuild = answer["rebuild"] as Rebuild;
  if (!check) await settled(client, reporter);
  if (output.json) output.write(JSON.stringify({ ok: rebuild.drift === 0, rebuild }, null, 2));
  else if (!check) output.write(`Computed again: ${rebuild.units} groups of definitions.`);
  else {
    output.write(`${rebuild.checked} derived values compared, ${rebuild.drift} differ.`);
    if (rebuild.left > 0)
      output.write(
        `${rebuild.left} were not compared: their queries walk over relations, or they follow from too many entities.`,
      );
    for (const { blueprint, identifier, property, stored, expected } of rebuild.examples)
      output.write(
        `  ${blueprint}/${identifier} ${property}: ${JSON.stringify(stored)}, expected ${JSON.stringify(expected)}`,
      );
  }
  return rebuild.drift === 0 ? exitCode.ok : exitCode.failure;
}

interface State {
  readonly isSettled?: boolean;
  /** Servers of earlier versions do not say. */
  readonly progress?: number;
}

const PERCENT = 100;

async function settled(client: ApiClient, reporter: Reporter): Promise<void> {
  let shown: number | null = null;
  for (;;) {
    const { derivation } = await client.get(`/v1/blueprints/${ANY}/derivation`);
    const { isSettled, progress = 1 } = derivation as State;
    if (isSettled === true) break;
    // How much there is of what follows from writes nobody knows.
    const total = progress < 1 ? PERCENT : 0;
    if (total !== shown)
      reporter.phase(total > 0 ? "computing derived values, %" : "computing derived values", total);
    shown = total;
    if (total > 0) reporter.progress(Math.floor(progress * PERCENT));
    await sleep(POLL_MS);
  }
  reporter.done();
}
