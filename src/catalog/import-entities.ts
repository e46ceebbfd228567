/**
 * Streaming import: entities as lines in, one result a line out, in the order of the lines. The same validation and
 * semantics as bulk, in batches of their own transaction; what was answered is stored.
 */
import { AppError } from "../model/error.ts";
import type { Ctx } from "../storage/context.ts";
import type { ItemOutcome } from "./apply-batch.ts";
import { getDefinition } from "./definitions.ts";
import { upsertEntities, type UpsertOptions } from "./upsert-entity.ts";

/** Measured at 1,000 properties-rich entities: larger batches gain nothing and hold locks longer. */
const BATCH_LINES = 1000;
const BATCH_CHARS = 4_000_000;
/** One line; as the body of a single write. */
const MAX_LINE_CHARS = 1_048_576;

export type LineResult =
  | {
      readonly line: number;
      readonly ok: true;
      readonly identifier: string;
      readonly created: boolean;
      readonly changed: boolean;
      readonly warnings?: readonly string[];
    }
  | {
      readonly line: number;
      readonly ok: false;
      readonly identifier: string;
      readonly statusCode: number;
      readonly error: string;
      readonly message: string;
    };

export interface ImportSummary {
  readonly done: true;
  readonly lines: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly failed: number;
}

interface Line {
  /** 1-based, counting empty lines. */
  readonly number: number;
  readonly body: unknown;
  readonly error: AppError | null;
}

/**
 * The next batch is read when the results of the last were taken: a slow reader slows the writer down.
 * @param parse JSON of one line; throws AppError
 * @throws AppError not_found for the blueprint, before anything is read
 */
export async function importEntities(
  ctx: Ctx,
  blueprint: string,
  chunks: AsyncIterable<Uint8Array>,
  options: UpsertOptions,
  parse: (text: string) => unknown,
): Promise<AsyncGenerator<readonly LineResult[] | ImportSummary>> {
  await getDefinition(ctx, blueprint);
  return (async function* () {
    const counts = { lines: 0, created: 0, updated: 0, unchanged: 0, failed: 0 };
    for await (const batch of batches(lines(chunks, parse))) {
      const results = await writeBatch(ctx, blueprint, batch, options);
      for (const result of results) {
        counts.lines += 1;
        if (!result.ok) counts.failed += 1;
        else if (result.created) counts.created += 1;
        else if (result.changed) counts.updated += 1;
        else counts.unchanged += 1;
      }
      yield results;
    }
    yield { done: true, ...counts };
  })();
}

async function writeBatch(
  ctx: Ctx,
  blueprint: string,
  batch: readonly Line[],
  options: UpsertOptions,
): Promise<LineResult[]> {
  const good = batch.filter((line) => line.error === null);
  const { outcomes } = await upsertEntities(
    ctx,
    blueprint,
    good.map((line) => line.body),
    options,
  );
  const results = outcomes.map((outcome) => resultOf(good[outcome.index]?.number ?? 0, outcome));
  const bad = batch.flatMap((line) =>
    line.error === null ? [] : [refusal(line.number, "unknown", line.error)],
  );
  return [...results, ...bad].sort((a, b) => a.line - b.line);
}

function resultOf(line: number, outcome: ItemOutcome): LineResult {
  if (!outcome.ok) return refusal(line, outcome.identifier, outcome.error);
  const { created, changed, warnings, entity } = outcome;
  return {
    ...{ line, ok: true, identifier: entity.identifier, created, changed },
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}

const refusal = (line: number, identifier: string, error: AppError): LineResult => ({
  ...{ line, ok: false, identifier, statusCode: error.status, error: error.code, message: error.message },
});

async function* batches(source: AsyncIterable<readonly SizedLine[]>): AsyncGenerator<Line[]> {
  let batch: Line[] = [];
  let size = 0;
  for await (const lines of source)
    for (const { line, chars } of lines) {
      batch.push(line);
      size += chars;
      if (batch.length < BATCH_LINES && size < BATCH_CHARS) continue;
      yield batch;
      batch = [];
      size = 0;
    }
  if (batch.length > 0) yield batch;
}

interface SizedLine {
  readonly line: Line;
  readonly chars: number;
}

/** The lines that each chunk ends. */
async function* lines(
  chunks: AsyncIterable<Uint8Array>,
  parse: (text: string) => unknown,
): AsyncGenerator<readonly SizedLine[]> {
  const decoder = new TextDecoder();
  let rest = "";
  let number = 0;
  // What is longer than a line may be is dropped up to its end, which is not held.
  let overlong = 0;
  const lineOf = (text: string): SizedLine => {
    const line = overlong + text.length > MAX_LINE_CHARS ? refused(number) : parsed(number, text, parse);
    overlong = 0;
    return { line, chars: text.length };
  };
  for await (const chunk of chunks) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    const ended: SizedLine[] = [];
    for (const text of parts) {
      number += 1;
      if (overlong > 0 || text.trim() !== "") ended.push(lineOf(text));
    }
    yield ended;
    if (rest.length > MAX_LINE_CHARS) {
      overlong += rest.length;
      rest = "";
    }
  }
  rest += decoder.decode();
  number += 1;
  if (overlong > 0 || rest.trim() !== "") yield [lineOf(rest)];
}

function refused(number: number): Line {
  const message = `the line is longer than the limit of ${MAX_LINE_CHARS} characters`;
  return { number, body: null, error: new AppError("payload_too_large", message) };
}

function parsed(number: number, text: string, parse: (text: string) => unknown): Line {
  try {
    return { number, body: parse(text), error: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { number, body: null, error };
  }
}
