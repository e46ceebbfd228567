/** The numbers of a scope, or of each entity of a blueprint, for whoever watches them. */
import type { Ctx } from "../../storage/context.ts";
import { doraMetrics } from "./query.ts";
import type { QuestionInput } from "./question.ts";

interface Row {
  readonly scope: {
    readonly blueprint: string | null;
    readonly entity: string | null;
    readonly title: string | null;
  };
  /** As `GET /v1/dora/metrics` answers them. */
  readonly metrics: Readonly<Record<string, Value>>;
}

interface Value {
  readonly value: number | null;
  readonly tier?: string | null;
  readonly n?: number;
  readonly total?: number;
  readonly count?: number;
  readonly failed?: number;
  readonly rework?: number;
  readonly trend?: { readonly delta: number | null; readonly significant: boolean | null };
}

type Windowed = Row & { readonly window: { readonly from: string; readonly to: string } };

/** @throws AppError as the metrics do */
export async function metricRows(ctx: Ctx, question: QuestionInput): Promise<Windowed[]> {
  const answer = (await doraMetrics(ctx, { ...question, profile: "fairway" }, null)) as Windowed & {
    readonly rows?: readonly Row[];
  };
  const { window, rows } = answer;
  return rows === undefined ? [answer] : rows.map((row) => ({ ...row, window }));
}
