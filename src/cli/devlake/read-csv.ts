/** Comma-separated values (RFC 4180) with a header line, read as a stream: a table may be larger than memory. */
import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { CliError, exitCode } from "../cli-error.ts";

export interface CsvRecord {
  /** `pull_requests.csv:12`, for messages: where the record begins. */
  readonly at: string;
  /** By column; the empty text where there is no value (`NULL` and `\N` as databases write them are none). */
  readonly cells: Readonly<Record<string, string>>;
}

/** A cell that is longer is a quote that was never closed. */
const MAX_CELL = 4_000_000;
const BATCH = 1000;

const fault = (file: string, line: number, what: string): CliError =>
  new CliError(exitCode.failure, "invalid_csv", `${basename(file)}:${line}: ${what}`);

/** @param required columns without which nothing can be read. @throws CliError naming file and line */
export const readCsv = (file: string, required: readonly string[]): AsyncGenerator<CsvRecord[]> =>
  parseCsvText(createReadStream(file, "utf8"), file, required);

/** @param chunks of the text, which may end anywhere. @param file what it is called in messages. @throws CliError */
export async function* parseCsvText(
  chunks: AsyncIterable<string>,
  file: string,
  required: readonly string[],
): AsyncGenerator<CsvRecord[]> {
  const splitter = new Splitter(file);
  let header: readonly string[] | null = null;
  const batch: CsvRecord[] = [];
  const take = ({ line, cells }: RawRecord): void => {
    if (header === null) {
      header = cells.map((name) => name.trim());
      const missing = required.filter((name) => header?.includes(name) !== true);
      if (missing.length > 0)
        throw fault(
          file,
          line,
          `the columns ${missing.join(", ")} are missing: the first line must name them`,
        );
      return;
    }
    if (cells.length === 1 && cells[0] === "") return;
    if (cells.length > header.length)
      throw fault(file, line, `${cells.length} cells, but the header has ${header.length} columns`);
    batch.push({
      at: `${basename(file)}:${line}`,
      cells: Object.fromEntries(header.map((name, index) => [name, valueOf(cells[index])])),
    });
  };
  for await (const chunk of chunks) {
    for (const record of splitter.push(chunk)) take(record);
    while (batch.length >= BATCH) yield batch.splice(0, BATCH);
  }
  for (const record of splitter.end()) take(record);
  if (header === null) throw fault(file, 1, "the file is empty: the first line must name the columns");
  if (batch.length > 0) yield batch;
}

const valueOf = (cell: string | undefined): string =>
  cell === undefined || cell === "NULL" || cell === "\\N" ? "" : cell;

interface RawRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Quotes may hold commas, line ends and doubled quotes, and chunks may end anywhere. */
class Splitter {
  readonly #file: string;
  #line = 1;
  #began = 1;
  #cells: string[] = [];
  #cell = "";
  #state: "plain" | "quoted" | "quote" = "plain";
  #isFirst = true;

  constructor(file: string) {
    this.#file = file;
  }

  *push(chunk: string): Generator<RawRecord> {
    let from = 0;
    const text = this.#isFirst ? chunk.replace(/^\uFEFF/, "") : chunk;
    // A stream may begin with nothing.
    if (chunk !== "") this.#isFirst = false;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === 0x0a) this.#line += 1;
      if (this.#state === "quoted") {
        if (code !== 0x22) continue;
        this.#add(text.slice(from, at));
        this.#state = "quote";
        from = at + 1;
        continue;
      }
      if (this.#state === "quote") {
        this.#state = "plain";
        from = at;
        if (code === 0x22) {
          // A doubled quote stands for itself.
          this.#state = "quoted";
          continue;
        }
      }
      if (code === 0x22 && this.#cell === "" && from === at) {
        this.#state = "quoted";
        from = at + 1;
      } else if (code === 0x2c) {
        this.#endCell(text.slice(from, at));
        from = at + 1;
      } else if (code === 0x0a) {
        this.#endCell(text.slice(from, at));
        yield this.#endRecord();
        from = at + 1;
      }
    }
    this.#add(text.slice(from));
  }

  *end(): Generator<RawRecord> {
    if (this.#state === "quoted") throw fault(this.#file, this.#began, "a quote begins here and never ends");
    if (this.#cell === "" && this.#cells.length === 0) return;
    this.#endCell("");
    yield this.#endRecord();
  }

  #add(text: string): void {
    this.#cell += text;
    if (this.#cell.length > MAX_CELL)
      throw fault(
        this.#file,
        this.#began,
        `a cell has more than ${MAX_CELL} characters: is a quote missing?`,
      );
  }

  #endCell(text: string): void {
    this.#add(text);
    this.#cells.push(this.#cell);
    this.#cell = "";
  }

  #endRecord(): RawRecord {
    const last = this.#cells.length - 1;
    this.#cells[last] = (this.#cells[last] ?? "").replace(/\r$/, "");
    const record = { line: this.#began, cells: this.#cells };
    this.#cells = [];
    this.#began = this.#line;
    return record;
  }
}
