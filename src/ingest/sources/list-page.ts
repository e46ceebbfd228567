/** One step of a run: a page is listed and applied, or what vanished is deleted. Doing a step twice does the same. */
import { HttpError } from "../../integrations/http-client.ts";
import type { Kind, ListRequest, Page, RawCommit } from "../../integrations/connector.ts";
import { AppError } from "../../model/error.ts";
import { isInstant } from "../../model/instant.ts";
import type { Ctx } from "../../storage/context.ts";
import {
  countObjects,
  countStale,
  forgetGone,
  nextParent,
  type Parent,
  readParent,
  staleObjects,
  touchObjects,
} from "../../storage/source-objects.ts";
import { transact } from "../../storage/transact.ts";
import { storeCommits } from "../commits.ts";
import { type Applied, applyObjects, forgetObjects, NOTHING_APPLIED } from "./apply-objects.ts";
import type { OpenSource } from "./open-source.ts";
import {
  addCounts,
  addErrors,
  titleIn,
  type KindProgress,
  kindsOf,
  NO_COUNTS,
  type RunState,
  withKind,
} from "./run-state.ts";

/** What vanished is deleted so many objects at a time. */
const VANISHED_BATCH = 200;
/** Attempts at one page, minutes in all, before the run gives up. */
const MAX_ATTEMPTS = 10;
const FIRST_WAIT_MS = 2000;
const MAX_WAIT_MS = 10 * 60_000;
/** Runs after which an object that went is forgotten. */
const REMEMBERED_RUNS = 100;

export interface Step {
  readonly run: RunState;
  /** When to go on. */
  readonly waitMs: number;
}

export async function nextStep(ctx: Ctx, source: OpenSource, run: RunState): Promise<Step> {
  const kinds = kindsOf(source.connector, source.plan);
  // The mapping was edited meanwhile and uses other kinds: begin again with those.
  const isOther =
    kinds.length !== run.kinds.length || kinds.some(({ kind }, i) => kind !== run.kinds[i]?.kind);
  if (isOther) return step({ ...run, ...restarted(kinds) });
  const kind = kinds[run.position.kind];
  if (kind === undefined) return finish(ctx, source, run);
  return listKind(ctx, source, run, kind);
}

const step = (run: RunState, waitMs = 0): Step => ({ run, waitMs });

const restarted = (kinds: readonly Kind[]): Pick<RunState, "kinds" | "position" | "counts" | "errors"> => ({
  kinds: kinds.map(({ kind }) => ({
    ...{ kind, status: "waiting", fetched: 0, total: null, parents: null, message: null },
  })),
  position: { kind: 0, parent: null, cursor: null },
  ...{ counts: NO_COUNTS, errors: [] },
});

async function listKind(ctx: Ctx, source: OpenSource, run: RunState, kind: Kind): Promise<Step> {
  const { position } = run;
  const around = await parentAt(ctx, source, run, kind);
  const current = run.kinds[position.kind];
  const hasFailed = current?.status === "failed";
  if (around === "none") {
    const above = hasFailed ? null : notReadAbove(source, run, kind);
    if (above !== null && (current?.fetched ?? 0) === 0) return step(kindDone(run, "skipped", above));
    return step(kindDone(run, hasFailed ? "failed" : "done", current?.message ?? null));
  }
  const request: ListRequest = {
    parent: around?.parent ?? null,
    cursor: position.cursor,
    since: kind.incremental === true ? run.since : null,
  };
  let page: Page;
  try {
    page = await kind.list(source.session, request);
    if (page.next !== null && page.next === request.cursor) throw endless(source, kind);
  } catch (error) {
    return failed(ctx, source, run, kind, around, error);
  }
  const applied = await applyPage(ctx, source, kind, page, request);
  if (page.next === null && run.mode === "full" && isForgetful(kind, source))
    await touchObjects(ctx.db, ctx.org, source.id, {
      ...{ kind: kind.kind, parent: request.parent?.key ?? null, seen: run.number },
    });
  const fetched = (current?.fetched ?? 0) + page.objects.length + (page.commits?.length ?? 0);
  const isParentDone = page.next === null;
  const counted: RunState = {
    ...run,
    counts: addCounts(run.counts, applied.counts),
    errors: addErrors(run, applied.errors),
    ...{ attempts: 0, message: null, retryAt: null },
    kinds: withKind(run, {
      status: hasFailed ? "failed" : "running",
      fetched,
      total: totalOf(current?.total ?? null, page, request),
      parents:
        around === null
          ? null
          : { done: around.done + (isParentDone ? 1 : 0), all: Math.max(around.all, around.done + 1) },
    }),
  };
  if (!isParentDone)
    return step({
      ...counted,
      position: { ...position, parent: around?.parent.key ?? null, cursor: page.next },
    });
  if (around === null) return step(kindDone(counted, "done", null));
  return step({ ...counted, position: { ...position, parent: around.parent.key, cursor: null } });
}

/** Why there is nothing to list a kind under: the one above it could not be read; null: it could. */
function notReadAbove({ connector }: OpenSource, run: RunState, { under }: Kind): string | null {
  const above = run.kinds.find(({ kind }) => kind === under);
  const title = titleIn(connector, under ?? "");
  if (above?.status === "failed") return `stopped after ${title} failed`;
  // What was skipped says why.
  return above?.status === "skipped" ? above.message : null;
}

const isForgetful = ({ forgets }: Kind, { settings }: OpenSource): boolean =>
  typeof forgets === "function" ? forgets(settings) : forgets === true;

/** It would be asked for without end. */
const endless = ({ connector }: OpenSource, { kind }: Kind): HttpError =>
  new HttpError(
    `${connector.title} names a page of ${kind} as the next one of itself; it was left there`,
    0,
    {
      isPassing: false,
    },
  );

/** Each parent's first page tells its total. */
function totalOf(before: number | null, page: Page, { parent, cursor }: ListRequest): number | null {
  if (page.total === undefined) return before;
  if (parent === null) return page.total;
  return cursor === null ? (before ?? 0) + page.total : before;
}

interface Around {
  readonly parent: Parent;
  /** Parents that are done, and how many there are. */
  readonly done: number;
  readonly all: number;
}

/** What the kind is listed under at this point; null: under nothing; `none`: all are done. */
async function parentAt(
  ctx: Ctx,
  source: OpenSource,
  run: RunState,
  kind: Kind,
): Promise<Around | null | "none"> {
  if (kind.under === undefined) return null;
  const { position } = run;
  const parents = run.kinds[position.kind]?.parents ?? null;
  // A quick run did not see those that did not change.
  const seen = run.mode === "full" ? run.number : 0;
  // In the middle of one it is that one, which is the first not before it; else the one after it.
  const after = position.parent;
  const parent =
    position.cursor !== null && after !== null
      ? await readParent(ctx.db, ctx.org, source.id, kind.under, after)
      : await nextParent(ctx.db, ctx.org, source.id, kind.under, { seen, after });
  // Gone in the middle of it: on to the next.
  const found =
    parent ??
    (position.cursor === null
      ? null
      : await nextParent(ctx.db, ctx.org, source.id, kind.under, { seen, after }));
  if (found === null) return "none";
  const all = parents?.all ?? (await countObjects(ctx.db, ctx.org, source.id, kind.under, seen));
  return { parent: found, done: parents?.done ?? 0, all };
}

function kindDone(run: RunState, status: "done" | "skipped" | "failed", message: string | null): RunState {
  return {
    ...run,
    kinds: withKind(run, { status, message }),
    position: { kind: run.position.kind + 1, parent: null, cursor: null },
    ...{ attempts: 0, retryAt: null },
  };
}

async function applyPage(
  ctx: Ctx,
  source: OpenSource,
  kind: Kind,
  page: Page,
  { parent }: ListRequest,
): Promise<Applied> {
  const { commits = [] } = page;
  if (commits.length > 0) {
    const { inserted } = await applyCommits(ctx, commits);
    return { counts: addCounts(NO_COUNTS, { commits: inserted }), errors: [] };
  }
  if (page.objects.length === 0) return NOTHING_APPLIED;
  const objects = page.objects.map((object) =>
    parent === null || object.parent !== undefined ? object : { ...object, parent: parent.key },
  );
  return applyObjects(ctx, source, kind, objects, false);
}

/** With blanks it is none; derivation reads commits as lines of words. */
const isSha = (text: string): boolean => /^\S{1,100}$/.test(text);

/** Commits whose times cannot be read are left out: no number could be made of them. */
export function applyCommits(
  ctx: Ctx,
  commits: readonly RawCommit[],
): Promise<{ inserted: number; updated: number }> {
  const usable = commits
    .filter(
      ({ sha, authoredAt, committedAt }) => isSha(sha) && isInstant(authoredAt) && isInstant(committedAt),
    )
    .map((commit) => ({ ...commit, parents: commit.parents.filter(isSha) }));
  return transact(ctx, (tx) => storeCommits(tx, usable));
}

async function failed(
  ctx: Ctx,
  source: OpenSource,
  run: RunState,
  kind: Kind,
  around: Around | null,
  error: unknown,
): Promise<Step> {
  if (!(error instanceof HttpError) && !(error instanceof AppError)) throw error;
  const { message } = error;
  const now = ctx.now();
  if (error instanceof HttpError && error.isPassing && run.attempts < MAX_ATTEMPTS) {
    const grown = Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** run.attempts);
    const waitMs = Math.max(0, error.retryAt === null ? grown : error.retryAt - now.getTime());
    const retryAt = new Date(now.getTime() + waitMs).toISOString();
    return step({ ...run, attempts: run.attempts + 1, message, retryAt }, waitMs);
  }
  const status = error instanceof HttpError ? error.status : 0;
  // No other kind will fare better.
  if (status === 401) {
    const rest = {
      status: "skipped",
      message: `stopped after ${titleIn(source.connector, kind.kind)} failed`,
    } as const;
    const kinds = withKind(run, { status: "failed", message }).map((one) =>
      one.status === "waiting" ? { ...one, ...rest } : one,
    );
    return step(endOf(ctx, { ...run, kinds }, "failed", message));
  }
  if (kind.optional === undefined || (status !== 403 && status !== 404)) {
    if (around === null) return step({ ...kindDone(run, "failed", message), message });
    // One repository that is blocked, or too large to be answered about, does not keep the others from being read.
    return step({ ...parentLeft(run, around, { status: "failed", message }), message });
  }
  // What cannot be seen any more has not vanished.
  const parent = around?.parent.key ?? null;
  await touchObjects(ctx.db, ctx.org, source.id, { kind: kind.kind, parent, seen: run.number });
  const skipped = `left out: ${kind.optional}`;
  if (around === null) return step(kindDone(run, "skipped", skipped));
  return step(parentLeft(run, around, { status: "running", message: skipped }));
}

/** On to the next parent. Of a kind the first failure is told. */
function parentLeft(
  run: RunState,
  { parent, done, all }: Around,
  why: Pick<KindProgress, "status" | "message">,
): RunState {
  const current = run.kinds[run.position.kind];
  const { status, message } = current?.status === "failed" ? current : why;
  const parents = { done: done + 1, all: Math.max(all, done + 1) };
  return {
    ...run,
    kinds: withKind(run, { status, message, parents }),
    position: { ...run.position, parent: parent.key, cursor: null },
    ...{ attempts: 0, retryAt: null },
  };
}

export function endOf(
  ctx: Ctx,
  run: RunState,
  status: "completed" | "failed" | "stopped",
  message: string | null,
): RunState {
  return {
    ...run,
    ...{ status, message, retryAt: null, finishedAt: ctx.now().toISOString() },
    syncedTo: status === "completed" ? run.startedAt : run.syncedTo,
  };
}

/** After the last kind: what the run did not see is gone, unless something could not be listed. */
async function finish(ctx: Ctx, source: OpenSource, run: RunState): Promise<Step> {
  const broken = run.kinds.filter(({ status }) => status === "failed");
  if (broken.length > 0) {
    const names = broken.map(({ kind, message }) => `${kind} (${message ?? ""})`).join("; ");
    const ended = endOf(ctx, run, "failed", `not everything could be listed: ${names}`);
    return step({ ...ended, deletion: "nothing was deleted, because not everything could be listed" });
  }
  if (run.mode === "quick") return step(endOf(ctx, run, "completed", null));
  if (run.deletion === null) {
    const { all, stale } = await countStale(ctx.db, ctx.org, source.id, run.number);
    const limit = source.plan.entityDeletionThreshold;
    if (stale > 0 && stale / all > limit)
      return step({
        ...endOf(ctx, run, "completed", null),
        deletion: `nothing was deleted: ${stale} of ${all} entities vanished, more than the entityDeletionThreshold ${limit} allows`,
      });
  }
  const stale = await staleObjects(ctx.db, ctx.org, source.id, run.number, VANISHED_BATCH);
  if (stale.length > 0) {
    const applied = await forgetObjects(ctx, source, stale);
    const counts = addCounts(run.counts, applied.counts);
    const errors = addErrors(run, applied.errors);
    return step({ ...run, counts, errors, deletion: `${counts.deleted} entities deleted` });
  }
  await forgetGone(ctx.db, ctx.org, source.id, run.number - REMEMBERED_RUNS);
  return step({
    ...endOf(ctx, run, "completed", null),
    deletion: `${run.counts.deleted} entities deleted`,
  });
}
