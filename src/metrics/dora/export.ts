/** `GET /v1/dora/export`: evidence as CSV, JSON or Parquet, written page by page, and headlines as OpenMetrics. */
import type { MetricName } from "../../dora/results.ts";
import { AppError } from "../../model/error.ts";
import type { Sight } from "../../model/sight.ts";
import type { Ctx } from "../../storage/context.ts";
import { csvCell } from "./csv-cell.ts";
import { doraEvidence, type EvidenceInput, type EvidencePage } from "./evidence.ts";
import { parquetOf } from "./export-parquet.ts";
import { EXPORT_COLUMNS, exportRows } from "./export-rows.ts";
import { openMetrics } from "./open-metrics.ts";
import { METRICS, ownProfile, parseMetric, parseQuestion, type QuestionInput } from "./question.ts";

export interface ExportInput extends QuestionInput {
  readonly format?: string;
  /** All metrics when absent. */
  readonly metric?: string;
}

export interface Export {
  readonly contentType: string;
  /** Ends the name of a saved file. */
  readonly extension: string;
  readonly chunks: AsyncIterable<string | Uint8Array>;
}

const PAGE = 1000;

/** Refuses before anything is written. @throws AppError not_found, forbidden, invalid_request */
export async function doraExport(ctx: Ctx, input: ExportInput, sight: Sight | null): Promise<Export> {
  const { format = "csv", metric: only, ...asked } = input;
  const metrics = only === undefined ? METRICS : [parseMetric(only)];
  // "now" is one instant for all pages and metrics.
  const parsed = await parseQuestion(ctx, asked, sight);
  // The names of its families are those of our own definition.
  const question = format === "openmetrics" ? ownProfile(parsed) : parsed;
  const { last: _, ...rest } = asked;
  const { from, to } = question.window;
  const fixed = { ...rest, from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  const now = new Date(question.now);
  const at = { ...ctx, now: () => now };
  const pages =
    question.definition.profile === "fairway"
      ? pagesOf(at, fixed, metrics, sight)
      : pagesOfOther(await otherPages(at, fixed, metrics, sight));
  switch (format) {
    case "csv":
      return { contentType: "text/csv; charset=utf-8", extension: "csv", chunks: csvOf(pages) };
    case "json":
      return { contentType: "application/json; charset=utf-8", extension: "json", chunks: jsonOf(pages) };
    case "parquet":
      return {
        contentType: "application/vnd.apache.parquet",
        extension: "parquet",
        chunks: parquetOf(pages),
      };
    case "openmetrics": {
      const text = await openMetrics(at, fixed, metrics, sight, question);
      const contentType = "application/openmetrics-text; version=1.0.0; charset=utf-8";
      return { contentType, extension: "txt", chunks: once(text) };
    }
    default:
      throw new AppError(
        "invalid_request",
        `format (value ${JSON.stringify(format.slice(0, 50))}) must be csv, json, parquet or openmetrics`,
      );
  }
}

async function* once(text: string): AsyncIterable<string> {
  yield text;
}

async function* pagesOf(
  ctx: Ctx,
  input: Omit<EvidenceInput, "metric">,
  metrics: readonly MetricName[],
  sight: Sight | null,
): AsyncIterable<EvidencePage> {
  for (const metric of metrics) {
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: EvidencePage = await doraEvidence(
        ctx,
        { ...input, metric, limit: PAGE, ...(cursor !== "" && { from_cursor: cursor }) },
        sight,
      );
      yield page;
      cursor = page.next;
    }
  }
}

/** Other profiles read all of their rows for each page: they are asked for one. */
async function otherPages(
  ctx: Ctx,
  input: Omit<EvidenceInput, "metric">,
  metrics: readonly MetricName[],
  sight: Sight | null,
): Promise<EvidencePage[]> {
  const pages: EvidencePage[] = [];
  for (const metric of metrics)
    pages.push(await doraEvidence(ctx, { ...input, metric, limit: Number.MAX_SAFE_INTEGER }, sight));
  return pages;
}

async function* pagesOfOther(pages: readonly EvidencePage[]): AsyncIterable<EvidencePage> {
  yield* pages;
}

async function* csvOf(pages: AsyncIterable<EvidencePage>): AsyncIterable<string> {
  yield `\ufeff${EXPORT_COLUMNS.join(",")}\r\n`;
  for await (const page of pages) {
    const lines = [...exportRows(page)].map((row) =>
      EXPORT_COLUMNS.map((column) => csvCell(row[column])).join(","),
    );
    if (lines.length > 0) yield `${lines.join("\r\n")}\r\n`;
  }
}

async function* jsonOf(pages: AsyncIterable<EvidencePage>): AsyncIterable<string> {
  let written = 0;
  let isOpen = false;
  for await (const page of pages) {
    const { scope, window, definition } = page;
    if (!isOpen) yield `${JSON.stringify({ ok: true, scope, window, definition }).slice(0, -1)},"rows":[`;
    isOpen = true;
    const rows = [...exportRows(page)].map((row) => JSON.stringify(row));
    if (rows.length > 0) yield (written === 0 ? "" : ",") + rows.join(",");
    written += rows.length;
  }
  yield "]}";
}
