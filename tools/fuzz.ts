/**
 * Every parser of what comes from outside, on spoilt inputs:  FUZZ_MINUTES=10 node tools/fuzz.ts [name …]
 * FUZZ_SEED=7 chooses other inputs (the day, else), FUZZ_OUT=a/folder keeps those that fail. A failure is an error that
 * is not the parser's own, one that is not as it must be, two seconds of the processor, half a minute of it
 * without an end, no end at all, more than 512 MB, a changed prototype, a promise that nobody caught. Exit code 1: there was one.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { type Failure, sampleOf } from "./fuzz/run-inputs.ts";
import type { Target } from "./fuzz/target.ts";
import { TARGETS } from "./fuzz/targets/index.ts";
import type { Work } from "./fuzz/worker.ts";

const MINUTES = Number(process.env["FUZZ_MINUTES"] ?? 1);
const SEED = Number(process.env["FUZZ_SEED"] ?? Math.floor(Date.now() / 86_400_000));
const OUT = process.env["FUZZ_OUT"];
const HANG_MS = 30_000;
const LOOK_MS = 500;
const STOP_MS = 2000;
const LIMITS = { maxOldGenerationSizeMb: 512, stackSizeMb: 4 };
/** Of one target: what is wrong is known by then. */
const ENOUGH = 20;

/** Of many failures of one kind the first is enough. */
const kindOf = ({ what }: Failure): string =>
  (what.split("\n")[0] ?? "").replaceAll(/\d+/g, "0").slice(0, 80);

/** @returns how many inputs, and what failed */
async function fuzz(target: Target): Promise<{ readonly inputs: number; readonly failures: Failure[] }> {
  const failures = new Map<string, Failure>();
  const at = new SharedArrayBuffer(4);
  const numbers = new Int32Array(at);
  const failed = (index: number, what: string): void => {
    const { shown } = sampleOf(target, SEED, index);
    const failure = { target: target.name, seed: SEED, index, what, shown };
    failures.set(kindOf(failure), failures.get(kindOf(failure)) ?? failure);
  };
  const until = Date.now() + MINUTES * 60_000;
  let from = 0;
  while (Date.now() < until && failures.size < ENOUGH) {
    const workerData: Work = { target: target.name, seed: SEED, from, at };
    Atomics.store(numbers, 0, from);
    const worker = new Worker(new URL("./fuzz/worker.ts", import.meta.url), {
      workerData,
      resourceLimits: LIMITS,
    });
    let isOver = false;
    const before = failures.size;
    const over = new Promise<void>((resolve) =>
      worker.once("exit", () => resolve(((isOver = true), undefined))),
    );
    worker.on("message", (failure: Failure) =>
      failures.set(kindOf(failure), failures.get(kindOf(failure)) ?? failure),
    );
    // Memory that ran out, and whatever nobody caught.
    worker.on("error", (error: Error) => failed(Atomics.load(numbers, 0), error.stack ?? error.message));
    // Of the processor: on a busy machine anything takes long.
    const used = async (): Promise<number> => {
      const { user, system } = await worker.cpuUsage();
      return (user + system) / 1000;
    };
    let [seen, since] = [-1, 0];
    while (!isOver && Date.now() < until && failures.size < ENOUGH) {
      await sleep(LOOK_MS);
      const now = Atomics.load(numbers, 0);
      const spent = await used().catch(() => since);
      if (now !== seen) [seen, since] = [now, spent];
      else if (spent - since > HANG_MS) {
        failed(now, `does not end within ${HANG_MS / 1000} seconds`);
        break;
      }
    }
    // Nobody told it to: what it waited for never came.
    if (isOver && failures.size === before) failed(Atomics.load(numbers, 0), "never gives an answer");
    worker.postMessage("stop");
    await Promise.race([over, sleep(STOP_MS)]);
    await worker.terminate();
    from = Atomics.load(numbers, 0) + 1;
  }
  return { inputs: from, failures: [...failures.values()] };
}

function keep(folder: string, { target, seed, index, shown, what }: Failure): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${target}-${seed}-${index}`), shown);
  writeFileSync(join(folder, `${target}-${seed}-${index}.why`), what);
}

const names = process.argv.slice(2);
const unknown = names.find((name) => TARGETS.every((target) => target.name !== name));
if (unknown !== undefined || !(MINUTES > 0) || !Number.isInteger(SEED)) {
  process.stderr.write(
    `${unknown ?? "FUZZ_MINUTES, FUZZ_SEED"}: unknown. Targets:\n${TARGETS.map(({ name, about }) => `  ${name}: ${about}\n`).join("")}`,
  );
  process.exit(2);
}
let count = 0;
for (const target of TARGETS) {
  if (names.length > 0 && !names.includes(target.name)) continue;
  const [began, processor] = [Date.now(), process.cpuUsage()];
  const { inputs, failures } = await fuzz(target);
  const minutes = ((Date.now() - began) / 60_000).toFixed(1);
  const { user, system } = process.cpuUsage(processor);
  const used = ((user + system) / 60_000_000).toFixed(1);
  process.stdout.write(
    `${target.name}: ${inputs} inputs of seed ${SEED} in ${minutes} minutes (${used} of the processor), ${failures.length} kinds of failures\n`,
  );
  for (const failure of failures) {
    count += 1;
    if (OUT !== undefined) keep(OUT, failure);
    process.stdout.write(`  ${failure.index}: ${failure.what.split("\n").slice(0, 6).join("\n    ")}\n`);
  }
}
process.exit(count === 0 ? 0 : 1);
