import cliProgress from "cli-progress";

/** Tells a person how long work goes on: a bar on a terminal, a plain line every few seconds elsewhere. */
export interface Reporter {
  /** Begins a phase; `total` 0 = unknown. */
  phase(label: string, total: number): void;
  /** Sets how much of the phase is done. */
  progress(done: number): void;
  /** Ends the phase without a word. */
  done(): void;
  /** One line that stays. */
  note(line: string): void;
}

const PLAIN_INTERVAL_MS = 5000;
/** A line that says the same as the one before only proves life. */
const PLAIN_REPEAT_MS = 60_000;

const silentReporter: Reporter = {
  phase: () => {},
  progress: () => {},
  done: () => {},
  note: () => {},
};

function terminalReporter(stream: NodeJS.WriteStream): Reporter {
  let bar: cliProgress.SingleBar | null = null;
  function done(): void {
    bar?.stop();
    bar = null;
  }
  return {
    phase: (label, total) => {
      done();
      const known = total > 0;
      bar = new cliProgress.SingleBar({
        stream,
        format: known ? `${label} {bar} {percentage}% {value}/{total} {eta_formatted}` : `${label} {value}`,
        barCompleteChar: "█",
        barIncompleteChar: "░",
        barsize: 24,
        hideCursor: true,
        clearOnComplete: true,
        stopOnComplete: false,
        forceRedraw: false,
        gracefulExit: false,
      });
      bar.start(known ? total : 1, 0);
    },
    progress: (value) => bar?.update(value),
    done,
    note: (line) => {
      done();
      stream.write(`${line}\n`);
    },
  };
}

function plainReporter(stream: NodeJS.WritableStream): Reporter {
  let label = "";
  let total = 0;
  let last = 0;
  let lastValue = -1;
  return {
    phase: (name, count) => {
      label = name;
      total = count;
      last = Date.now();
      lastValue = -1;
    },
    progress: (value) => {
      if (Date.now() - last < (value === lastValue ? PLAIN_REPEAT_MS : PLAIN_INTERVAL_MS)) return;
      last = Date.now();
      lastValue = value;
      const number = (count: number) => count.toLocaleString("en-US");
      stream.write(
        total > 0 ? `${label}: ${number(value)} of ${number(total)}\n` : `${label}: ${number(value)}\n`,
      );
    },
    done: () => {},
    note: (line) => stream.write(`${line}\n`),
  };
}

/** Progress goes to stderr, so that stdout holds the result alone. */
export function createReporter(json: boolean): Reporter {
  if (json) return silentReporter;
  return process.stderr.isTTY ? terminalReporter(process.stderr) : plainReporter(process.stderr);
}
