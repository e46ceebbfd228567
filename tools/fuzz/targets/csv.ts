import type { RandomSource } from "../../../test/http/support/random-source.ts";
import { CliError } from "../../../src/cli/cli-error.ts";
import { parseCsvText } from "../../../src/cli/devlake/read-csv.ts";
import { parseCsv } from "../../../src/dora/devlake/parse-csv.ts";
import { filesLike } from "../corpus.ts";
import { mutateText } from "../mutate.ts";
import { laterOutcome, must, outcome, type Target } from "../target.ts";

const corpus = [
  ...filesLike("test/**/*.csv").map((text) => text.slice(0, 8000)),
  'id,name\r\n1,"a, ""b"" and\nmore"\r\n2,\r\n',
  "\ufeffid;name\n1;2\n",
  "id,name\n1,NULL\n\\N,x\n\n",
];
const CELLS = ["", "a", '"', '""', ",", "\n", "\r\n", " x ", "é", "😀", "NULL", "0"];

/** Chunks that end where they like: in the middle of a quote, of a line end, of a character of two units. */
async function* pieces(text: string, cuts: readonly number[]): AsyncGenerator<string> {
  let from = 0;
  for (const cut of cuts) {
    yield text.slice(from, cut);
    from = cut;
  }
  yield text.slice(from);
  await Promise.resolve();
}

async function read(text: string, cuts: readonly number[]): Promise<string> {
  return laterOutcome(async () => {
    const all: unknown[] = [];
    for await (const batch of parseCsvText(pieces(text, cuts), "fuzz.csv", [])) all.push(...batch);
    return all;
  }, [CliError]);
}

const cutsOf = (random: RandomSource, length: number): number[] =>
  Array.from({ length: random.int(6) }, () => random.int(length + 1)).toSorted((a, b) => a - b);

/** A table as RFC 4180 writes it, and its rows. */
function table(random: RandomSource): {
  readonly text: string;
  readonly rows: readonly (readonly string[])[];
} {
  const columns = 1 + random.int(4);
  const rows = Array.from({ length: 1 + random.int(5) }, () =>
    Array.from({ length: columns }, () => random.pick(CELLS) + random.pick(CELLS)),
  );
  const line = (cells: readonly string[]): string =>
    cells.map((one) => `"${one.replaceAll('"', '""')}"`).join();
  const names = Array.from({ length: columns }, (_, i) => `c${i}`);
  return { text: [names, ...rows].map(line).join("\n"), rows };
}

export const csv: Target = {
  name: "csv",
  about: "tables of DevLake (src/cli/devlake/read-csv.ts, src/dora/devlake/parse-csv.ts)",
  make(random) {
    const whole = random.chance(0.2) ? table(random) : null;
    const text = whole?.text ?? mutateText(random, corpus);
    const cuts = cutsOf(random, text.length);
    return {
      shown: text,
      async run() {
        const came = await read(text, []);
        must((await read(text, cuts)) === came, `in pieces (${cuts.join()}) it reads something else`);
        if (whole !== null) {
          const told = parseCsv(text).map((row) => Object.values(row));
          // A line of one empty cell is no row.
          const rows = whole.rows.filter((cells) => cells.length > 1 || cells[0] !== "");
          must(JSON.stringify(told) === JSON.stringify(rows), "it does not read what was written");
        }
        return `${came}\n${outcome(() => parseCsv(text), [])}`;
      },
    };
  },
};
