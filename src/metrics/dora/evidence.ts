/** `GET /v1/dora/evidence`: the rows behind a number and those left out, page by page. */
import { evidence, type Evidence } from "../../dora/evidence.ts";
import { AppError } from "../../model/error.ts";
import type { Ctx } from "../../storage/context.ts";
import { iso, isoAll } from "./present.ts";
import { parseMetric, parseQuestion, type QuestionInput } from "./question.ts";
import { inputFor, readRows } from "./read-input.ts";

export interface EvidenceInput extends QuestionInput {
  readonly metric: string;
  readonly bucket?: string;
  readonly limit?: number;
  readonly from_cursor?: string;
}

const DEFAULT_LIMIT = 200;

/** @throws AppError not_found (scope), invalid_request (any parameter) */
export async function doraEvidence(ctx: Ctx, input: EvidenceInput): Promise<object> {
  const metric = parseMetric(input.metric);
  const question = await parseQuestion(ctx, input);
  const offset = parseCursor(input.from_cursor);
  const limit = input.limit ?? DEFAULT_LIMIT;
  const rows = await readRows(ctx, question, metric === "changeLeadTime" ? "shipments" : "deployments");
  const found = evidence(metric, inputFor(question, question.window, rows, true), input.bucket);
  if (found === null)
    throw new AppError(
      "invalid_request",
      `bucket (value ${JSON.stringify(input.bucket)}) must be one of this window and interval`,
    );
  const end = offset + limit;
  const more = end < Math.max(found.rows.length, found.excluded.length);
  return {
    scope: {
      blueprint: question.scope.blueprint,
      entity: question.scope.entity,
      title: question.scope.title,
    },
    window: { ...question.window, from: iso(question.window.from), to: iso(question.window.to) },
    definition: question.definition,
    metric,
    rows: found.rows.slice(offset, end).map(present),
    excluded: found.excluded.slice(offset, end).map(present),
    total: found.rows.length,
    excludedTotal: found.excluded.reduce((total, row) => total + row.count, 0),
    next: more ? String(end) : null,
  };
}

function parseCursor(cursor: string | undefined): number {
  const offset = cursor === undefined || cursor === "" ? 0 : Number(cursor);
  if (!Number.isInteger(offset) || offset < 0)
    throw new AppError(
      "invalid_request",
      `from_cursor (value ${JSON.stringify(cursor)}) must be the "next" of an earlier answer`,
    );
  return offset;
}

function present(row: Evidence["rows"][number] | Evidence["excluded"][number]): object {
  const { at, timestamps, ...rest } = row;
  return { ...rest, at: iso(at), timestamps: isoAll(timestamps) };
}
