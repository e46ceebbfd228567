/** The derived rows of whole organisations, held in memory as numbers and kept current by the revisions of services. */
import { foldWindow } from "../../dora/columns/fold.ts";
import { CHANGE_BITS, DEPLOYMENT_BITS, incidentRow, REASONS, TWICE_MS } from "../../dora/columns/layout.ts";
import { OrganisationColumns } from "../../dora/columns/organisation.ts";
import type { DerivedIncident } from "../../dora/derived.ts";
import type { Ctx } from "../../storage/context.ts";
import type { Db } from "../../storage/db.ts";
import { readColumns, readDigest, readRevisions } from "../../storage/dora-columns.ts";
import type { Question } from "./question.ts";

/** One row takes 80 bytes, and as much again in what is folded: half a gigabyte. Larger ones are read row by row. */
const MAX_CHANGES = 3_000_000;
/** Environments of organisations. */
const MAX_HELD = 4;
/** Services read at once. */
const PAGE = 200;

interface Held {
  readonly columns: OrganisationColumns;
  readonly revisions: Map<string, string>;
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

/** Whether the rows of a question are those that are held: of everything, in one environment, as they are now. */
const isHeld = ({ scope, environments, isAsOf }: Question): boolean =>
  scope.services === null && scope.owned === null && environments.length === 1 && !isAsOf;

/** The window of the question, and the one before it where a comparison is asked for; null: to be read row by row. */
export async function foldOrganisation(ctx: Ctx, question: Question) {
  const [environment] = question.environments;
  if (!isHeld(question) || environment === undefined) return null;
  const columns = await columnsOf(ctx, environment);
  if (columns === null) return null;
  const { window, previous, now } = question;
  return {
    current: foldWindow(columns, window, now),
    previous: previous === null ? null : foldWindow(columns, previous, now),
  };
}

async function columnsOf(ctx: Ctx, environment: string): Promise<OrganisationColumns | null> {
  const held = heldOf(ctx, environment);
  // One after another: two that read at once would both read everything at first.
  const look = held.current.then(() => refresh(ctx, held, environment));
  held.current = look.catch(() => undefined);
  return (await look) ? held.columns : null;
}

function heldOf({ db, org }: Ctx, environment: string): Held {
  let all = heldBy.get(db);
  if (all === undefined) heldBy.set(db, (all = new Map()));
  const key = `${org}\u0000${environment}`;
  const known = all.get(key);
  const held = known ?? {
    columns: new OrganisationColumns(),
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

/** @returns false where there are too many rows to be held */
async function refresh(ctx: Ctx, held: Held, environment: string): Promise<boolean> {
  const { digest, changes } = await readDigest(ctx.db, ctx.org);
  if (changes > MAX_CHANGES) return false;
  if (digest === held.digest) return true;
  // Rows may be newer than the revision they are kept under: they are read once more then.
  const revisions = await readRevisions(ctx.db, ctx.org);
  for (const service of held.revisions.keys())
    if (!revisions.has(service)) {
      held.columns.remove(service);
      held.revisions.delete(service);
    }
  const stale = [...revisions].filter(([service, revision]) => held.revisions.get(service) !== revision);
  for (let start = 0; start < stale.length; start += PAGE) {
    const page = stale.slice(start, start + PAGE);
    const names = page.map(([service]) => service);
    const stored = await readColumns(ctx.db, ctx.org, environment, names, CODES);
    for (const [service, revision] of page) {
      const rows = stored.get(service);
      if (rows === undefined) continue;
      const incidents = (rows.incidents as readonly DerivedIncident[]).map(incidentRow);
      held.columns.put(service, { ...rows, incidents });
      held.revisions.set(service, revision);
    }
  }
  held.digest = digest;
  return true;
}
