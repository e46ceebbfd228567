/** Reviews of changes as the connectors tell them: who, when, and until the merge only. */

/** What is said after the merge reviews nothing. */
export const untilMerge = <R extends { readonly at: string | null }>(
  reviews: readonly R[],
  mergedAt: string | null,
): R[] => reviews.filter(({ at }) => !(Date.parse(at ?? "") > Date.parse(mergedAt ?? "")));

/**
 * jq: `{by, at}` of the first review of each person, for the property `reviews`; null where none were asked for.
 * @param name jq over a review: who it is by, as the property `author` calls them
 */
export const firstReviews = (name: string): string =>
  `(.__reviews // null) | if . == null then null else map(select(.at != null) | {by: (${name}), at}) | sort_by(.at) | unique_by(.by) end`;

/** jq: a name, marked as hosts mark apps (`…[bot]`) where the condition on it holds. */
export const botName = (name: string, isBot: string): string =>
  `${name} | if . != null and (${isBot}) then . + "[bot]" else . end`;
