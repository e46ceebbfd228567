import { DAY, HOUR, MINUTE } from "./calendar.ts";
import { createDeploymentLog } from "./deployment-log.ts";
import type { Deployable } from "./deployment-log.ts";
import type { Habit } from "./habits.ts";
import { commitDirectly, draftRepair } from "./pull-requests.ts";
import type { Desk, RepairOrder } from "./pull-requests.ts";
import type { ServiceSpec } from "./services.ts";
import type { FailureKind, RepairKind } from "./simulated.ts";
import type { Landed, Workshop } from "./workshop.ts";
import { wholeSecond } from "./workshop.ts";

/** Noticed and repaired within the day that the failure window has, pipeline included. */
const LONGEST_DETECTION = 6 * 60;
const LONGEST_REPAIR = 11 * 60;
/** A failure that is older than this is history, not news. */
export const BREAKS_BEFORE_END = 4 * DAY;

interface Build extends Deployable {
  readonly landed: readonly Landed[];
}

interface Purpose {
  readonly trigger: "normal" | "hotfix";
  /** Cannot go wrong: it repairs what did. */
  readonly sound: boolean;
  /** What is known about it once it has arrived. */
  readonly done?: (id: string) => void;
}

const normal: Purpose = { trigger: "normal", sound: false };

/** Brings a service's merged work to production, lets some of it go wrong, and has it repaired. */
export interface ReleaseLine {
  readonly service: string;
  landed(landed: Landed, at: number): void;
  /** Releases what is waiting, unless a release or a repair is going on. */
  cut(at: number): void;
  /** The next release fails and stays broken. */
  breakNext(): void;
}

export interface LineOptions {
  readonly spec: ServiceSpec;
  readonly habitAt: (at: number) => Habit;
  readonly paths: readonly string[] | null;
  readonly opensAt: number;
  readonly closesAt: number;
}

export function createReleaseLine(shop: Workshop, desk: Desk, options: LineOptions): ReleaseLine {
  const { random, queue, history, calendar, injected } = shop;
  const { spec, habitAt, paths } = options;
  const target = { services: [spec.id], paths };
  const log = createDeploymentLog(shop, spec);
  const shippedBy = new Map<Landed, Build>();
  let waiting: Landed[] = [];
  let busy = false;
  let planned = false;
  let mustBreak = false;
  let live: Build | null = null;
  let before: Build | null = null;

  const pipeline = (at: number, share = 1) =>
    wholeSecond(random.around(habitAt(at).pipelineMinutes * share, 0.25) * MINUTE);

  function stage(build: Build, at: number, attempt: number): void {
    const succeeded = attempt > 1 || !random.chance(0.06);
    queue.add(at + pipeline(at, 0.7), (arrives) => {
      log.record(build, {
        previous: null,
        environment: "Staging",
        succeeded,
        startedAt: at,
        finishedAt: arrives,
        trigger: "normal",
      });
      if (!succeeded)
        queue.add(arrives + random.between(15, 70) * MINUTE, (now) => stage(build, now, attempt + 1));
      else queue.add(calendar.afterWork(arrives, soak()), (now) => produce(build, now, normal));
    });
  }

  /** Working hours between staging and production. */
  function soak(): number {
    const { cadence } = habitAt(options.closesAt);
    if (cadence === "merge" || cadence === "daily") return random.between(0.3, 1.6);
    return cadence === "frequent" ? random.between(1, 4) : random.between(3, 12);
  }

  function produce(build: Build, at: number, purpose: Purpose): void {
    const startedAt = wholeSecond(at);
    queue.add(startedAt + pipeline(at), (arrives) => arrive(build, startedAt, arrives, purpose));
  }

  function outcome(at: number, purpose: Purpose): FailureKind | null {
    if (mustBreak) return "status";
    if (purpose.sound || live === null || !random.chance(habitAt(at).failureRate)) return null;
    const { causes } = habitAt(at);
    const kind = random.weighted<FailureKind>([
      ["status", causes.status],
      ["rollback", causes.rollback],
      ["repair", causes.repair],
    ]);
    return kind === "rollback" && before === null ? "repair" : kind;
  }

  function arrive(build: Build, startedAt: number, at: number, purpose: Purpose): void {
    const failure = outcome(at, purpose);
    const succeeded = failure !== "status";
    const id = log.record(build, {
      previous: live,
      environment: "Production",
      succeeded,
      startedAt,
      finishedAt: at,
      trigger: purpose.trigger,
    });
    purpose.done?.(id);
    const detected = at + Math.min(LONGEST_DETECTION, random.around(habitAt(at).detectMinutes, 0.7)) * MINUTE;
    if (failure === "status") {
      injected.failed.set(id, "status");
      if (!mustBreak) queue.add(detected, (now) => retry(build, now));
      return;
    }
    before = live;
    live = build;
    for (const landed of build.landed) if (!shippedBy.has(landed)) shippedBy.set(landed, build);
    if (failure === null) settle(at, build);
    else if (failure === "rollback") queue.add(detected, (now) => rollBack(id, build, now));
    else queue.add(detected, (now) => repair(id, build, now));
  }

  /** Normal business again; now and then something smaller turns out days later. */
  function settle(at: number, build: Build): void {
    busy = false;
    plan(at);
    const { cadence } = habitAt(at);
    const isSlow = cadence === "weekly" || cadence === "fortnightly" || cadence === "monthly";
    if (spec.release === "main" || !isSlow || !random.chance(0.07)) return;
    queue.add(calendar.afterWork(at + 26 * HOUR, random.between(0, 6)), (now) => {
      if (busy || live !== build) return;
      busy = true;
      fix(build, now, { manner: "fix", culprit: null, urgent: false }, (repaired, when) =>
        produce(repaired, when, {
          trigger: "hotfix",
          sound: true,
          done: (id) => injected.rework.set(id, "hotfix"),
        }),
      );
    });
  }

  function retry(build: Build, at: number): void {
    if (spec.release === "main" || random.chance(0.6)) {
      produce(build, at + random.between(2, 25) * MINUTE, { trigger: "normal", sound: true });
      return;
    }
    fix(build, at, { manner: "fix", culprit: null, urgent: false }, (repaired, when) =>
      produce(repaired, when, {
        trigger: "hotfix",
        sound: true,
        done: (id) => injected.rework.set(id, "hotfix"),
      }),
    );
  }

  function rollBack(failed: string, build: Build, at: number): void {
    const older = before;
    if (older === null) return;
    queue.add(at + pipeline(at, 0.4), (arrives) => {
      const id = log.record(older, {
        previous: live,
        environment: "Production",
        succeeded: true,
        startedAt: at,
        finishedAt: arrives,
        trigger: "rollback",
      });
      injected.failed.set(failed, "rollback");
      injected.rework.set(id, "rollback");
      live = older;
      before = null;
      // Half of the time the repair waits for the next planned release.
      if (random.chance(0.5)) repairNow(build, arrives, false, () => {});
      else
        fix(
          build,
          arrives,
          { manner: "fix", culprit: null, urgent: false },
          (repaired, when) => {
            waiting = [...repaired.landed];
            settle(when, older);
          },
          false,
        );
    });
  }

  function repair(failed: string, build: Build, at: number): void {
    repairNow(build, at, true, () => injected.failed.set(failed, "repair"));
  }

  /** @param urgent marked as a hotfix: after a rollback customers do not wait for it any more */
  function repairNow(build: Build, at: number, urgent: boolean, done: () => void): void {
    // What an earlier release brought (and a rollback took back) is not what this one broke.
    const ordinary = build.landed.filter((landed) => landed.isOrdinary && shippedBy.get(landed) === build);
    const culprit = ordinary.length > 0 ? random.pick(ordinary) : (build.landed.at(-1) ?? null);
    const manner = spec.release === "main" && random.chance(0.6) ? "revert" : "fix";
    const named = spec.release === "main" || random.chance(0.2) ? culprit : null;
    const kind: RepairKind = manner === "revert" ? "revert" : "hotfix";
    fix(build, at, { manner, culprit: named, urgent }, (repaired, when) =>
      produce(repaired, when, {
        trigger: "hotfix",
        sound: true,
        done: (id) => {
          done();
          injected.rework.set(id, kind);
        },
      }),
    );
  }

  /** Has a repair made, and hands over what can be deployed then. `asPatch` false: it goes with the next release. */
  function fix(
    build: Build,
    at: number,
    how: Pick<RepairOrder, "manner" | "culprit" | "urgent">,
    then: (repaired: Build, at: number) => void,
    asPatch = true,
  ): void {
    const minutes = Math.min(LONGEST_REPAIR, random.around(habitAt(at).repairMinutes, 0.6));
    const onto = asPatch && spec.release === "branch" ? build.sha : null;
    const pull = draftRepair(shop, { target, at, minutes, onto, ...how });
    const merged = (landed: Landed, when: number) => {
      const ref = asPatch ? log.nextRef("patch") : build.ref;
      if (onto === null) {
        const all = [...build.landed, ...waiting];
        waiting = [];
        then({ sha: history.tip(), ref, landed: all }, when + random.between(1, 6) * MINUTE);
        return;
      }
      queue.add(when + random.between(20, 90) * MINUTE, (now) =>
        mergeBack(landed.sha, ref, pull.author, now),
      );
      then({ sha: landed.sha, ref, landed: [...build.landed, landed] }, when + random.between(1, 6) * MINUTE);
    };
    if (shop.landing === "direct") commitDirectly(shop, pull, merged);
    else desk.submit(pull, merged);
  }

  /** What was repaired on the release branch reaches main too. */
  function mergeBack(sha: string, ref: string, author: string, at: number): void {
    const branch = `release/${ref.replace(/^v/, "").replace(/\.\d+$/, "")}`;
    const merge = history.add([history.tip(), sha], {
      authoredAt: at,
      committedAt: at,
      author,
      message: `Merge branch '${branch}' into main`,
      paths,
    });
    history.advance(merge, at);
  }

  function plan(at: number): void {
    if (planned || busy || waiting.length === 0 || habitAt(at).cadence !== "merge") return;
    if (calendar.isFrozen(calendar.dayOf(at)) && !random.chance(0.3)) return;
    planned = true;
    queue.add(at + random.around(14, 0.9) * MINUTE, (now) => {
      planned = false;
      cut(now);
    });
  }

  function cut(at: number): void {
    if (busy || waiting.length === 0 || at < options.opensAt || at >= options.closesAt) return;
    busy = true;
    const build: Build = { sha: history.tip(), ref: log.nextRef("minor"), landed: waiting };
    waiting = [];
    if (spec.staging === true && !mustBreak) stage(build, at, 1);
    else produce(build, at, normal);
  }

  return {
    service: spec.id,
    landed: (landed, at) => {
      waiting.push(landed);
      plan(at);
    },
    cut,
    breakNext: () => {
      mustBreak = true;
    },
  };
}
