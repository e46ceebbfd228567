/** Finds what a `Revert "title"` without a sha takes back. */
import type { Attribution } from "./attribution.ts";
import { at } from "./commit-graph.ts";
import type { MessageFacts } from "./commit-message.ts";
import type { History } from "./history.ts";

/** Answers with the latest step before `before` that shipped a commit or change of that title; null when none. */
export type TitleIndex = (title: string, attribution: Attribution, before: number) => number | null;

/** Only titles that some revert names are indexed. */
export function titleIndex(history: History): TitleIndex {
  const wanted = new Map<string, { commits: number[]; changes: number[] }>();
  for (const { reverts } of history.messages)
    if (reverts !== null && reverts.title !== null && !wanted.has(reverts.title))
      wanted.set(reverts.title, { commits: [], changes: [] });
  if (wanted.size > 0) {
    history.messages.forEach((message: MessageFacts, commit) => {
      wanted.get(message.subject)?.commits.push(commit);
      if (message.title !== null && message.title !== message.subject)
        wanted.get(message.title)?.commits.push(commit);
    });
    history.changes.list.forEach(({ review }, change) => {
      if (review !== null && review.title !== null) wanted.get(review.title)?.changes.push(change);
    });
  }
  return (title, attribution, before) => {
    if (title.startsWith('Revert "')) return null;
    const found = wanted.get(title);
    let best = -1;
    const consider = (step: number): void => {
      if (step < before && step > best) best = step;
    };
    for (const commit of found?.commits ?? []) consider(at(attribution.commitStep, commit));
    for (const change of found?.changes ?? []) consider(at(attribution.changeStep, change));
    return best === -1 ? null : best;
  };
}
