/** Definitions of derived properties as frozen nodes (data-model.md §6). Made by derive-plan.ts. */
import type { DerivedKind } from "./blueprint.ts";
import type { PropertyType } from "./property.ts";
import type { MetaProperty, QueryGroup } from "./query-nodes.ts";
import type { Period } from "./query-aggregate.ts";

/**
 * One step from entity to entity. `up`: from the holder of the relation to what it points at. `down`: from what is
 * pointed at to the holders. The relation `$team` is ownership: its target is `_team`.
 */
export interface Hop {
  readonly relation: string;
  /** Blueprint that holds the relation. */
  readonly holder: string;
  /** Blueprint that the relation points at. */
  readonly target: string;
  /** The relation holds several values; true for `$team`. */
  readonly many: boolean;
  readonly direction: "up" | "down";
}

/** Where a value is read. */
export type Leaf =
  | { readonly kind: "meta"; readonly id: MetaProperty }
  | { readonly kind: "stored"; readonly id: string; readonly type: PropertyType }
  | { readonly kind: "derived"; readonly id: string; readonly derived: DerivedKind }
  /** There is no such property: always null. */
  | { readonly kind: "none"; readonly id: string };

interface Definition {
  readonly blueprint: string;
  readonly id: string;
  /** 0: reads only what is stored. Otherwise one more than the highest that it reads. */
  readonly level: number;
  /** Part of a cycle (only in documents stored by an earlier version): always null. */
  readonly isCyclic: boolean;
  /** Type of the values, null where it is not known. */
  readonly type: PropertyType | null;
}

export interface MirrorDefinition extends Definition {
  readonly kind: "mirror";
  /** null: a relation of the path does not exist; always null. */
  readonly path: readonly Hop[] | null;
  readonly leaf: Leaf;
  /** A step of the path has several targets: the value is a list. */
  readonly many: boolean;
}

export interface CalculationDefinition extends Definition {
  readonly kind: "calculation";
  readonly program: string;
  /** Own mirror and aggregation properties that the program may read. */
  readonly reads: readonly string[];
  /** The value depends on the time: the program reads `now`. */
  readonly usesClock: boolean;
  /** The program looks at the levels of the entity. */
  readonly readsScores: boolean;
}

export type AggregationFunction =
  | "count"
  | "average"
  | "sum"
  | "min"
  | "max"
  | "median"
  | "p75"
  | "p90"
  | "p95"
  | "countDistinct";

export interface AggregationDefinition extends Definition {
  readonly kind: "aggregation";
  readonly target: string;
  /** From the entity that has the property to those counted; one that several ways reach counts once. */
  readonly ways: readonly (readonly Hop[])[];
  /** null: everything related. */
  readonly query: QueryGroup | null;
  /** Properties of the entities counted that the query asks about. */
  readonly queryReads: readonly Leaf[];
  readonly func: AggregationFunction;
  /** null: by entities. */
  readonly property: Leaf | null;
  /** Only of `average`; `total` by entities is their number, by property the mean. */
  readonly averageOf: Period | "total";
  readonly measureTimeBy: Leaf;
}

export type DerivedDefinition = MirrorDefinition | CalculationDefinition | AggregationDefinition;

export interface DerivationPlan {
  /** By blueprint, then by property; in the order of the documents. */
  readonly definitions: ReadonlyMap<string, ReadonlyMap<string, DerivedDefinition>>;
  /** Each as `blueprint.property`, the first again at the end. */
  readonly cycles: readonly (readonly string[])[];
}
