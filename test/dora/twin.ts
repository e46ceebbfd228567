/**
 * The slow twin of `derive`: the same rules over plain sets of reachable shas, everything computed from scratch, no
 * indexes. Only the reading of single messages is shared (it has tables of its own). Expects acyclic histories.
 */
import { type MessageFacts, readMessage, saysFix } from "../../src/dora/commit-message.ts";
import type { DeploymentFact, DerivationSettings, ServiceFacts } from "../../src/dora/facts.ts";
import { pick, type TwinChange, TwinChanges } from "./twin-changes.ts";

export interface TwinDeployment {
  id: string;
  previous: string | null;
  isRollback: boolean;
  failed: boolean;
  causes: string[];
  restoredAt: number | null;
  restoredBy: string | null;
  rework: string[];
  notes: string[];
}

export interface TwinShipment {
  deployment: string;
  deployedAt: number;
  change: string;
  commitCount: number;
  method: string;
  sha: string | null;
  firstCommitAt: number | null;
  openedAt: number | null;
  firstReviewAt: number | null;
  mergedAt: number | null;
}

export interface TwinResult {
  deployments: TwinDeployment[];
  shipments: TwinShipment[];
  mergedChanges: number;
}

interface Step {
  fact: DeploymentFact;
  commit: string | null;
  ok: boolean;
  live: number;
}

export function twinDerive(facts: ServiceFacts, settings: DerivationSettings): TwinResult {
  const world = new TwinChanges(facts);
  const result: TwinResult = { deployments: [], shipments: [], mergedChanges: world.merged.length };
  for (const environment of [...new Set(facts.deployments.map((one) => one.environment))].sort())
    twinEnvironment(world, facts, environment, settings, result);
  return result;
}

function order(world: TwinChanges, facts: ServiceFacts, environment: string): Step[] {
  const ids = new Set<string>();
  const waiting = facts.deployments
    .filter(
      (one) => one.environment === environment && (one.status === "success" || one.status === "failure"),
    )
    .filter((one) => !ids.has(one.id) && ids.add(one.id))
    .sort(
      (a, b) =>
        a.finishedAt - b.finishedAt ||
        (a.startedAt ?? 1e15) - (b.startedAt ?? 1e15) ||
        (a.id < b.id ? -1 : 1),
    );
  const steps: Step[] = [];
  while (waiting.length > 0) {
    const tied = waiting.filter((one) => one.finishedAt === waiting[0]?.finishedAt);
    const next = tied.find(
      (one) =>
        !tied.some(
          (other) =>
            one.sha !== null &&
            other.sha !== null &&
            one.sha !== other.sha &&
            world.reach(one.sha).has(other.sha),
        ),
    );
    const fact = next as DeploymentFact;
    waiting.splice(waiting.indexOf(fact), 1);
    const live = steps.findLastIndex((step) => step.ok);
    const commit = fact.sha !== null && world.commits.has(fact.sha) ? fact.sha : null;
    steps.push({ fact, commit, ok: fact.status === "success", live });
  }
  return steps;
}

function twinEnvironment(
  world: TwinChanges,
  facts: ServiceFacts,
  environment: string,
  settings: DerivationSettings,
  result: TwinResult,
): void {
  const steps = order(world, facts, environment);
  const rollback = steps.map((step, index) => rollbackOf(world, steps, step, index));
  const shippedAt = new Map<TwinChange, number>();
  const workShippedAt = new Map<string, number>();
  const containedAt = new Map<string, number>();
  const repairCommits: string[][] = [];
  const shippedChanges: TwinChange[][] = [];
  let forward: Step[] = [];

  steps.forEach((step, index) => {
    const shipments = new Map<TwinChange, { method: string; commits: Set<string> }>();
    const leftOut = new Set<TwinChange>();
    const again = new Set<TwinChange>();
    const elsewhere = new Set<TwinChange>();
    const newCommits: string[] = [];
    const notes: string[] = [];
    repairCommits.push(newCommits);
    shippedChanges.push([]);
    if (step.ok) {
      const since = forward.at(-1)?.fact.finishedAt ?? null;
      const explicit = world.changes.filter((change) =>
        change.facts.some((fact) => step.fact.changeIds.includes(fact.id)),
      );
      const start = (change: TwinChange, method: string): boolean => {
        if (shipments.has(change)) return true;
        if (shippedAt.has(change)) {
          again.add(change);
          return false;
        }
        shippedAt.set(change, index);
        shipments.set(change, { method, commits: new Set() });
        return true;
      };
      const addCommit = (sha: string, method: string): void => {
        const change = world.changeOf(sha);
        if (!world.touches(sha)) {
          if (change !== null) elsewhere.add(change);
          return;
        }
        if (!world.isMerge(sha)) {
          const before = workShippedAt.get(world.workOf(sha));
          if (before !== undefined && before !== index) {
            again.add(change as TwinChange);
            return;
          }
          workShippedAt.set(world.workOf(sha), index);
        }
        newCommits.push(sha);
        if (change !== null && start(change, method) && !world.isMerge(sha))
          shipments.get(change)?.commits.add(sha);
      };
      const addWhole = (change: TwinChange, method: string, silent: boolean): void => {
        if (shippedAt.has(change)) {
          if (!silent && shippedAt.get(change) !== index) again.add(change);
          return;
        }
        start(change, method);
        for (const sha of change.commits) {
          workShippedAt.set(world.workOf(sha), index);
          shipments.get(change)?.commits.add(sha);
          newCommits.push(sha);
        }
      };
      const leaveOutChange = (change: TwinChange): void => {
        if (shippedAt.has(change)) return;
        shippedAt.set(change, index);
        leftOut.add(change);
      };
      const leaveOut = (sha: string): void => {
        if (!world.touches(sha)) return;
        if (!world.isMerge(sha)) workShippedAt.set(world.workOf(sha), index);
        const change = world.changeOf(sha);
        if (change !== null) leaveOutChange(change);
      };
      const afterBaseline = (time: number | null): boolean =>
        settings.baseline.policy === "all" ||
        (settings.baseline.policy === "since" && time !== null && time >= settings.baseline.value);

      if (step.commit !== null) {
        const known = steps.slice(0, index).filter((other) => other.ok && other.commit !== null);
        const take = (sha: string): string[] => {
          const fresh = [...world.reach(sha)].filter((one) => !containedAt.has(one));
          for (const one of fresh) containedAt.set(one, index);
          return fresh;
        };
        const countMissing = (fresh: readonly string[]): void => {
          const missing = fresh
            .flatMap((sha) => world.parents(sha))
            .filter((sha) => !world.commits.has(sha)).length;
          if (missing > 0) notes.push(`shallow_history ${missing}`);
        };
        if (known.length > 0) {
          const fresh = take(step.commit);
          countMissing(fresh);
          for (const sha of fresh) addCommit(sha, "git graph");
          for (const change of explicit)
            if (change.commits.length === 0) addWhole(change, "explicit relation", false);
        } else {
          const first = step.live === -1;
          const previous = step.fact.previousSha;
          const tag =
            settings.baseline.policy === "tag" && first ? world.tagged(settings.baseline.value, facts) : null;
          const boundary = previous !== null && world.commits.has(previous) ? previous : tag;
          if (boundary !== null) for (const sha of take(boundary)) leaveOut(sha);
          const fresh = take(step.commit);
          countMissing(fresh);
          for (const change of explicit) addWhole(change, "explicit relation", false);
          for (const sha of fresh) {
            const time =
              world.changeOf(sha) === null ? null : world.mergedAt(world.changeOf(sha) as TwinChange);
            const within =
              explicit.length === 0 &&
              since !== null &&
              time !== null &&
              time > since &&
              time <= step.fact.finishedAt;
            const counts = boundary !== null || (first ? afterBaseline(time) : within);
            if (counts) addCommit(sha, first || boundary !== null ? "git graph" : "time");
            else leaveOut(sha);
          }
        }
      } else {
        if (step.fact.sha !== null) notes.push("unknown_sha 1");
        if (rollback[index] === null) {
          if (step.fact.changeIds.length > 0)
            for (const change of explicit) addWhole(change, "explicit relation", false);
          else
            for (const change of world.merged) {
              const time = world.mergedAt(change) as number;
              if (time > step.fact.finishedAt || (since !== null && time <= since)) continue;
              if (since !== null || afterBaseline(time)) addWhole(change, "time", true);
              else leaveOutChange(change);
            }
        }
      }
      if (rollback[index] === null) forward.push(step);
      else {
        const target = forward.findLastIndex((one) => one.commit !== null && one.commit === step.commit);
        const keep = target === -1 ? forward.length - 1 : target + 1;
        forward = forward.slice(0, Math.max(keep, Math.min(1, forward.length)));
      }
      for (const change of leftOut) again.delete(change);
      for (const change of shipments.keys()) {
        again.delete(change);
        elsewhere.delete(change);
      }
      for (const change of again) elsewhere.delete(change);
      if (leftOut.size > 0) notes.push(`first_deployment ${leftOut.size}`);
      if (again.size > 0) notes.push(`already_shipped ${again.size}`);
      if (elsewhere.size > 0) notes.push(`other_paths ${elsewhere.size}`);
      shippedChanges[index] = [...shipments.keys()];
      for (const [change, { method, commits }] of shipments)
        result.shipments.push(shipment(world, step, change, method, commits, settings));
    }
    result.deployments.push({
      id: step.fact.id,
      previous: steps[step.live]?.fact.id ?? null,
      isRollback: rollback[index] !== null,
      failed: false,
      causes: [],
      restoredAt: null,
      restoredBy: null,
      rework: [],
      notes: notes.sort(),
    });
  });

  const rows = result.deployments.slice(-steps.length || result.deployments.length);
  judgeSteps(
    world,
    steps,
    rollback,
    { shippedAt, containedAt, repairCommits, shippedChanges },
    settings,
    rows,
  );
}

function rollbackOf(
  world: TwinChanges,
  steps: Step[],
  step: Step,
  index: number,
): { blames: number | null } | null {
  const live = steps[step.live];
  const backwards =
    live !== undefined &&
    live.commit !== null &&
    step.commit !== null &&
    live.commit !== step.commit &&
    world.reach(live.commit).has(step.commit);
  if (backwards) return { blames: step.live };
  if (step.fact.trigger !== "rollback") return null;
  if (
    live !== undefined &&
    step.fact.sha !== null &&
    live.fact.sha !== null &&
    step.fact.sha !== live.fact.sha
  )
    return { blames: step.live };
  return { blames: index === 0 ? null : index - 1 };
}

function shipment(
  world: TwinChanges,
  step: Step,
  change: TwinChange,
  method: string,
  commits: ReadonlySet<string>,
  settings: DerivationSettings,
): TwinShipment {
  const all = change.commits.map((sha) => world.commit(sha).authoredAt);
  const told = pick(change.facts, (fact) => fact.firstCommitAt);
  const starts = [...all, ...(told === null ? [] : [told])];
  const shown = change.landing ?? world.first(commits.size > 0 ? [...commits] : change.commits);
  const ready = settings.excludeDraftTime ? pick(change.facts, (fact) => fact.readyForReviewAt) : null;
  return {
    deployment: step.fact.id,
    deployedAt: step.fact.finishedAt,
    change: change.key,
    commitCount: new Set([...commits].map((sha) => world.workOf(sha))).size,
    method,
    sha: shown,
    firstCommitAt: starts.length === 0 ? null : Math.min(...starts),
    openedAt: ready ?? pick(change.facts, (fact) => fact.openedAt),
    firstReviewAt: pick(change.facts, (fact) => fact.firstReviewAt),
    mergedAt: change.key.startsWith("commit:")
      ? world.commit(shown as string).committedAt
      : world.mergedAt(change),
  };
}

interface Trace {
  shippedAt: ReadonlyMap<TwinChange, number>;
  containedAt: ReadonlyMap<string, number>;
  repairCommits: string[][];
  shippedChanges: TwinChange[][];
}

function judgeSteps(
  world: TwinChanges,
  steps: Step[],
  rollback: ({ blames: number | null } | null)[],
  trace: Trace,
  settings: DerivationSettings,
  rows: TwinDeployment[],
): void {
  const repairedBy = new Map<number, number[]>();
  steps.forEach((step, by) => {
    const row = rows[by] as TwinDeployment;
    if (!step.ok && settings.failureCauses.status) row.causes.push("status null");
    const findings: [string, number | null][] = [];
    const back = rollback[by];
    if (back) findings.push(["rollback", back.blames]);
    else findings.push(...repairsOf(world, steps, step, by, trace, settings, rollback));
    for (const [reason, blamed] of findings) {
      const target = blamed === null ? undefined : steps[blamed];
      const rework = `${reason} ${target?.fact.id ?? null}`;
      if (!row.rework.includes(rework)) row.rework.push(rework);
      if (blamed === null || target === undefined) continue;
      const cause = reason === "rollback" ? "rollback" : "hotfix";
      const late = step.fact.finishedAt - target.fact.finishedAt > settings.failureWindowHours * 3_600_000;
      if (cause === "hotfix" && late) continue;
      if (step.ok) repairedBy.set(blamed, [...(repairedBy.get(blamed) ?? []), by]);
      const text = `${cause} ${step.fact.id}`;
      const causes = (rows[blamed] as TwinDeployment).causes;
      if (settings.failureCauses[cause] && !causes.includes(text)) causes.push(text);
    }
  });
  steps.forEach((_, index) => {
    const row = rows[index] as TwinDeployment;
    row.failed = row.causes.length > 0;
    row.causes.sort();
    row.rework.sort();
    if (!row.failed) return;
    const next = steps.findIndex((step, later) => later > index && step.ok);
    const repaired = Math.min(...(repairedBy.get(index) ?? []));
    const restored = steps[Number.isFinite(repaired) ? repaired : next];
    row.restoredAt = restored?.fact.finishedAt ?? null;
    row.restoredBy = restored?.fact.id ?? null;
  });
}

function repairsOf(
  world: TwinChanges,
  steps: Step[],
  step: Step,
  by: number,
  trace: Trace,
  settings: DerivationSettings,
  rollback: ({ blames: number | null } | null)[],
): [string, number | null][] {
  const findings: [string, number][] = [];
  const add = (reason: string, blamed: number | undefined): void => {
    if (blamed !== undefined && blamed >= 0 && blamed < by) findings.push([reason, blamed]);
  };
  const stepOf = (sha: string): number | undefined => {
    const change = world.changeOf(sha);
    return trace.containedAt.get(sha) ?? (change === null ? undefined : trace.shippedAt.get(change));
  };
  const commits = trace.repairCommits[by] as string[];
  const shipped = trace.shippedChanges[by] as TwinChange[];
  const message = (sha: string): MessageFacts => readMessage(world.commit(sha).message);
  for (const sha of commits) {
    const { reverts, fixes } = message(sha);
    for (const named of reverts?.shas ?? []) {
      const target = world.find(named);
      if (target !== null && message(target).reverts === null) add("revert", stepOf(target));
    }
    for (const number of reverts?.numbers ?? []) {
      const change = world.changes.find((one) => one.key === `pr:${world.commit(sha).repository}#${number}`);
      const isRevert =
        pick(change?.facts ?? [], (fact) => fact.title)?.startsWith('Revert "') === true ||
        change?.commits.some((one) => message(one).reverts !== null) === true;
      if (change !== undefined && !isRevert) add("revert", trace.shippedAt.get(change));
    }
    const title = reverts?.title ?? null;
    if (
      title !== null &&
      !title.startsWith('Revert "') &&
      reverts?.shas.length === 0 &&
      reverts.numbers.length === 0
    ) {
      const places = [
        ...[...world.commits.values()]
          .filter((one) => message(one.sha).subject === title || message(one.sha).title === title)
          .map((one) => trace.containedAt.get(one.sha) ?? -1),
        ...world.changes
          .filter((change) => pick(change.facts, (fact) => fact.title) === title)
          .map((change) => trace.shippedAt.get(change) ?? -1),
      ].filter((place) => place < by);
      add("revert", Math.max(-1, ...places));
    }
    for (const named of fixes) {
      const target = world.find(named);
      if (target !== null) add("hotfix", stepOf(target));
    }
  }
  const version = /^(.*?)(\d+)\.(\d+)\.(\d+)$/.exec(step.fact.ref ?? "");
  if (version !== null && step.ok && Number(version[4]) > 0) {
    const before = `${version[1]}${version[2]}.${version[3]}.${Number(version[4]) - 1}`;
    const patched = steps.findLastIndex((other, place) => place < by && other.fact.ref === before);
    const fixes =
      commits.some((sha) => message(sha).isFix) ||
      shipped.some((change) => saysFix(pick(change.facts, (fact) => fact.title) ?? ""));
    if (patched !== -1 && fixes) add("hotfix", patched);
  }
  const labelled = shipped.some((change) =>
    change.facts.some((fact) => fact.labels.some((label) => settings.hotfixPatterns.labels.includes(label))),
  );
  if (step.ok && labelled && findings.length === 0) {
    let broken: number | null = by - 1;
    while (broken !== null && rollback[broken]) broken = rollback[broken]?.blames ?? null;
    add("hotfix", broken ?? undefined);
  }
  if (step.fact.trigger === "hotfix" && findings.length === 0) return [["hotfix", by === 0 ? null : by - 1]];
  return findings;
}
