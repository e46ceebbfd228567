/** Finds what a `Revert "title"` without a sha takes back. */
import type { Attribution } from "./attribution.ts";
import { at } from "./commit-graph.ts";
import type { Change, Changes } from "./changes.ts";
import type { MessageFacts } from "./commit-message.ts";

/** Commits and changes by title; only titles that some revert names. */
export type TitleIndex = ReadonlyMap<string, { readonly commits: number[]; readonly changes: number[] }>;

export function titleIndex(messages: readonly MessageFacts[], changes: Changes): TitleIndex {
  const index = new Map<string, { readonly commits: number[]; readonly changes: number[] }>();
  for (const { reverts } of messages)
    if (reverts !== null && reverts.title !== null && !isRevertTitle(reverts.title))
      index.set(reverts.title, { commits: [], changes: [] });
  if (index.size === 0) return index;
  messages.forEach((message, commit) => {
    index.get(message.subject)?.commits.push(commit);
    if (message.title !== null && message.title !== message.subject)
      index.get(message.title)?.commits.push(commit);
  });
  changes.list.forEach(({ review }: Change, change) => {
    if (review !== null && review.title !== null) index.get(review.title)?.changes.push(change);
  });
  return index;
}

export const isRevertTitle = (title: string): boolean => title.startsWith('Revert "');

/** Answers with the latest step before `before` that shipped a commit or change of that title; -1 when none did. */
export function latestShipping(
  index: TitleIndex,
  attribution: Attribution,
): (title: string, before: number) => number {
  const sorted = new Map<string, Int32Array>();
  return (title, before) => {
    const found = index.get(title);
    if (found === undefined) return -1;
    let steps = sorted.get(title);
    if (steps === undefined) {
      const all = [
        ...found.commits.map((commit) => at(attribution.commitStep, commit)),
        ...found.changes.map((change) => at(attribution.changeStep, change)),
      ];
      sorted.set(title, (steps = Int32Array.from(new Set(all)).sort()));
    }
    let low = 0;
    let high = steps.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at(steps, middle) < before) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? -1 : at(steps, low - 1);
  };
}
