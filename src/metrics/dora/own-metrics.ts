/** The numbers of the profile `fairway` without comparison, beside those of others. */
import { type FoldedWindow, foldRows } from "../../dora/fold-rows.ts";
import { metricsOf } from "../../dora/metrics.ts";
import type { Metrics } from "../../dora/results.ts";
import type { Ctx } from "../../storage/context.ts";
import { foldOrganisation } from "./organisation.ts";
import type { Question } from "./question.ts";
import type { MergedCounts } from "../../storage/dora-unshipped.ts";
import { hasSource, inputFor, readMergedCounts, readNumbers } from "./read-input.ts";

/** With what became of what was merged in the first of the windows. */
export async function foldedWithMerged(
  ctx: Ctx,
  questions: readonly [Question, ...Question[]],
): Promise<{ readonly windows: readonly FoldedWindow[]; readonly merged: MergedCounts }> {
  const held = foldOrganisation(ctx, questions);
  const [windows, merged] = await Promise.all([
    held.then((known) => known?.map(({ folded }) => folded) ?? foldedFromRows(ctx, questions)),
    readMergedCounts(
      ctx,
      questions[0],
      held.then((known) => known?.[0]?.unshipped ?? null),
    ),
  ]);
  return { windows, merged };
}

/** From what is held of whole organisations, else from rows; both give the same. */
async function foldedWindows(ctx: Ctx, questions: readonly Question[]): Promise<readonly FoldedWindow[]> {
  const held = await foldOrganisation(ctx, questions);
  return held?.map(({ folded }) => folded) ?? foldedFromRows(ctx, questions);
}

async function foldedFromRows(ctx: Ctx, questions: readonly Question[]): Promise<readonly FoldedWindow[]> {
  const folded: FoldedWindow[] = [];
  for (const one of questions)
    folded.push(foldRows(inputFor(one, one.window, await readNumbers(ctx, one), true)));
  return folded;
}

export async function ownWindow(
  ctx: Ctx,
  question: Question,
): Promise<{ readonly folded: FoldedWindow; readonly metrics: Metrics }> {
  const [[folded], isKnown] = await Promise.all([foldedWindows(ctx, [question]), hasSource(ctx, question)]);
  if (folded === undefined) throw new Error("a window was not folded");
  const asked = { window: question.window, hasSource: isKnown, now: question.now };
  return { folded, metrics: metricsOf(folded.summary, asked, question.thresholds) };
}

export const ownMetrics = async (ctx: Ctx, question: Question): Promise<Metrics> =>
  (await ownWindow(ctx, question)).metrics;
