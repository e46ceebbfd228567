import { expect, test } from "vitest";
import { UnshippedChanges } from "../../src/dora/columns/unshipped.ts";
import { isOwned, type Span } from "../../src/dora/ownership.ts";
import { randomSource } from "../http/support/random-source.ts";

interface Row {
  readonly service: string;
  readonly mergedAt: number;
  readonly isLeftOut: boolean;
}

/** Row by row. */
function countedOneByOne(
  rows: readonly Row[],
  from: number,
  to: number,
  selection: ReadonlyMap<string, readonly Span[] | null> | null,
): object {
  const asked = rows.filter(({ service, mergedAt }) => {
    if (mergedAt < from || mergedAt >= to) return false;
    if (selection === null) return true;
    const spans = selection.get(service);
    return spans === null || (spans !== undefined && isOwned(spans, mergedAt));
  });
  const leftOut = asked.filter(({ isLeftOut }) => isLeftOut).length;
  return { notDeployed: asked.length - leftOut, leftOut };
}

test.each(Array.from({ length: 60 }, (_, seed) => seed))("counts as one by one does, seed %i", (seed) => {
  const random = randomSource(seed);
  const below = (n: number): number => random.int(n);
  const services = ["", "a", "b", "c"];
  const changes = new UnshippedChanges();
  const kept = new Map<string, Row[]>();
  for (let step = 0; step < 12; step++) {
    const service = services[below(services.length)] ?? "";
    if (random.chance(0.15)) {
      changes.remove(service);
      kept.delete(service);
      continue;
    }
    const rows = Array.from({ length: below(8) }, (): Row => ({
      ...{ service, mergedAt: below(20) - 5, isLeftOut: random.chance(0.4) },
    }));
    kept.set(service, rows);
    const numbers = rows.flatMap(({ mergedAt, isLeftOut }) => [mergedAt, Number(isLeftOut)]);
    changes.put(service, Float64Array.from(numbers));
  }
  const rows = [...kept.values()].flat();
  const edge = (): number | null => (random.chance(0.3) ? null : below(24) - 7);
  for (let question = 0; question < 20; question++) {
    const [from, to] = [below(24) - 7, below(24) - 7];
    const selection = random.chance(0.3)
      ? null
      : new Map(
          services
            .filter(() => random.chance(0.6))
            .map((service): [string, readonly Span[] | null] => [
              service,
              random.chance(0.4)
                ? null
                : Array.from({ length: below(3) }, () => ({ from: edge(), to: edge() })),
            ]),
        );
    const expected = from <= to ? countedOneByOne(rows, from, to, selection) : null;
    if (expected !== null) expect(changes.count(from, to, selection)).toEqual(expected);
  }
});
