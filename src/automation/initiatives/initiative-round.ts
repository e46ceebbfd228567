/** Looks at initiatives: counts how far they are, and reminds those who are late, each moment once. */
import type { Actor } from "../../model/actor.ts";
import { INITIATIVE_KIND } from "../../model/automation-event.ts";
import type { Entity } from "../../model/entity.ts";
import { goalProblem, type Initiative, lastReminder, parseInitiative } from "../../model/initiative.ts";
import { appendChanges } from "../../storage/changes.ts";
import type { Ctx } from "../../storage/context.ts";
import {
  type InitiativeRow,
  keepProgress,
  listInitiatives,
  noteReminded,
  readInitiative,
} from "../../storage/initiatives.ts";
import { readMembers } from "../../storage/people.ts";
import { transact } from "../../storage/transact.ts";
import type { AlertMeans } from "../alerts/alert-means.ts";
import { type Counted, countInitiative, openEntities, openTeams, scorecardOf } from "./count-initiative.ts";
import { initiativeDocument, type InitiativeEvent, NAMED } from "./initiative-message.ts";

const INITIATIVE_ACTOR: Actor = { kind: "system", id: "fairway:initiative", datasource: null };

/** @returns whether anybody was reminded */
export async function initiativeRound(ctx: Ctx, means: Pick<AlertMeans, "publicUrl">): Promise<boolean> {
  const own = { ...ctx, actor: INITIATIVE_ACTOR };
  let told = false;
  for (const row of await listInitiatives(ctx.db, ctx.org))
    try {
      if (await lookAt(own, row, means)) told = true;
    } catch (error) {
      ctx.log.warn({ err: error, initiative: row.identifier }, "an initiative could not be looked at");
    }
  return told;
}

/** As it is stored: blueprint and scorecard follow what they are called now. */
export const initiativeOf = ({ document, blueprint, scorecard }: InitiativeRow): Initiative =>
  parseInitiative({ ...document, blueprint, scorecard }).initiative;

async function lookAt(ctx: Ctx, row: InitiativeRow, means: Pick<AlertMeans, "publicUrl">): Promise<boolean> {
  const initiative = initiativeOf(row);
  const scorecard = await scorecardOf(ctx, initiative);
  // Nobody can reach what is not there any more: it stays as it was last counted, and nobody is reminded.
  if (scorecard === null || goalProblem(initiative, scorecard) !== null) return false;
  const counted = await countInitiative(ctx, initiative, scorecard);
  const now = ctx.now();
  if (counted.total !== row.total || counted.done !== row.done)
    await keepProgress(ctx.db, ctx.org, row.identifier, counted, now);
  if (dueOf(initiative, row, counted, now) === null && !isOther(row, counted)) return false;
  const isToTell = dueOf(initiative, row, counted, now) !== null;
  const open = isToTell ? await openEntities(ctx, initiative, scorecard, NAMED) : [];
  const owners =
    isToTell && initiative.recipients.owners
      ? await openTeams(ctx, initiative, scorecard)
      : new Set<string>();
  return transact(ctx, async (tx) => {
    const held = await readInitiative(tx.db, tx.org, row.identifier, true);
    // Changed meanwhile: the next look does it.
    if (held?.updated_at.getTime() !== row.updated_at.getTime()) return false;
    const event = dueOf(initiative, held, counted, now);
    const reachedAt = isReached(counted) ? (held.reached_at ?? now) : null;
    await noteReminded(tx.db, tx.org, row.identifier, event === null ? held.reminded_at : now, reachedAt);
    if (event === null) return false;
    const people = {
      ...{ now: now.getTime(), publicUrl: means.publicUrl() },
      emails: await emailsOf(tx, initiative, owners),
    };
    const after = initiativeDocument(initiative, event, counted, open, people);
    await appendChanges(tx, now, [
      {
        ...{ kind: INITIATIVE_KIND, action: event, blueprint: initiative.blueprint },
        ...{ identifier: row.identifier, before: null, after },
      },
    ]);
    return true;
  });
}

const isReached = ({ total, done }: Counted): boolean => total > 0 && done === total;
const isOther = ({ reached_at: at }: InitiativeRow, counted: Counted): boolean =>
  isReached(counted) !== (at !== null);

/** What there is to tell now. */
function dueOf(
  initiative: Initiative,
  { reached_at: reached, reminded_at: reminded }: InitiativeRow,
  counted: Counted,
  now: Date,
): InitiativeEvent | null {
  if (isReached(counted)) return reached === null ? "REACHED" : null;
  const at = lastReminder(initiative, now.getTime());
  if (at === null || at <= reminded.getTime() || counted.total === 0) return null;
  return now.getTime() >= initiative.dueAt ? "OVERDUE" : "REMINDER";
}

/** Who answers for it, and members of the teams that own what is not there yet. */
async function emailsOf(
  ctx: Ctx,
  { owner, team, recipients }: Initiative,
  owners: ReadonlySet<string>,
): Promise<string[]> {
  const teams = new Set([...(team === null ? [] : [team]), ...owners]);
  const members = teams.size === 0 ? [] : await readMembers(ctx.db, ctx.org, [...teams]);
  const found = new Set([...recipients.emails, ...(owner === null ? [] : [owner])]);
  for (const user of members) if (isReachable(user)) found.add(user.identifier);
  return [...found].sort();
}

const isReachable = ({ properties }: Entity): boolean =>
  properties["status"] !== "Disabled" && properties["port_type"] !== "Service Account";
