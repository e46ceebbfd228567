/** Columns for a graph that has no middle: what others point at stands further to the left. */
import type { GraphEdge } from "./graph-model.ts";

/** The longest way from each node along its edges; edges that close a circle do not count. */
export function layersOf(keys: readonly string[], edges: readonly GraphEdge[]): ReadonlyMap<string, number> {
  const next = new Map<string, string[]>(keys.map((key) => [key, []]));
  for (const { from, to } of edges) if (next.has(to) && from !== to) next.get(from)?.push(to);
  const layer = new Map<string, number>();
  const open = new Set<string>();
  for (const start of keys) {
    // By hand, since a chain may be longer than the stack is deep.
    const stack: { key: string; at: number }[] = [{ key: start, at: 0 }];
    while (stack.length > 0) {
      const top = stack.at(-1) as { key: string; at: number };
      if (layer.has(top.key)) {
        stack.pop();
        continue;
      }
      open.add(top.key);
      const target = next.get(top.key)?.[top.at];
      top.at += 1;
      if (target === undefined) {
        const below = (next.get(top.key) ?? []).map((key) => layer.get(key) ?? -1);
        layer.set(top.key, Math.max(-1, ...below) + 1);
        open.delete(top.key);
        stack.pop();
      } else if (!layer.has(target) && !open.has(target)) stack.push({ key: target, at: 0 });
    }
  }
  return layer;
}
