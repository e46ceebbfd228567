/** A blueprint as the screens of the catalog read it, and its columns. */
import type { ScoreDoc } from "../scorecards/types.ts";

export interface PropertyDoc {
  type?: string;
  title?: string | null;
  description?: string | null;
  format?: string | null;
  spec?: string | null;
  enum?: readonly (string | number)[] | null;
  enumColors?: Readonly<Record<string, string>> | null;
  items?: { type?: string; format?: string | null; enum?: readonly unknown[] } | null;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  pattern?: string;
}

export interface RelationDoc {
  title?: string | null;
  description?: string | null;
  target: string;
  many?: boolean;
  required?: boolean;
}

export interface BlueprintDoc {
  identifier: string;
  title?: string | null;
  icon?: string | null;
  description?: string | null;
  schema?: {
    properties?: Record<string, PropertyDoc>;
    required?: readonly string[] | Record<string, unknown>;
  };
  relations?: Record<string, RelationDoc>;
  mirrorProperties?: Record<string, { title?: string | null; path?: string }>;
  calculationProperties?: Record<
    string,
    PropertyDoc & { calculation?: string; colors?: Record<string, string> }
  >;
  aggregationProperties?: Record<
    string,
    { title?: string | null; type?: string; target?: string; query?: unknown; calculationSpec?: object }
  >;
  ownership?: { type?: string; path?: string } | null;
  createdAt?: string;
  updatedAt?: string;
}

export interface EntityDoc {
  identifier: string;
  title?: string | null;
  icon?: string | null;
  blueprint?: string;
  team?: readonly string[] | string | null;
  properties?: Readonly<Record<string, unknown>>;
  relations?: Readonly<Record<string, string | readonly string[] | null>>;
  /** Absent where the blueprint has no scorecards. */
  scorecards?: Readonly<Record<string, ScoreDoc>>;
  createdAt?: string;
  createdBy?: string;
  updatedAt?: string;
  updatedBy?: string;
}

export type ColumnKind =
  | "title"
  | "text"
  | "number"
  | "boolean"
  | "time"
  | "url"
  | "email"
  | "list"
  | "object"
  | "relation"
  | "team"
  /** Mirrors and the like, whose type is known from the value only. */
  | "any";

export interface Column {
  /** Property or relation identifier, or a meta property with `$`. */
  readonly id: string;
  readonly title: string;
  readonly kind: ColumnKind;
  /** What it comes from; null for meta properties. */
  readonly source: "property" | "relation" | "mirror" | "calculation" | "aggregation" | "scorecard" | null;
  readonly sortable: boolean;
  readonly options: readonly (string | number)[];
  readonly colors: Readonly<Record<string, string>>;
  /** Blueprint that a relation, or the teams, lead to. */
  readonly target: string | null;
  readonly description: string | null;
  /** Of a scorecard: which, and which of its rules (null: its level). */
  readonly score: {
    readonly scorecard: string;
    readonly rule: string | null;
    /** Whether its level is the base level for want of data alone. */
    readonly isUnjudged?: (entity: EntityDoc) => boolean;
  } | null;
  /** Runs out at its time. */
  readonly isTimer: boolean;
}

/** A column with what is said of it, and the usual for the rest. */
export const column = (id: string, title: string, kind: ColumnKind, rest: Partial<Column> = {}): Column => ({
  id,
  title,
  kind,
  source: null,
  sortable: true,
  options: [],
  colors: {},
  target: null,
  description: null,
  score: null,
  isTimer: false,
  ...rest,
});

/**
 * The first column, then properties, relations, derived properties and meta properties, in the blueprint's order.
 * @param all where mirrors lead: without them it is not known which of these have an order
 */
export function columnsOf(blueprint: BlueprintDoc, all: readonly BlueprintDoc[] = []): Column[] {
  const titled = (id: string, { title }: { title?: string | null }) => title || id;
  return [
    column("$title", "Title", "title"),
    ...Object.entries(blueprint.schema?.properties ?? {}).map(([id, property]) =>
      column(id, titled(id, property), kindOfProperty(property), {
        source: "property",
        sortable: hasOrder(property.type),
        options: property.enum ?? [],
        colors: property.enumColors ?? {},
        description: property.description ?? null,
        isTimer: property.format === "timer",
      }),
    ),
    ...Object.entries(blueprint.relations ?? {}).map(([id, relation]) =>
      column(id, titled(id, relation), "relation", {
        source: "relation",
        target: relation.target,
        description: relation.description ?? null,
      }),
    ),
    ...Object.entries(blueprint.mirrorProperties ?? {}).map(([id, mirror]) =>
      column(id, titled(id, mirror), "any", {
        source: "mirror",
        sortable: hasOrder(mirrorType(blueprint, mirror.path ?? "", all)),
      }),
    ),
    ...Object.entries(blueprint.calculationProperties ?? {}).map(([id, calculation]) =>
      column(id, titled(id, calculation), kindOfProperty(calculation), {
        source: "calculation",
        sortable: hasOrder(calculation.type),
        colors: calculation.colors ?? {},
      }),
    ),
    ...Object.entries(blueprint.aggregationProperties ?? {}).map(([id, aggregation]) =>
      column(id, titled(id, aggregation), "number", { source: "aggregation" }),
    ),
    ...(blueprint.ownership ? [column("$team", "Owning teams", "team", { target: "_team" })] : []),
    column("$identifier", "Identifier", "text"),
    column("$updatedAt", "Last update", "time"),
    column("$createdAt", "Created", "time"),
  ];
}

const hasOrder = (type: string | null | undefined): boolean =>
  type !== undefined && type !== null && type !== "array" && type !== "object";

/** Mirrors of mirrors that follow each other. */
const MAX_MIRRORS = 20;

/** Of what the path ends at, a list where there may be several; null: not known, or nothing. */
function mirrorType(
  blueprint: BlueprintDoc,
  path: string,
  all: readonly BlueprintDoc[],
  depth = 0,
): string | null {
  const steps = path.split(".");
  const last = steps.pop() ?? "";
  let at = blueprint;
  for (const step of steps) {
    const relation = at.relations?.[step];
    if (step === "$team" || relation?.many === true) return "array";
    const next = all.find(({ identifier }) => identifier === relation?.target);
    if (next === undefined) return null;
    at = next;
  }
  if (last.startsWith("$")) return last === "$team" ? "array" : "string";
  const mirror = at.mirrorProperties?.[last];
  if (mirror !== undefined)
    return depth < MAX_MIRRORS ? mirrorType(at, mirror.path ?? "", all, depth + 1) : null;
  if (at.aggregationProperties?.[last] !== undefined) return "number";
  return at.calculationProperties?.[last]?.type ?? at.schema?.properties?.[last]?.type ?? null;
}

function kindOfProperty({ type, format }: PropertyDoc): ColumnKind {
  switch (type) {
    case "number":
      return "number";
    case "boolean":
      return "boolean";
    case "array":
      return "list";
    case "object":
      return "object";
    default:
      if (format === "date-time" || format === "timer") return "time";
      if (format === "url") return "url";
      return format === "email" ? "email" : "text";
  }
}

/** What stands in a column of an entity; undefined and null say the same. */
export function valueIn(entity: EntityDoc, { id, source, score }: Column): unknown {
  if (score !== null) {
    const own = entity.scorecards?.[score.scorecard];
    return score.rule === null
      ? own?.level
      : own?.rules.find(({ identifier }) => identifier === score.rule)?.status;
  }
  if (source === "relation") return entity.relations?.[id];
  if (source !== null) return entity.properties?.[id];
  switch (id) {
    case "$title":
      return entity.title || entity.identifier;
    case "$identifier":
      return entity.identifier;
    case "$team":
      return entity.team;
    case "$updatedAt":
      return entity.updatedAt;
    default:
      return entity.createdAt;
  }
}

/** A text as it is, anything else as JSON. */
export const showValue = (value: unknown): string =>
  typeof value === "string" ? value : (JSON.stringify(value) ?? "");

/** The system's own blueprints begin with an underscore. */
export const isSystem = (identifier: string): boolean => identifier.startsWith("_");

export const titleOf = ({ identifier, title }: { identifier: string; title?: string | null }): string =>
  title || identifier;
