/** The derived rows of whole organisations, held in memory as numbers and kept current by the revisions of services. */
import { type FoldOptions, foldInSteps } from "../../dora/columns/fold.ts";
import { CHANGE_BITS, DEPLOYMENT_BITS, incidentRow, REASONS, TWICE_MS } from "../../dora/columns/layout.ts";
import { OrganisationColumns, type Selection } from "../../dora/columns/organisation.ts";
import { UnshippedChanges, type UnshippedCounts } from "../../dora/columns/unshipped.ts";
import type { DerivedIncident } from "../../dora/derived.ts";
import type { FoldedWindow } from "../../dora/fold-rows.ts";
import type { Ctx } from "../../storage/context.ts";
import type { Db } from "../../storage/db.ts";
import {
  digestOf,
  type HeldState,
  readColumns,
  readHeldState,
  readRevisions,
  type ServiceRevision,
} from "../../storage/dora-columns.ts";
import { pauses } from "./pauses.ts";
import type { Question } from "./question.ts";
import { type Scope, spanOf } from "./scope.ts";

/** One row takes 80 bytes, and as much again in what is folded: half a gigabyte. Larger ones are read row by row. */
const MAX_ROWS = 3_000_000;
/** Of all organisations and environments together: beside a large one there is room for small ones. */
const MAX_ALL_ROWS = 4_000_000;
/** Reading so few costs less than reading those of the organisation: where it is not held, they do not make it held. */
const FEW_ROWS = 2_000;
/** Reading a row costs as much as passing over so many that are held. */
const PASSED_OVER = 1_000;
/** Environments of organisations. */
const MAX_HELD = 16;
/** Read at once: so many services, and so many rows where they are not all of one service. */
const PAGE = 200;
const PAGE_ROWS = 100_000;

interface Held {
  readonly columns: OrganisationColumns;
  readonly unshipped: UnshippedChanges;
  readonly revisions: Map<string, ServiceRevision>;
  /** Empty until all of it was read. */
  digest: string;
  /** Ends when the latest look at the database has. */
  current: Promise<unknown>;
}

const heldBy = new WeakMap<Db, Map<string, Held>>();

const CODES = {
  reasons: REASONS,
  change: CHANGE_BITS,
  deployment: DEPLOYMENT_BITS,
  twiceMs: TWICE_MS,
} as const;

export interface HeldWindow {
  readonly folded: FoldedWindow;
  /** Of what was merged in it. */
  readonly unshipped: UnshippedCounts;
}

/** Each question's window, all of them about the same organisation and environments; null: to be read row by row. */
export function foldOrganisation(
  ctx: Ctx,
  questions: readonly Question[],
): Promise<readonly HeldWindow[] | null> {
  return withHeld(ctx, questions, async (columns, pause, changes) => {
    const windows: HeldWindow[] = [];
    for (const { scope, window, ...question } of questions) {
      const options = foldOptions(scope, question);
      const steps = foldInSteps(columns, window, question.now, options);
      windows.push({
        folded: await walked(steps, pause),
        unshipped: changes.count(window.from, window.to, options.selection ?? null),
      });
    }
    return windows;
  });
}

/** Runs to the end, with pauses between its steps. */
export async function walked<T>(steps: Generator<void, T>, pause: () => Promise<void>): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await pause();
  }
}

const foldOptions = (scope: Scope, { isAsOf, now }: Pick<Question, "isAsOf" | "now">): FoldOptions => ({
  selection: selectionOf(scope),
  until: isAsOf ? now : Infinity,
});

/** Null: everything. */
function selectionOf({ services, owned }: Scope): Selection | null {
  if (services === null) return null;
  if (owned === null) return new Map(services.map((service) => [service, null]));
  const spans = Map.groupBy(owned, ({ service }) => service);
  return new Map(services.map((service) => [service, (spans.get(service) ?? []).map(spanOf)]));
}

/**
 * Works with what is held of the organisation in the environments of the questions, as it is now; nothing changes
 * meanwhile. Null where it is not held, or where so few rows are asked for that they are better read.
 * @param isBounded services may be asked about for some of their days only
 */
export async function withHeld<T>(
  ctx: Ctx,
  questions: readonly Question[],
  work: (columns: OrganisationColumns, pause: () => Promise<void>, unshipped: UnshippedChanges) => Promise<T>,
  isBounded = questions.some(({ scope }) => scope.owned !== null),
): Promise<T | null> {
  // What a transaction sees is not what is held.
  if (ctx.db.isTransaction) return null;
  const services = servicesOf(questions);
  // Anybody may ask for environments that nothing was deployed to: of them there is nothing of their own to hold.
  const state = await readHeldState(ctx.db, ctx.org, questions[0]?.environments ?? [], services);
  const { environments } = state;
  // Which of several environments got a change while it was owned is not held.
  if (environments.length > 1 && isBounded) return null;
  const all = heldIn(ctx.db);
  const key = JSON.stringify([ctx.org, ...environments]);
  if (isBetterRead(state, all.get(key))) return null;
  const held = heldOf(all, key);
  // One after another: two that read at once would both read everything at first, and nothing changes while one folds.
  const answer = held.current.then(async () =>
    (await refresh(ctx, { all, held, environments, services }, state)) && held.columns.isAgreed
      ? work(held.columns, pauses(), held.unshipped)
      : null,
  );
  held.current = answer.then(
    () => undefined,
    () => undefined,
  );
  return answer;
}

/** Null: all there are. */
function servicesOf(questions: readonly Question[]): readonly string[] | null {
  const services = new Set<string>();
  for (const { scope } of questions) {
    if (scope.services === null) return null;
    for (const service of scope.services) services.add(service);
  }
  return [...services];
}

function isBetterRead({ revisions }: HeldState, held: Held | undefined): boolean {
  if (revisions === null) return false;
  const rows = revisions.reduce((sum, one) => sum + one.rows, 0);
  if (held === undefined || held.digest === "") return rows <= FEW_ROWS;
  return rows <= FEW_ROWS && rows * PASSED_OVER < held.columns.rows;
}

function heldIn(db: Db): Map<string, Held> {
  let all = heldBy.get(db);
  if (all === undefined) heldBy.set(db, (all = new Map()));
  return all;
}

function heldOf(all: Map<string, Held>, key: string): Held {
  const held = all.get(key) ?? {
    columns: new OrganisationColumns(),
    unshipped: new UnshippedChanges(),
    revisions: new Map(),
    digest: "",
    current: Promise.resolve(),
  };
  // The one asked for last goes last.
  all.delete(key);
  all.set(key, held);
  for (const oldest of all.keys()) if (all.size > MAX_HELD) all.delete(oldest);
  return held;
}

/** Those that were asked for longest ago go, until there is room for this one. */
function makeRoom(all: Map<string, Held>, held: Held): void {
  let left = MAX_ALL_ROWS - held.columns.rows;
  for (const other of all.values()) if (other !== held) left -= other.columns.rows;
  for (const [key, other] of all) {
    if (left >= 0) return;
    if (other === held) continue;
    all.delete(key);
    left += other.columns.rows;
  }
}

interface Asked {
  readonly all: Map<string, Held>;
  readonly held: Held;
  readonly environments: readonly string[];
  /** Null: all there are. */
  readonly services: readonly string[] | null;
}

/**
 * Reads what was derived since; of a part of the services only theirs, unless nothing was read yet.
 * @param state read before others had their turn. @returns false where there are too many rows to be held
 */
async function refresh(
  ctx: Ctx,
  { all, held, environments, services }: Asked,
  state: HeldState,
): Promise<boolean> {
  const forget = (): void => {
    for (const [key, other] of all) if (other === held) all.delete(key);
  };
  if (state.rows > MAX_ROWS) {
    // What was held while there were fewer.
    forget();
    return false;
  }
  if (state.digest === held.digest) return true;
  // Read anew by the next question.
  if (held.columns.isWorn) forget();
  const some = held.digest === "" ? null : services;
  if (some !== null && !isBehind(held, some, state.revisions ?? [])) return true;
  // Rows may be newer than the revision they are kept under: they are read once more then.
  const revisions = await readRevisions(ctx.db, ctx.org, some);
  const present = new Set(revisions.map(({ service }) => service));
  for (const service of some ?? held.revisions.keys())
    if (!present.has(service) && held.revisions.delete(service)) {
      held.columns.remove(service);
      held.unshipped.remove(service);
    }
  const stale = revisions.filter((one) => !isHeld(held, one));
  const pause = pauses();
  for (const page of pagesOf(stale)) {
    const names = page.map(({ service }) => service);
    const stored = await readColumns(ctx.db, ctx.org, environments, names, CODES);
    for (const one of page) {
      const own = stored.get(one.service);
      if (own === undefined) continue;
      const incidents = (own.incidents as readonly DerivedIncident[]).map(incidentRow);
      held.columns.put(one.service, { ...own, incidents });
      held.unshipped.put(one.service, own.unshipped);
      held.revisions.set(one.service, one);
      await pause();
    }
    makeRoom(all, held);
  }
  if (some === null) held.digest = digestOf(revisions);
  return true;
}

const isHeld = (held: Held, { service, revision }: ServiceRevision): boolean =>
  held.revisions.get(service)?.revision === revision;

/** Whether any of the services was derived since it was read, or is gone. */
function isBehind(held: Held, services: readonly string[], now: readonly ServiceRevision[]): boolean {
  const present = new Set(now.map(({ service }) => service));
  return (
    now.some((one) => !isHeld(held, one)) ||
    services.some((service) => !present.has(service) && held.revisions.has(service))
  );
}

function* pagesOf(services: readonly ServiceRevision[]): Generator<readonly ServiceRevision[]> {
  let page: ServiceRevision[] = [];
  let rows = 0;
  for (const one of services) {
    if (page.length > 0 && (page.length === PAGE || rows + one.rows > PAGE_ROWS)) {
      yield page;
      page = [];
      rows = 0;
    }
    page.push(one);
    rows += one.rows;
  }
  if (page.length > 0) yield page;
}
