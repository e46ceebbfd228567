import { HOUR, MINUTE, SECOND } from "./calendar.ts";
import type { Habit } from "./habits.ts";
import type { Landed, Workshop } from "./workshop.ts";
import { wholeSecond } from "./workshop.ts";
import { branchName, describeRepair, describeUpdate, describeWork, followUp } from "./wording.ts";

/** A pull request from its first commit to its merge; times in order. */
export interface PullRequest {
  readonly title: string;
  readonly branch: string;
  readonly author: string;
  readonly isBot: boolean;
  readonly isOrdinary: boolean;
  readonly labels: readonly string[];
  readonly services: readonly string[];
  /** Globs of what is touched; null where the repository belongs to one service. */
  readonly paths: readonly string[] | null;
  readonly commits: readonly { readonly at: number; readonly message: string }[];
  readonly openedAt: number;
  readonly firstReviewAt: number | null;
  readonly approvedAt: number | null;
  readonly mergedAt: number;
  /** Below the title of the squash commit. */
  readonly body: string | null;
  /** The release branch's commit that it goes on top of; null = the main branch. */
  readonly onto: string | null;
}

export interface Target {
  readonly services: readonly string[];
  readonly paths: readonly string[] | null;
}

const BOT = "dependabot[bot]";
const SIZES = [
  [1, 36],
  [2, 23],
  [3, 15],
  [4, 10],
  [5, 6],
  [6, 5],
  [7, 3],
  [8, 2],
] as const;

/** Ordinary work that begins with a first commit at `start`. */
export function draftWork(shop: Workshop, target: Target, habit: Habit, start: number): PullRequest {
  const { random, calendar, team } = shop;
  const { kind, title, topic } = describeWork(random, team);
  const size = random.weighted(shop.landing === "direct" ? SIZES.slice(0, 2) : SIZES);
  // Whoever commits once commits when the work is done; several commits are spread over it.
  const coding = random.around(size === 1 ? habit.codingHours / 5 : habit.codingHours, 0.9);
  const openedAt = wholeSecond(calendar.afterWork(start, coding) + random.between(1 * MINUTE, 12 * MINUTE));
  const firstReviewAt = wholeSecond(
    calendar.afterWork(openedAt, random.around(habit.pickupHours, 1)) + 20 * SECOND,
  );
  const discussed = random.chance(0.55);
  const approvedAt = discussed
    ? wholeSecond(calendar.afterWork(firstReviewAt, random.around(habit.reviewHours, 0.9)) + MINUTE)
    : firstReviewAt;
  const mergedAt = wholeSecond(
    calendar.afterWork(approvedAt, random.around(0.3, 1)) + random.between(20 * SECOND, 5 * MINUTE),
  );
  const afterReview = discussed && size > 2 ? 1 : 0;
  const early = Array.from({ length: size - 1 - afterReview }, () => random.next()).sort((a, b) => a - b);
  const times = [
    start,
    ...early.map((share) => wholeSecond(calendar.afterWork(start, coding * share * 0.98))),
    ...(afterReview === 1 ? [wholeSecond(firstReviewAt + (approvedAt - firstReviewAt) * 0.8)] : []),
  ];
  return {
    title,
    branch: branchName(kind, title),
    author: random.pick(team.people),
    isBot: false,
    isOrdinary: true,
    labels: random.chance(0.3) ? [kind === "feat" ? "enhancement" : kind === "fix" ? "bug" : kind] : [],
    ...target,
    commits: times.map((at, index) => ({ at, message: index === 0 ? title : followUp(random, topic) })),
    openedAt,
    firstReviewAt,
    approvedAt,
    mergedAt,
    body: null,
    onto: null,
  };
}

/** An update of a dependency; nobody reviews those that merge by themselves. */
export function draftUpdate(shop: Workshop, target: Target, habit: Habit, start: number): PullRequest {
  const { random, calendar } = shop;
  const title = describeUpdate(random);
  const openedAt = wholeSecond(start + random.between(15 * SECOND, 70 * SECOND));
  const automatic = random.chance(0.35);
  const reviewedAt = automatic
    ? null
    : wholeSecond(calendar.afterWork(openedAt, random.around(habit.pickupHours * 2 + 3, 0.9)) + MINUTE);
  const waits = random.between(2 * MINUTE, 30 * MINUTE);
  return {
    title,
    branch: `dependabot/${title.split(" ")[2] ?? "update"}`,
    author: BOT,
    isBot: true,
    isOrdinary: false,
    labels: ["dependencies"],
    ...target,
    commits: [{ at: start, message: title }],
    openedAt,
    firstReviewAt: reviewedAt,
    approvedAt: reviewedAt,
    mergedAt: wholeSecond((reviewedAt ?? openedAt) + waits),
    body: null,
    onto: null,
  };
}

export interface RepairOrder {
  readonly target: Target;
  readonly at: number;
  /** Until it is merged. */
  readonly minutes: number;
  /** What broke; it is reverted, or named by the fix, or not named at all. */
  readonly culprit: Landed | null;
  readonly manner: "revert" | "fix";
  readonly urgent: boolean;
  readonly onto: string | null;
}

/** A repair, made in a hurry. */
export function draftRepair(shop: Workshop, order: RepairOrder): PullRequest {
  const { random, team } = shop;
  const { culprit, manner, at } = order;
  const step = (share: number) => wholeSecond(at + share * order.minutes * MINUTE);
  const reverts = manner === "revert" && culprit !== null;
  const title = reverts ? `Revert "${culprit.subject}"` : describeRepair(random, team).title;
  let body: string | null = null;
  if (reverts)
    body = culprit.isMerge
      ? `This reverts commit ${culprit.sha}, reversing\nchanges made to ${culprit.parent}.`
      : `This reverts commit ${culprit.sha}.`;
  else if (culprit !== null) body = `Fixes: ${culprit.sha}`;
  const message = body === null ? title : `${title}\n\n${body}`;
  return {
    title,
    branch: reverts
      ? `revert-${culprit.sha.slice(0, 7)}`
      : branchName(order.urgent ? "hotfix" : "fix", title),
    author: random.pick(team.people),
    isBot: false,
    isOrdinary: false,
    labels: order.urgent && !reverts && random.chance(0.5) ? ["hotfix"] : [],
    ...order.target,
    commits: [{ at: step(0.4), message }],
    openedAt: step(0.5),
    firstReviewAt: step(0.75),
    approvedAt: step(0.9),
    mergedAt: step(1),
    body,
    onto: order.onto,
  };
}

/** Where a pull request is: its number once it is opened, what became of it once it is merged. */
export interface Desk {
  submit(pull: PullRequest, merged?: (landed: Landed, at: number) => void): void;
  /** Lists those that are still open. */
  close(end: number): void;
}

export function createDesk(shop: Workshop): Desk {
  const { queue, changes, history } = shop;
  const open = new Map<PullRequest, number>();

  function list(
    pull: PullRequest,
    number: number,
    mergeSha: string | null,
    headSha: string | null,
    end: number,
  ) {
    const before = (at: number | null) => (at !== null && at < end ? at : null);
    changes.push({
      repository: shop.repository,
      number,
      title: pull.title,
      services: pull.services,
      author: pull.author,
      isBot: pull.isBot,
      labels: pull.labels,
      firstCommitAt: pull.commits[0]?.at ?? pull.openedAt,
      openedAt: pull.openedAt,
      firstReviewAt: before(pull.firstReviewAt),
      approvedAt: before(pull.approvedAt),
      mergedAt: mergeSha === null ? null : pull.mergedAt,
      mergeSha,
      headSha,
    });
  }

  /** The commits of the branch, on top of what main was when work began. */
  function branch(pull: PullRequest, base: string, end: number): string {
    let head = base;
    for (const { at, message } of pull.commits)
      if (at < end)
        head = history.add([head], {
          authoredAt: at,
          committedAt: at,
          author: pull.author,
          message,
          paths: pull.paths,
        });
    return head;
  }

  function land(pull: PullRequest, number: number, at: number): Landed {
    const { author, paths } = pull;
    const parent = pull.onto ?? history.tip();
    const moment = { authoredAt: at, committedAt: at, author, paths };
    let sha: string;
    let subject: string;
    let headSha: string | null = null;
    if (shop.landing === "squash") {
      subject = `${pull.title} (#${number})`;
      const parts = pull.commits.map(({ message }) => `* ${message}`).join("\n\n");
      const body = pull.body ?? (pull.commits.length > 1 ? parts : null);
      sha = history.add([parent], { ...moment, message: body === null ? subject : `${subject}\n\n${body}` });
    } else {
      const base = pull.onto ?? history.tipAt(pull.commits[0]?.at ?? at);
      headSha = branch(pull, base, at + HOUR);
      subject = `Merge pull request #${number} from acme/${pull.branch}`;
      sha = history.add([parent, headSha], { ...moment, message: `${subject}\n\n${pull.title}` });
    }
    if (pull.onto === null) history.advance(sha, at);
    list(pull, number, sha, headSha, at + 1);
    return {
      sha,
      parent,
      subject,
      services: pull.services,
      isMerge: headSha !== null,
      isOrdinary: pull.isOrdinary,
    };
  }

  return {
    submit: (pull, merged) => {
      queue.add(pull.openedAt, () => open.set(pull, shop.nextNumber()));
      queue.add(pull.mergedAt, (at) => {
        const number = open.get(pull);
        if (number === undefined) return;
        open.delete(pull);
        const landed = land(pull, number, at);
        if (pull.onto === null) for (const listener of shop.listeners) listener(landed, at);
        merged?.(landed, at);
      });
    },
    close: (end) => {
      for (const [pull, number] of open) {
        const head = shop.landing === "merge" ? branch(pull, history.tipAt(pull.openedAt), end) : null;
        list(pull, number, null, head, end);
      }
    },
  };
}

/** Work that goes to the main branch without a pull request: every commit lands when it is made. */
export function commitDirectly(
  shop: Workshop,
  pull: PullRequest,
  merged?: (landed: Landed, at: number) => void,
): void {
  const { history, queue } = shop;
  for (const commit of pull.commits)
    queue.add(commit.at, (at) => {
      const parent = history.tip();
      const { author, paths, services, isOrdinary } = pull;
      const sha = history.add([parent], {
        authoredAt: at,
        committedAt: at,
        author,
        message: commit.message,
        paths,
      });
      history.advance(sha, at);
      const subject = commit.message.split("\n", 1)[0] ?? "";
      const landed: Landed = { sha, parent, subject, services, isMerge: false, isOrdinary };
      for (const listener of shop.listeners) listener(landed, at);
      merged?.(landed, at);
    });
}
