/** The first review by a human other than the author (dora.md section 4). */
import type { ReviewFacts } from "./change-facts.ts";
import type { Instant } from "./facts.ts";

/** Told one by one, reviews by bots and by the author are none; else the source's own first review is taken. */
export function firstHumanReview(
  { author, reviews, firstReviewAt }: Pick<ReviewFacts, "author" | "reviews" | "firstReviewAt">,
  isBot: (name: string) => boolean,
): Instant | null {
  if (reviews === null) return firstReviewAt;
  let first: Instant | null = null;
  for (const { by, at } of reviews) {
    if (!Number.isFinite(at) || (by !== null && (by === author || isBot(by)))) continue;
    if (first === null || at < first) first = at;
  }
  return first;
}

/** Names of the list, whatever their case, and what hosts mark as an app: `…[bot]`. */
export function botTest(bots: readonly string[]): (name: string) => boolean {
  let known = lists.get(bots);
  if (known === undefined) lists.set(bots, (known = new Set(bots.map((name) => name.toLowerCase()))));
  const names = known;
  return (name) => names.has(name.toLowerCase()) || name.toLowerCase().endsWith("[bot]");
}

/** One list serves all changes of a derivation. */
const lists = new WeakMap<readonly string[], ReadonlySet<string>>();
