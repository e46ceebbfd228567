/**
 * What can be said of the sources without running them, side by side: format, lint, types, unused code, dependencies. Prints
 * what each step said as soon as it is over, and ends with 1 when one of them failed.
 */
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
/**
 * Those that take longest first. One thread each: four checkers of one program look at most types four times (measured:
 * 19 s of processor for the pages instead of 11), and the programs do not wait for each other.
 */
const types = (part: string): string[] => ["tsc", "-p", `tsconfig.${part}.json`, "--singleThreaded"];
const STEPS: readonly (readonly string[])[] = [
  ["oxlint", "--type-aware", "--deny-warnings"],
  types("test"),
  types("web"),
  types("server"),
  ["knip"],
  types("pure"),
  ["oxfmt", "--check"],
  ["node", "tools/check-dependencies.ts"],
];

/** @returns whether it has nothing to complain of */
function run([command = "", ...args]: readonly string[]): Promise<boolean> {
  const started = performance.now();
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, PATH: `${ROOT}node_modules/.bin${delimiter}${process.env["PATH"] ?? ""}` },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(`${code === 0 ? "✓" : "✗"} ${[command, ...args].join(" ")} (${seconds} s)`);
      if (code !== 0) console.log(output.trimEnd());
      resolve(code === 0);
    });
  });
}

const waiting = [...STEPS];
let isFine = true;
async function lane(): Promise<void> {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift())
    if (!(await run(step))) isFine = false;
}
await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, lane));
process.exitCode = isFine ? 0 : 1;
