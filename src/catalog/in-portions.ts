import { type EntityKey, keyOf } from "../model/entity.ts";

/** Entities whose documents are held at once while very many change: before, after, and both as JSON. */
const AT_ONCE = 2000;

/** In key order, which is the order in which rows are locked. */
export function* inPortions(keys: readonly EntityKey[]): Generator<readonly EntityKey[]> {
  const sorted = keys
    .map((key) => ({ key, text: keyOf(key.blueprint, key.identifier) }))
    .sort((a, b) => (a.text < b.text ? -1 : 1))
    .map(({ key }) => key);
  for (let at = 0; at < sorted.length; at += AT_ONCE) yield sorted.slice(at, at + AT_ONCE);
}
