/** Deployments made to repair an earlier one, as git, tags, labels and triggers tell it (dora.md sections 4 and 11). */
import type { Attribution } from "./attribution.ts";
import type { Change } from "./changes.ts";
import { at } from "./commit-graph.ts";
import { type MessageFacts, saysFix } from "./commit-message.ts";
import type { ReworkReason } from "./derived.ts";
import type { CommitFact, DerivationSettings } from "./facts.ts";
import { wildcardMatcher } from "./globs.ts";
import type { History } from "./history.ts";
import type { Rollback } from "./rollbacks.ts";
import type { Step } from "./sequence.ts";
import { releaseOf } from "./semver-tag.ts";
import { isRevertTitle, latestShipping } from "./title-index.ts";

/** One finding: step `by` repairs step `repairs` (null where it is unknown which). */
export interface Repair {
  readonly by: number;
  readonly repairs: number | null;
  readonly reason: ReworkReason;
  readonly detail: string;
}

const labelOf = ({ deployment }: Step): string => deployment.ref ?? deployment.title ?? deployment.id;

export function findRepairs(
  history: History,
  steps: readonly Step[],
  rollbacks: readonly (Rollback | null)[],
  attribution: Attribution,
  patterns: DerivationSettings["hotfixPatterns"],
): Repair[] {
  const isHotfix = hotfixTest(history, patterns);
  const byTitle = latestShipping(history.titles, attribution);
  const releases = new Map<string, number>();
  const repairs: Repair[] = [];
  steps.forEach((step, by) => {
    const rollback = rollbacks[by];
    const found: Repair[] = [];
    const add = (reason: ReworkReason, blamed: number | null, detail: string): void => {
      if (!found.some((other) => other.reason === reason && other.repairs === blamed))
        found.push({ by, repairs: blamed, reason, detail });
    };
    const name = labelOf(step);
    if (rollback) add("rollback", rollback.blames, rollbackDetail(step, steps, rollback));
    else {
      const contents = attribution.contents[by];
      const commits = contents?.commits ?? [];
      for (const commit of inOrder(history, commits)) {
        for (const target of repairedBy(history, commit, by, byTitle, attribution)) {
          const blamed = target.step;
          if (blamed === -1 || blamed >= by) continue;
          const shipped = labelOf(steps[blamed] as Step);
          add(target.reason, blamed, `${name} ${target.verb} ${target.what}, shipped by ${shipped}`);
        }
      }
      const release = releaseOf(step.deployment.ref);
      const patched = release === null ? undefined : releases.get(release.predecessor ?? "");
      const shipped = contents?.shipped ?? [];
      if (patched !== undefined && step.succeeded) {
        const fix = fixSubject(
          history,
          commits,
          shipped.map(({ change }) => change),
        );
        if (fix !== null)
          add("hotfix", patched, `${name} patches ${labelOf(steps[patched] as Step)} with "${fix}"`);
      }
      const hotfix = step.succeeded
        ? isHotfix(
            step,
            shipped.map(({ change }) => change),
            commits,
          )
        : null;
      // A mark says that something was broken, not what: it speaks only where git names nothing.
      const broken = hotfix === null || found.length > 0 ? -1 : beforeRollbacks(by, rollbacks);
      if (broken !== -1) add("hotfix", broken, `${name} ${hotfix}, after ${labelOf(steps[broken] as Step)}`);
      if (step.deployment.trigger === "hotfix" && found.length === 0)
        add("hotfix", by === 0 ? null : by - 1, hotfixDetail(name, steps[by - 1]));
    }
    repairs.push(...found);
    const release = releaseOf(step.deployment.ref);
    if (release !== null) releases.set(release.name, by);
  });
  return repairs;
}

/**
 * The step just before, whatever its status; where that was a rollback, the one it took back: the rollback brought a
 * good version, the broken one is what the hotfix mends. -1 where nothing is known.
 */
function beforeRollbacks(by: number, rollbacks: readonly (Rollback | null)[]): number {
  let step = by - 1;
  for (let rollback = rollbacks[step]; rollback; rollback = rollbacks[step]) {
    const { blames } = rollback;
    if (blames === null || blames >= step) return -1;
    step = blames;
  }
  return step;
}

function rollbackDetail(step: Step, steps: readonly Step[], { blames, unshipped }: Rollback): string {
  const name = labelOf(step);
  if (blames === null) return `${name} is a rollback; nothing before it is known`;
  const target = labelOf(steps[blames] as Step);
  const taken = unshipped === null ? "" : ` and takes back ${unshipped} commit${unshipped === 1 ? "" : "s"}`;
  return `${name} rolls back ${target}${taken}`;
}

const hotfixDetail = (name: string, before: Step | undefined): string =>
  before === undefined
    ? `${name} is marked as a hotfix; nothing before it is known`
    : `${name} is marked as a hotfix of ${labelOf(before)}`;

/** Commits that may say something about repair, in an order that does not depend on the order of facts. */
function inOrder(history: History, commits: readonly number[]): number[] {
  const sha = (commit: number): string => (history.graph.commits[commit] as CommitFact).sha;
  return commits
    .filter((commit) => {
      const message = history.messages[commit] as MessageFacts;
      return message.reverts !== null || message.fixes.length > 0;
    })
    .sort((left, right) => (sha(left) < sha(right) ? -1 : 1));
}

interface Target {
  readonly step: number;
  readonly reason: ReworkReason;
  readonly verb: string;
  readonly what: string;
}

function repairedBy(
  history: History,
  commit: number,
  by: number,
  byTitle: ReturnType<typeof latestShipping>,
  attribution: Attribution,
): Target[] {
  const { messages, lookup, graph, changes } = history;
  const { reverts, fixes } = messages[commit] as MessageFacts;
  const targets: Target[] = [];
  const ofCommit = (target: number | undefined, reason: ReworkReason, verb: string): void => {
    if (target === undefined) return;
    // Taking back a revert lands the work again: that repairs nothing.
    if (reason === "revert" && (messages[target] as MessageFacts).reverts !== null) return;
    const what = (graph.commits[target] as CommitFact).sha.slice(0, 7);
    targets.push({ step: stepOfCommit(history, attribution, target), reason, verb, what });
  };
  for (const sha of reverts?.shas ?? []) ofCommit(lookup(sha), "revert", "reverts");
  for (const number of reverts?.numbers ?? []) {
    const { repository } = graph.commits[commit] as CommitFact;
    const change = changes.byKey.get(`pr:${repository}#${number}`);
    if (change === undefined || isRevert(history, changes.list[change] as Change)) continue;
    const step = at(attribution.changeStep, change);
    targets.push({ step, reason: "revert", verb: "reverts", what: `#${number}` });
  }
  if (reverts !== null && reverts.title !== null && reverts.shas.length + reverts.numbers.length === 0) {
    const step = byTitle(reverts.title, by);
    if (step !== -1) targets.push({ step, reason: "revert", verb: "reverts", what: `"${reverts.title}"` });
  }
  for (const sha of fixes) ofCommit(lookup(sha), "hotfix", "fixes");
  return targets;
}

const isRevert = (history: History, change: Change): boolean =>
  isRevertTitle(change.review?.title ?? "") ||
  change.commits.some((commit) => (history.messages[commit] as MessageFacts).reverts !== null);

/** The step that shipped a commit, or the change it belongs to (a squashed commit never ships itself). */
function stepOfCommit(history: History, attribution: Attribution, commit: number): number {
  const direct = at(attribution.commitStep, commit);
  if (direct !== -1) return direct;
  const change = at(history.changes.ofCommit, commit);
  return change === -1 ? -1 : at(attribution.changeStep, change);
}

function fixSubject(history: History, commits: readonly number[], shipped: readonly number[]): string | null {
  const subjects: string[] = [];
  for (const commit of commits) {
    const message = history.messages[commit] as MessageFacts;
    if (message.isFix) subjects.push(message.subject);
  }
  for (const index of shipped) {
    const title = (history.changes.list[index] as Change).review?.title;
    if (title && saysFix(title)) subjects.push(title);
  }
  return subjects.sort()[0]?.slice(0, 200) ?? null;
}

/** Says why a deployment is a hotfix by the user's patterns for branches, labels and titles; null when it is none. */
function hotfixTest(
  history: History,
  patterns: DerivationSettings["hotfixPatterns"],
): (step: Step, shipped: readonly number[], commits: readonly number[]) => string | null {
  const branch = wildcardMatcher(patterns.branches);
  const label = wildcardMatcher(patterns.labels);
  const title = wildcardMatcher(patterns.titles);
  return (step, shipped, commits) => {
    const ref = step.deployment.ref?.replace(/^refs\/heads\//, "");
    if (ref !== undefined && branch(ref)) return `comes from branch ${ref}`;
    const reasons: string[] = [];
    for (const index of shipped) {
      const { review } = history.changes.list[index] as Change;
      if (review === null) continue;
      const marked = review.labels.filter((name) => label(name)).sort()[0];
      if (marked !== undefined) reasons.push(`ships a change labelled ${marked}`);
      if (review.title !== null && title(review.title)) reasons.push(`ships "${review.title.slice(0, 200)}"`);
    }
    for (const commit of commits) {
      const message = history.messages[commit] as MessageFacts;
      if (message.branch !== null && branch(message.branch)) reasons.push(`merges branch ${message.branch}`);
      if (title(message.title ?? message.subject)) reasons.push(`ships "${message.subject.slice(0, 200)}"`);
    }
    return reasons.sort()[0] ?? null;
  };
}
