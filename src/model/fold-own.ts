/**
 * What aggregations read of one entity, each value once however many of them read it: ten aggregations of a service look at
 * five values of a deployment. Kept for an entity that came, went or changed until a root adds it to its states.
 */
import type { AggregationDefinition, Leaf } from "./derive-nodes.ts";
import { ownState, type PackedState } from "./fold-state.ts";
import { parseExactInstant } from "./instant.ts";
import type { QueryGroup } from "./query-nodes.ts";

/** A value that is read. */
export type OwnRead =
  /** Whether the entity fulfils the query. */
  | { readonly kind: "query"; readonly query: QueryGroup }
  /** A number, as a decimal. */
  | { readonly kind: "number"; readonly leaf: Leaf }
  | { readonly kind: "json"; readonly leaf: Leaf }
  /** Of a meta property milliseconds, otherwise a text that may be an instant. */
  | { readonly kind: "time"; readonly leaf: Leaf };

/** Values of one entity, in the order of the reads. */
export type OwnValues = readonly unknown[];

/** Where the values of an aggregation are; null: it reads none of the kind. */
interface Place {
  readonly query: number | null;
  readonly value: number | null;
  readonly time: number | null;
}

/** What the aggregations read. The same for the same definitions: values are stored without it. */
export class OwnReads {
  readonly reads: readonly OwnRead[];
  readonly #aggregations: readonly AggregationDefinition[];
  readonly #places: readonly Place[];

  constructor(aggregations: readonly AggregationDefinition[]) {
    const known = new Map<string, number>();
    const reads: OwnRead[] = [];
    const placeOf = (read: OwnRead): number => {
      const key = JSON.stringify(read);
      const place = known.get(key) ?? reads.push(read) - 1;
      known.set(key, place);
      return place;
    };
    this.#aggregations = aggregations;
    this.#places = aggregations.map((one) => {
      const { query, property, func, averageOf, measureTimeBy } = one;
      const kind = func === "countDistinct" ? "json" : "number";
      const isTimed = func === "average" && averageOf !== "total";
      return {
        query: query === null ? null : placeOf({ kind: "query", query }),
        value: property === null ? null : placeOf({ kind, leaf: property }),
        time: isTimed ? placeOf({ kind: "time", leaf: measureTimeBy }) : null,
      };
    });
    this.reads = reads;
  }

  /** What the entity adds to the aggregation; null: it does not count. */
  stateOf(i: number, values: OwnValues): PackedState | null {
    const place = this.#places[i];
    const one = this.#aggregations[i];
    if (place === undefined || one === undefined) return null;
    if (place.query !== null && values[place.query] !== true) return null;
    const value = place.value === null ? null : (values[place.value] ?? null);
    if (place.value !== null && value === null) return null;
    const time = place.time === null ? null : timeOf(values[place.time]);
    return ownState(one, one.func === "count" ? null : value, time);
  }
}

/** For the database, telling an instant from other texts takes longer than everything else that is read of an entity. */
function timeOf(value: unknown): number | null {
  if (typeof value === "string") return parseExactInstant(value);
  return typeof value === "number" ? value : null;
}
