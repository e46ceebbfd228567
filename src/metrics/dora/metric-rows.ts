/** The numbers of a scope, or of each entity of a blueprint, for whoever watches them. */
import type { Ctx } from "../../storage/context.ts";
import type { MetricName } from "../../dora/results.ts";
import { metricOfEach } from "./entity-rows.ts";
import { windowView } from "./present-metrics.ts";
import { doraMetrics } from "./query.ts";
import { parseQuestion, type QuestionInput } from "./question.ts";

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
  readonly few?: boolean;
  readonly covered?: boolean | null;
  readonly n?: number;
  readonly total?: number;
  readonly count?: number;
  readonly failed?: number;
  readonly rework?: number;
  readonly trend?: { readonly delta: number | null; readonly significant: boolean | null };
}

type Windowed = Row & { readonly window: { readonly from: string; readonly to: string } };

/**
 * @param question `metric`: the only one that is looked at; others need not be there, nor, unless `isTierAsked`, whether it is `covered`
 * @throws AppError as the metrics do
 */
export async function metricRows(
  ctx: Ctx,
  {
    metric,
    isTierAsked = false,
    ...asked
  }: QuestionInput & { readonly metric?: MetricName; readonly isTierAsked?: boolean },
): Promise<Windowed[]> {
  const input = { ...asked, profile: "fairway" };
  const { blueprint, entity, compare } = input;
  if (metric !== undefined && blueprint !== undefined && entity === undefined && compare === undefined) {
    const question = await parseQuestion(ctx, input, null);
    const window = windowView(question.window) as Windowed["window"];
    const rows = (await metricOfEach(ctx, question, blueprint, metric, isTierAsked)) as readonly Row[];
    return rows.map((row) => ({ ...row, window }));
  }
  const answer = (await doraMetrics(ctx, input, null)) as Windowed & {
    readonly rows?: readonly Row[];
  };
  const { window, rows } = answer;
  return rows === undefined ? [answer] : rows.map((row) => ({ ...row, window }));
}
