/**
 * Other jq's to compare with: jq-web (jq compiled to WebAssembly, from npm) and a binary. Starting either is slow, so many
 * programs are asked in one go; a batch that one program spoils is halved until that program is found.
 */
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Json } from "../../../src/jq/value.ts";
import type { Answer } from "./jq-web-worker.ts";

export interface Item {
  readonly program: string;
  /** JSON texts. */
  readonly inputs: readonly string[];
}

/** What a program gave for one input: outputs, and the value of the error that ended it. */
export interface Outcome {
  readonly outputs: readonly Json[];
  readonly error?: Json;
}
/** One outcome per input; null: the oracle cannot answer (it does not compile there, or it crashed). */
export type Outcomes = readonly Outcome[] | null;

export interface Oracle {
  readonly name: string;
  readonly ask: (items: readonly Item[]) => Promise<Outcomes[]>;
  readonly close: () => Promise<void>;
}

/** One program that runs them all: `[[outcome per input] per program]`, an outcome being `[{o: output}…, {e: error}]`. */
const joined = (items: readonly Item[]): string =>
  `[${items.map(({ program }, i) => `(.[${i}] | map([try ((${program}\n) | {o: .}) catch {e: .}]))`).join(",\n")}]`;
const inputOf = (items: readonly Item[]): string =>
  `[${items.map(({ inputs }) => `[${inputs.join(",")}]`).join(",")}]`;

type Raw = ({ o: Json } | { e: Json })[][][];
const outcome = (raw: Raw[number][number]): Outcome => {
  const outputs = raw.flatMap((one) => ("o" in one ? [one.o] : []));
  const last = raw.at(-1);
  return last !== undefined && "e" in last ? { outputs, error: last.e } : { outputs };
};

/** Literals that jq kept though no double is so large: they are the largest double to it, as soon as it computes. */
const finite = (_key: string, value: unknown): unknown =>
  value === Infinity ? Number.MAX_VALUE : value === -Infinity ? -Number.MAX_VALUE : value;

/** `run` gives null when the batch as a whole failed. */
async function halving(
  items: readonly Item[],
  run: (program: string, input: string) => Promise<string | null>,
): Promise<Outcomes[]> {
  if (items.length === 0) return [];
  const text = await run(joined(items), inputOf(items));
  if (text !== null) return (JSON.parse(text, finite) as Raw).map((one) => one.map(outcome));
  if (items.length === 1) return [null];
  const middle = items.length >> 1;
  return [...(await halving(items.slice(0, middle), run)), ...(await halving(items.slice(middle), run))];
}

const BATCH = 60;
async function inBatches(
  items: readonly Item[],
  run: (program: string, input: string) => Promise<string | null>,
): Promise<Outcomes[]> {
  const all: Outcomes[] = [];
  for (let at = 0; at < items.length; at += BATCH)
    all.push(...(await halving(items.slice(at, at + BATCH), run)));
  return all;
}

const TIMEOUT_MS = 20_000;

export function jqWeb(): Oracle {
  let worker: Worker | null = null;
  const stop = async (): Promise<void> => {
    await worker?.terminate();
    worker = null;
  };
  const run = async (program: string, input: string): Promise<string | null> => {
    worker ??= new Worker(new URL("./jq-web-worker.ts", import.meta.url), { stdout: true, stderr: true });
    worker.postMessage({ program, input });
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const [answer] = (await once(worker, "message", { signal })) as [Answer];
      return answer.failure === null ? answer.output : null;
    } catch {
      // It crashed or hangs; the next batch gets a new one.
      await stop();
      return null;
    }
  };
  return { name: "jq-web", ask: (items) => inBatches(items, run), close: stop };
}

/** A binary: `JQ_BINARY`, else the `jq` of the path; null where there is none. */
export function jqBinary(): Oracle | null {
  const path = process.env.JQ_BINARY ?? "jq";
  const version = spawnSync(path, ["--version"], { encoding: "utf8" });
  if (version.status !== 0) return null;
  const run = (program: string, input: string): Promise<string | null> => {
    const { status, stdout } = spawnSync(path, ["-c", program], {
      input,
      encoding: "utf8",
      timeout: TIMEOUT_MS,
      maxBuffer: 1 << 28,
      env: { TZ: "UTC" },
    });
    return Promise.resolve(status === 0 ? stdout : null);
  };
  return {
    name: version.stdout.trim(),
    ask: (items) => inBatches(items, run),
    close: () => Promise.resolve(),
  };
}
