/** What is in a list more than once. */
export function repeated<T>(list: readonly T[]): ReadonlySet<T> {
  const [seen, again] = [new Set<T>(), new Set<T>()];
  for (const one of list) (seen.has(one) ? again : seen).add(one);
  return again;
}
