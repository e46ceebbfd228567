/**
 * Processor time and highest memory of each bomb of test/jq/support/bombs, each in a process of its own:
 * `node bench/jq-bombs.ts [part of a name]`. A bomb may take 300 ms (of all threads together, so that other work on the
 * machine does not count) and 100 MB more than the process had at its highest before; ends with 1 when one takes more. The
 * garbage collector is set as `npm start` sets it.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { BOMBS } from "../test/jq/support/bombs/all.ts";
import { endsWell, runBomb } from "../test/jq/support/bombs/run-bomb.ts";

const MAX_MS = 300;
const MAX_MEGABYTES = 100;
const FLAGS = ["--max-semi-space-size=16", "--max-old-space-size=768"];

interface Measured {
  readonly milliseconds: number;
  readonly megabytes: number;
  readonly end: string;
  readonly well: boolean;
}

const peakMegabytes = (): number => process.resourceUsage().maxRSS / 1024;

/** In the child: runs one bomb. What it costs to make its text and input is not counted. */
function measure(index: number): Measured {
  const bomb = BOMBS[index]!;
  const program = bomb.program();
  const input = bomb.input?.() ?? null;
  runBomb({ ...bomb, program: () => ". + 1 | tojson", input: () => 1 });
  const before = peakMegabytes();
  const start = process.cpuUsage();
  const end = runBomb({ ...bomb, program: () => program, input: () => input });
  const { user, system } = process.cpuUsage(start);
  return {
    milliseconds: (user + system) / 1000,
    megabytes: peakMegabytes() - before,
    end: `${end.kind}: ${end.text}`,
    well: endsWell(bomb, end),
  };
}

const [argument = ""] = process.argv.slice(2);
if (argument.startsWith("--child=")) {
  process.stdout.write(JSON.stringify(measure(Number(argument.slice("--child=".length)))));
} else {
  let failed = 0;
  for (const [index, { name }] of BOMBS.entries()) {
    if (!name.includes(argument)) continue;
    let line: string;
    try {
      const text = execFileSync(
        process.execPath,
        [...FLAGS, fileURLToPath(import.meta.url), `--child=${index}`],
        {
          encoding: "utf8",
          timeout: 60_000,
          stdio: ["ignore", "pipe", "pipe"],
        },
      );
      const { milliseconds, megabytes, end, well } = JSON.parse(text) as Measured;
      const fine = well && milliseconds <= MAX_MS && megabytes <= MAX_MEGABYTES;
      if (!fine) failed++;
      line = `${milliseconds.toFixed(0).padStart(6)} ms ${megabytes.toFixed(0).padStart(5)} MB ${fine ? "  " : "! "} ${end}`;
    } catch (error) {
      failed++;
      line = `   died: ${String(error).split("\n").slice(0, 3).join(" ").slice(0, 200)}`;
    }
    console.log(`${name.slice(0, 58).padEnd(60)} ${line}`);
  }
  console.log(failed === 0 ? "all within bounds" : `${failed} beyond bounds`);
  process.exitCode = failed === 0 ? 0 : 1;
}
