/** Automations with a schedule: one run for each due moment, over all processes; moments missed are one run, late. */
import { Cron } from "croner";
import {
  dropSchedules,
  insertSchedule,
  readSchedules,
  takeSchedules,
  writeSchedule,
} from "../storage/automations.ts";
import type { Ctx } from "../storage/context.ts";
import { transact } from "../storage/transact.ts";
import type { Automation, AutomationCache } from "./automations.ts";
import { startAutomation } from "./start-automation.ts";

const SCHEDULE_EVENT = "SCHEDULE";
/** The first moment after `after`; null: there is none. */
function nextMoment(cron: string, timezone: string, after: Date): Date | null {
  return new Cron(cron, { timezone, paused: true }).nextRun(after);
}

interface Scheduled {
  readonly automation: Automation;
  readonly cron: string;
  readonly timezone: string;
  readonly text: string;
}

/** Asked once of each: the search for a moment that never comes (30 February) goes to the year 3000. */
const readable = new WeakMap<Automation, boolean>();

function isReadable(ctx: Ctx, automation: Automation, cron: string, timezone: string): boolean {
  const known = readable.get(automation);
  if (known !== undefined) return known;
  let can = true;
  try {
    nextMoment(cron, timezone, ctx.now());
  } catch (error) {
    // Checked when it was written; a time zone that the machine does not know must not stop the others.
    ctx.log.error({ err: error, automation: automation.action.identifier }, "a schedule cannot be read");
    can = false;
  }
  readable.set(automation, can);
  return can;
}

function scheduledOf(ctx: Ctx, automation: Automation): Scheduled[] {
  const { type, cron, timezone } = automation.event;
  if (type !== SCHEDULE_EVENT || typeof cron !== "string") return [];
  const zone = typeof timezone === "string" ? timezone : "UTC";
  if (!isReadable(ctx, automation, cron, zone)) return [];
  return [{ automation, cron, timezone: zone, text: `${cron} ${zone}` }];
}

/** Starts what is due, and learns of new schedules. */
export async function scheduleRound(ctx: Ctx, cache: AutomationCache): Promise<void> {
  const { all } = await cache.current(ctx);
  const scheduled = new Map(
    all.flatMap((one) => scheduledOf(ctx, one)).map((one) => [one.automation.action.id, one]),
  );
  const now = ctx.now();
  const known = await readSchedules(ctx.db, ctx.org);
  const isSettled =
    known.length === scheduled.size &&
    known.every(({ automation, schedule, next_at: next }) => {
      const own = scheduled.get(automation);
      return own?.text === schedule && (next === null || next > now);
    });
  if (isSettled) return;
  await transact(ctx, async (tx) => {
    for (const { automation, schedule, next_at: due } of await takeSchedules(tx.db, tx.org)) {
      const own = scheduled.get(automation);
      if (own === undefined) continue;
      const isOther = own.text !== schedule;
      if (!isOther && (due === null || due > now)) continue;
      if (!isOther && due !== null) await startDue(tx, own, due);
      await writeSchedule(tx.db, tx.org, automation, own.text, nextMoment(own.cron, own.timezone, now));
    }
    const names = new Set(known.map((row) => row.automation));
    for (const [id, { cron, timezone, text }] of scheduled)
      if (!names.has(id)) await insertSchedule(tx.db, tx.org, id, text, nextMoment(cron, timezone, now));
    await dropSchedules(
      tx.db,
      tx.org,
      [...names].filter((id) => !scheduled.has(id)),
    );
  });
}

async function startDue(tx: Ctx, { automation, text }: Scheduled, due: Date): Promise<void> {
  const at = due.toISOString();
  await startAutomation(tx, automation, {
    event: {
      ...{ action: "SCHEDULED", resourceType: "schedule" },
      trigger: { by: { orgId: tx.org, byPort: true }, origin: "AUTOMATION", at },
      context: { schedule: text, dueAt: at },
      diff: { before: null, after: null },
    },
    ...{ key: `schedule ${at}`, depth: 1, stopped: null },
  });
}
