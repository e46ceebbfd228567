import { DAY, HOUR } from "./calendar.ts";
import { adjustHabit, habits } from "./habits.ts";
import type { Habit } from "./habits.ts";
import { commitDirectly, createDesk, draftUpdate, draftWork } from "./pull-requests.ts";
import type { Desk, Target } from "./pull-requests.ts";
import { createRandom } from "./random.ts";
import { BREAKS_BEFORE_END, createReleaseLine } from "./release-line.ts";
import type { ReleaseLine } from "./release-line.ts";
import type { ServiceSpec } from "./services.ts";
import type { SimulatedRepository } from "./simulated.ts";
import type { Team } from "./teams.ts";
import { createWorkshop, wholeSecond } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

const YEAR = 365 * DAY;
/** Work begins before the first release, so that there is something to release. */
const LEAD_IN = 9 * DAY;
const TUESDAY = 2;
const THURSDAY = 4;

export interface RepositoryPlan {
  readonly repository: string;
  readonly team: Team;
  readonly services: readonly ServiceSpec[];
}

/** One service of the repository: who works on it in which way, and its way to production. */
interface Track {
  readonly spec: ServiceSpec;
  readonly target: Target;
  readonly habitAt: (at: number) => Habit;
  readonly line: ReleaseLine;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly offDay: number;
}

/** A year of one repository up to `end` (midnight, UTC). The same seed and end give the same year. */
export function simulateRepository(plan: RepositoryPlan, end: number, seed: string): SimulatedRepository {
  const landing = plan.services[0]?.landing ?? "squash";
  const shop = createWorkshop(plan.repository, plan.team, landing, seed);
  const start = end - YEAR - LEAD_IN;
  const first = shop.history.add([], {
    authoredAt: start - 20 * DAY,
    committedAt: start - 20 * DAY,
    author: shop.random.pick(plan.team.people),
    message: "Initial commit",
    paths: plan.services.flatMap(({ paths }) => paths ?? []).length > 0 ? ["**"] : null,
  });
  shop.history.advance(first, start - 20 * DAY);
  const desk = createDesk(shop);
  const tracks = plan.services.map((spec) => createTrack(shop, desk, spec, start, end, seed));
  shop.listeners.push((landed, at) => {
    for (const { line } of tracks) if (landed.services.includes(line.service)) line.landed(landed, at);
  });
  const { calendar, queue } = shop;
  for (let day = calendar.dayOf(start); day <= calendar.dayOf(end); day += 1)
    for (const track of tracks) {
      planWork(shop, desk, track, tracks, day);
      planReleases(shop, track, day);
    }
  for (const { spec, line } of tracks)
    if (spec.brokenNow === true) queue.add(end - BREAKS_BEFORE_END, () => line.breakNext());
  queue.runUntil(end);
  desk.close(end);
  return {
    repository: plan.repository,
    services: plan.services.map(({ id }) => id),
    commits: shop.history.commits,
    changes: shop.changes.sort((a, b) => a.number - b.number),
    deployments: shop.deployments,
    injected: shop.injected,
  };
}

function createTrack(
  shop: Workshop,
  desk: Desk,
  spec: ServiceSpec,
  start: number,
  end: number,
  seed: string,
): Track {
  const own = createRandom(`${seed}:${spec.id}:habit`);
  const by = {
    pace: own.between(0.75, 1.35),
    volume: own.between(0.85, 1.2),
    failures: own.between(0.8, 1.2),
  };
  const phases = spec.phases.map(({ from, habit, failures }) => ({
    at: end - YEAR * (1 - from),
    habit: adjustHabit(habits[habit], { ...by, failures: by.failures * (failures ?? 1) }),
  }));
  const habitAt = (at: number): Habit =>
    (phases.findLast((phase) => phase.at <= at) ?? phases[0])?.habit ?? habits.weekly;
  const launched = spec.launchedDaysAgo;
  const opensAt = launched === null ? Number.POSITIVE_INFINITY : end - (launched ?? 366) * DAY;
  const isNew = launched !== undefined;
  const startsAt = isNew ? Math.max(start, end - ((launched ?? 80) + 70) * DAY) : start;
  const quietAt = spec.quietDaysAgo === undefined ? end : end - spec.quietDaysAgo * DAY;
  const paths = spec.paths?.filter((glob) => !glob.includes("shared")) ?? null;
  return {
    spec,
    target: { services: [spec.id], paths },
    habitAt,
    line: createReleaseLine(shop, desk, { spec, habitAt, paths, opensAt, closesAt: quietAt }),
    startsAt,
    endsAt: quietAt,
    offDay: own.whole(1, 3),
  };
}

function planWork(shop: Workshop, desk: Desk, track: Track, tracks: readonly Track[], day: number): void {
  const { random, calendar } = shop;
  const noon = calendar.at(day, 12);
  if (noon < track.startsAt) return;
  const habit = track.habitAt(noon);
  const target = random.chance(0.15) ? sharedTarget(track, tracks) : track.target;
  const pulls = noon < track.endsAt ? random.poisson((habit.pullsPerWeek / 5) * calendar.activity(day)) : 0;
  for (let count = 0; count < pulls; count += 1) {
    const at = wholeSecond(calendar.at(day, random.between(8.6, 17.6)));
    const pull = draftWork(shop, target, habit, at);
    if (shop.landing === "direct") commitDirectly(shop, pull);
    else desk.submit(pull);
  }
  // The updates of the week come on Monday morning.
  if (shop.landing === "direct" || !calendar.isWeekday(day, 1) || !random.chance(0.33)) return;
  const at = wholeSecond(calendar.at(day, 6) + random.between(0, 1) * HOUR);
  desk.submit(draftUpdate(shop, track.target, habit, at));
}

/** In a repository of several services some work touches what they share. */
function sharedTarget(track: Track, tracks: readonly Track[]): Target {
  if (tracks.length < 2) return track.target;
  return { services: tracks.map(({ spec }) => spec.id), paths: ["packages/shared/**"] };
}

function planReleases(shop: Workshop, track: Track, day: number): void {
  const { random, calendar, queue } = shop;
  const hour = random.between(9.5, 15.5);
  const { cadence } = track.habitAt(calendar.at(day, 12));
  if (cadence === "merge" || !calendar.isWorkday(day) || calendar.isFrozen(day)) return;
  const isNearEnd = track.spec.brokenNow === true && calendar.at(day, 12) > track.endsAt - BREAKS_BEFORE_END;
  const trainDay = calendar.isWeekday(day, track.offDay === 3 ? THURSDAY : TUESDAY);
  const week = Math.floor((day + 3) / 7);
  const isDue =
    cadence === "daily" ||
    (cadence === "frequent" && (random.chance(0.5) || isNearEnd)) ||
    (cadence === "weekly" && trainDay) ||
    (cadence === "fortnightly" && trainDay && week % 2 === track.offDay % 2) ||
    (cadence === "monthly" && trainDay && week % 4 === track.offDay);
  if (isDue) queue.add(calendar.at(day, hour), (at) => track.line.cut(at));
}
