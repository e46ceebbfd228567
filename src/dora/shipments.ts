/** Rows of changes: what a deployment shipped, and what none has shipped. */
import { instant } from "./change-facts.ts";
import { type Change, earliest } from "./changes.ts";
import { at } from "./commit-graph.ts";
import type { MessageFacts } from "./commit-message.ts";
import type { RegionReach, Shipment, UnshippedChange } from "./derived.ts";
import type { CommitFact, DerivationSettings, Instant } from "./facts.ts";
import { botTest, firstHumanReview } from "./first-review.ts";
import type { History } from "./history.ts";
import type { Shipped } from "./load.ts";
import type { Step } from "./sequence.ts";
import { leadTimeOf } from "./stages.ts";

type Reading = Pick<DerivationSettings, "excludeDraftTime" | "bots">;

export function shipmentOf(
  service: string,
  { deployment }: Step,
  { change: index, method, commits }: Shipped,
  reach: Omit<RegionReach, "everywhereSeconds"> | null,
  history: History,
  settings: Reading,
): Shipment {
  const described = describedChange(index, commits, history, settings);
  const { firstCommitAt, openedAt } = described;
  const start = firstCommitAt ?? openedAt;
  const lead = leadTimeOf({ ...described, deployedAt: deployment.finishedAt });
  return {
    service,
    environment: deployment.environment,
    deployment: deployment.id,
    deployedAt: deployment.finishedAt,
    ...described,
    commitCount: new Set(commits.map((commit) => at(history.classes, commit))).size,
    method,
    matchedBy: matchedBy(history.changes.list[index] as Change, commits, history),
    ...lead,
    regions: reach && {
      ...reach,
      everywhereSeconds:
        reach.everywhereAt === null || start === null || lead.leadSeconds === null
          ? null
          : (reach.everywhereAt - start) / 1000,
    },
  };
}

/** Null where nobody knows that it was merged. */
export function unshippedOf(
  service: string,
  index: number,
  where: Pick<UnshippedChange, "shippedIn" | "leftOutIn">,
  history: History,
  settings: Reading,
): UnshippedChange | null {
  const mergedAt = history.mergedAt[index] ?? null;
  if (mergedAt === null) return null;
  return { service, ...describedChange(index, [], history, settings), mergedAt, ...where };
}

/** @param commits those of the change that went out; empty where none is known or none did */
function describedChange(index: number, commits: readonly number[], history: History, settings: Reading) {
  const change = history.changes.list[index] as Change;
  const { review } = change;
  const fact = (commit: number): CommitFact => history.graph.commits[commit] as CommitFact;
  const shown = shownCommit(change, commits, history);
  return {
    change: change.key,
    kind: change.kind,
    entity: review?.entity ?? null,
    repository: change.repository,
    number: change.number,
    sha: shown === null ? null : fact(shown).sha,
    title: titleOf(change, shown, history),
    author: review?.author ?? authorOf(change, shown, history),
    url: review?.url ?? null,
    firstCommitAt: startOf(change, history),
    openedAt: (settings.excludeDraftTime ? review?.readyForReviewAt : null) ?? review?.openedAt ?? null,
    firstReviewAt: review === null ? null : firstHumanReview(review, botTest(settings.bots)),
    mergedAt:
      change.kind === "commit" && shown !== null
        ? instant(fact(shown).committedAt)
        : (history.mergedAt[index] ?? null),
  };
}

/** Earliest authored date of its known commits, or what its entity tells when that is earlier. */
function startOf({ commits, review }: Change, history: History): Instant | null {
  let first = review?.firstCommitAt ?? null;
  for (const commit of commits) {
    const time = instant((history.graph.commits[commit] as CommitFact).authoredAt);
    if (time !== null && (first === null || time < first)) first = time;
  }
  return first;
}

/** The commit a reader opens: what landed a pull request, or the earliest commit that went out. */
function shownCommit(change: Change, commits: readonly number[], history: History): number | null {
  if (change.landing !== null) return change.landing;
  return firstBy(commits.length > 0 ? commits : change.commits, history);
}

const firstBy = (commits: readonly number[], { graph }: History): number | null =>
  commits.length === 0 ? null : earliest(graph, commits);

const TITLE_LIMIT = 300;

function titleOf(change: Change, shown: number | null, history: History): string {
  const message = shown === null ? null : (history.messages[shown] as MessageFacts);
  const title = change.review?.title ?? message?.title ?? message?.subject ?? change.key;
  return title.slice(0, TITLE_LIMIT);
}

/** Who wrote it: of a pull request the author of its first commit, not whoever merged it. */
function authorOf(change: Change, shown: number | null, history: History): string | null {
  const commit = change.kind === "commit" ? shown : (firstBy(change.commits, history) ?? shown);
  return commit === null ? null : (history.graph.commits[commit] as CommitFact).author;
}

function matchedBy(change: Change, commits: readonly number[], history: History): string {
  const direct =
    commits.length === 0 || commits.some((commit) => at(history.changes.byIdentity, commit) === 0);
  return direct ? change.matchedBy : `equal commit of ${change.matchedBy}`;
}
