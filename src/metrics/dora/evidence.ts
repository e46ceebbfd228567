/** `GET /v1/dora/evidence`: the rows behind a number and those left out, page by page. */
import { bucketsOf } from "../../dora/calendar.ts";
import { EXCLUSIONS } from "../../dora/definitions.ts";
import { evidence, type Evidence, type EvidenceRow } from "../../dora/evidence.ts";
import type { MetricName } from "../../dora/results.ts";
import { AppError } from "../../model/error.ts";
import type { Sight } from "../../model/sight.ts";
import type { Ctx } from "../../storage/context.ts";
import { devlakeRows } from "./devlake.ts";
import { portEvidence } from "./port.ts";
import { iso, isoAll } from "./present.ts";
import { parseMetric, parseQuestion, type Question, type QuestionInput } from "./question.ts";
import { inputFor, readChangeRows, readDeploymentRows, readIncidentRows, type Span } from "./read-input.ts";
import { incidentsInSight } from "./within-sight.ts";

export interface EvidenceInput extends QuestionInput {
  readonly metric: string;
  readonly bucket?: string;
  readonly reason?: string;
  readonly limit?: number;
  readonly from_cursor?: string;
}

const DEFAULT_LIMIT = 200;
/** More rows than there are, and a number that the database knows. */
const MAX_OFFSET = 1e9;

type Wire<T> = Omit<T, "at" | "timestamps"> & {
  readonly at: string | null;
  readonly timestamps: Readonly<Record<string, string>>;
};
export type EvidenceView = Omit<Wire<Evidence["rows"][number]>, "unit"> & {
  readonly unit: EvidenceRow["unit"] | "minutes" | "hours" | "incident";
};
export type ExclusionView = Wire<Evidence["excluded"][number]>;

export interface EvidencePage {
  readonly scope: object;
  readonly window: object;
  readonly definition: object;
  readonly metric: MetricName;
  readonly rows: readonly EvidenceView[];
  readonly excluded: readonly ExclusionView[];
  readonly total: number;
  readonly excludedTotal: number;
  readonly next: string | null;
}

/** @throws AppError not_found (scope), forbidden, invalid_request (any parameter) */
export async function doraEvidence(
  ctx: Ctx,
  input: EvidenceInput,
  sight: Sight | null,
): Promise<EvidencePage> {
  const metric = parseMetric(input.metric);
  const parsed = await parseQuestion(ctx, input, sight);
  if (parsed.definition.profile !== "fairway") return foreignPage(ctx, parsed, metric, input);
  const question = parsed;
  const reason = parseReason(input.reason);
  const offset = parseCursor(input.from_cursor);
  const limit = input.limit ?? DEFAULT_LIMIT;
  const span = spanOf(question, input.bucket);
  const found =
    metric === "changeLeadTime"
      ? await changes(ctx, question, span, { offset, limit })
      : await deploymentsOrIncidents(ctx, { question, metric, span, sight }, { offset, limit });
  const excluded = found.excluded.filter((row) => reason === undefined || row.reason === reason);
  const end = offset + limit;
  return {
    ...headerOf(question),
    metric,
    rows: found.rows.map(present),
    excluded: excluded.slice(offset, end).map(present),
    total: found.total,
    excludedTotal: excluded.reduce((total, row) => total + row.count, 0),
    next: end < Math.max(found.total, excluded.length) ? String(end) : null,
  };
}

const headerOf = ({
  scope,
  window,
  definition,
}: Question): Pick<EvidencePage, "scope" | "window" | "definition"> => ({
  scope: { blueprint: scope.blueprint, entity: scope.entity, title: scope.title },
  window: { ...window, from: iso(window.from), to: iso(window.to) },
  definition,
});

/** The rows of another profile. `devlake` lists nothing as left out. */
async function foreignPage(
  ctx: Ctx,
  question: Question,
  metric: MetricName,
  input: EvidenceInput,
): Promise<EvidencePage> {
  if (input.bucket !== undefined)
    throw new AppError(
      "invalid_request",
      `bucket (value ${JSON.stringify(input.bucket)}) needs profile fairway`,
    );
  const offset = parseCursor(input.from_cursor);
  const end = offset + (input.limit ?? DEFAULT_LIMIT);
  const { rows, excluded } =
    question.definition.profile === "port"
      ? await portEvidence(ctx, question, metric)
      : { rows: await devlakeRows(ctx, question, metric), excluded: [] };
  return {
    ...headerOf(question),
    metric,
    rows: rows.slice(offset, end),
    excluded: excluded.slice(offset, end),
    total: rows.length,
    excludedTotal: excluded.length,
    next: end < Math.max(rows.length, excluded.length) ? String(end) : null,
  };
}

interface Found extends Evidence {
  /** Of all pages; `rows` holds one. */
  readonly total: number;
}

interface Page {
  readonly offset: number;
  readonly limit: number;
}

/** The window, or the bucket of it that is asked for. */
function spanOf(question: Question, bucketId: string | undefined): Span {
  if (bucketId === undefined) return question.window;
  const bucket = bucketsOf(question.window, question.now).find(({ id }) => id === bucketId);
  if (bucket === undefined)
    throw new AppError(
      "invalid_request",
      `bucket (value ${JSON.stringify(bucketId)}) must be one of this window and interval`,
    );
  return bucket;
}

async function changes(ctx: Ctx, question: Question, span: Span, page: Page): Promise<Found> {
  const { counted, total, leftOut } = await readChangeRows(ctx, question, span, page);
  const window = { ...question.window, from: span.from, to: span.to };
  const { rows } = evidence("changeLeadTime", inputFor(question, window, counted, true));
  const { excluded } = evidence("changeLeadTime", inputFor(question, window, leftOut, true));
  return { rows, excluded, total };
}

async function deploymentsOrIncidents(
  ctx: Ctx,
  asked: {
    readonly question: Question;
    readonly metric: MetricName;
    readonly span: Span;
    readonly sight: Sight | null;
  },
  { offset, limit }: Page,
): Promise<Found> {
  const { question, metric, span, sight } = asked;
  const window = { ...question.window, from: span.from, to: span.to };
  const rowsOf = metric === "meanTimeToRecovery" ? readIncidentRows : readDeploymentRows;
  const read = await rowsOf(ctx, question, span);
  const incidents =
    metric === "changeFailureRate"
      ? (await readIncidentRows(ctx, question, span)).incidents
      : // Its rows tell what they are linked to.
        await incidentsInSight(ctx, sight, question.settings, read.incidents);
  const input = inputFor(question, window, { ...read, incidents }, true);
  const { rows, excluded } = evidence(metric, input);
  return { rows: rows.slice(offset, offset + limit), excluded, total: rows.length };
}

function parseReason(reason: string | undefined): string | undefined {
  if (reason === undefined || Object.hasOwn(EXCLUSIONS, reason)) return reason;
  const known = Object.keys(EXCLUSIONS).join(", ");
  throw new AppError("invalid_request", `reason (value ${JSON.stringify(reason)}) must be one of ${known}`);
}

function parseCursor(cursor: string | undefined): number {
  const offset = cursor === undefined || cursor === "" ? 0 : Number(cursor);
  if (!Number.isInteger(offset) || offset < 0 || offset > MAX_OFFSET)
    throw new AppError(
      "invalid_request",
      `from_cursor (value ${JSON.stringify(cursor)}) must be the "next" of an earlier answer`,
    );
  return offset;
}

function present<R extends Evidence["rows"][number] | Evidence["excluded"][number]>(row: R): Wire<R> {
  const { at, timestamps, ...rest } = row;
  return { ...rest, at: iso(at), timestamps: isoAll(timestamps) };
}
