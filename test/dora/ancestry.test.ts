import fc from "fast-check";
import { expect, test } from "vitest";
import { ancestryOf } from "../../src/dora/ancestry.ts";
import { buildGraph } from "../../src/dora/commit-graph.ts";
import { commit } from "./support/facts.ts";

const parents = fc.array(fc.array(fc.nat(17), { maxLength: 3 }), { minLength: 1, maxLength: 18 });

/** Everything reachable from a commit, itself too, the plain way. */
function reach(graph: readonly (readonly number[])[], from: number): Set<number> {
  const found = new Set<number>();
  const visit = (one: number): void => {
    if (one >= graph.length || found.has(one)) return;
    found.add(one);
    for (const parent of graph[one] as readonly number[]) visit(parent);
  };
  visit(from);
  return found;
}

test.each([
  ["acyclic", true],
  ["with cycles", false],
])("difference and ancestry are those of plain sets (%s)", (_, acyclic) => {
  fc.assert(
    fc.property(parents, (raw) => {
      const graph = acyclic ? raw.map((list, index) => list.filter((parent) => parent < index)) : raw;
      const facts = graph.map((list, index) =>
        commit(
          `c${index}c`,
          list.map((one) => `c${one}c`),
          index,
          "x",
        ),
      );
      const ancestry = ancestryOf(buildGraph(facts));
      const sets = graph.map((_, index) => reach(graph, index));
      sets.forEach((above, head) => {
        sets.forEach((below, base) => {
          const count = [...above].filter((one) => !below.has(one)).length;
          expect(ancestry.difference(head, base)).toEqual({ contains: above.has(base), count });
          expect(ancestry.isProperAncestor(base, head)).toBe(head !== base && above.has(base));
        });
      });
    }),
    { seed: 1, numRuns: 200 },
  );
});
