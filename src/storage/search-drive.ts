/**
 * Where a search can begin: at the rows of an index or of a walk instead of at every entity. And where an index is
 * missing, which one it would have to be. Only rules that every match must fulfil count.
 */
import {
  isContextRef,
  isMetaProperty,
  type PropertyRule,
  type QueryGroup,
  type QueryRule,
  type RelationRule,
} from "../model/query-nodes.ts";
import type { PropertyType } from "../model/property.ts";
import { type Compilation, MAX_SINGLE, testOf } from "./search-compilation.ts";
import { fittingProperties, kindsOf, walkOf } from "./search-compile.ts";
import { relationsOf } from "./search-relations.ts";
import type { Column, Test } from "./search-values.ts";
import type { Walk } from "./search-walks.ts";

/** `text`: equality; `number` and `instant`: equality and order; `list`: elements; `part`: any part of a text. */
export type IndexKind = "text" | "number" | "instant" | "list" | "part";

export interface IndexKey {
  /** Empty: of every blueprint. */
  readonly blueprint: string;
  /** Property identifier, or a meta property with `$`. */
  readonly property: string;
  readonly kind: IndexKind;
  /** Where the values are; absent: among those that were written. */
  readonly column?: Column;
}

export interface Indexes {
  has(key: IndexKey): boolean;
}

/** A rule that says by itself what may match. */
export interface Driver {
  readonly rule: QueryRule;
  readonly walk: Walk;
}

export interface Drive {
  readonly walks: readonly Driver[];
  /** An index finds what may match. */
  readonly isIndexed: boolean;
  /** Indexes that would help, if it was slow. */
  readonly wishes: readonly IndexKey[];
}

const NONE: Drive = { walks: [], isIndexed: false, wishes: [] };
const INDEXED: Drive = { walks: [], isIndexed: true, wishes: [] };

/** Shorter texts are in too many others: three characters in a row are what such an index knows. */
const MIN_PART = 3;

/** What a search with more rules wishes for is a guess. */
const MAX_WISHES = 8;

export function driveOf(rule: QueryRule | QueryGroup, to: Compilation, indexes: Indexes): Drive {
  if (rule.kind === "group") {
    const parts = rule.rules.map((part) => driveOf(part, to, indexes));
    return rule.combinator === "and" || parts.length === 1 ? every(parts) : either(parts);
  }
  const walk = walkOf(rule, to);
  const walks = walk === null ? [] : [{ rule, walk }];
  if (rule.kind === "relatedTo" || rule.kind === "path" || rule.kind === "scorecard" || rule.negated)
    return { walks, isIndexed: false, wishes: [] };
  const test = testOf(rule.condition, to);
  if (test === null) return NONE;
  if (rule.kind === "relation") return { walks, isIndexed: false, wishes: ofTitles(rule, test, to, indexes) };
  const drive =
    rule.kind === "schema"
      ? wished(keysOf(fittingProperties(rule, to), test), indexes)
      : ofProperty(rule, test, to, indexes);
  return { ...drive, walks };
}

/** All must hold: any of them will do, and two together leave less than one. */
function every(parts: readonly Drive[]): Drive {
  return {
    walks: parts
      .flatMap((part) => part.walks)
      .sort((a, b) => Number(b.walk.isBounded ?? false) - Number(a.walk.isBounded ?? false)),
    isIndexed: parts.some((part) => part.isIndexed),
    wishes: parts.flatMap((part) => part.wishes).slice(0, MAX_WISHES),
  };
}

/** One must hold: each needs its index. */
function either(parts: readonly Drive[]): Drive {
  const isIndexed = parts.length > 0 && parts.every((part) => part.isIndexed);
  const wishes = parts.every((part) => part.isIndexed || part.wishes.length > 0)
    ? parts.flatMap((part) => part.wishes)
    : [];
  return { walks: [], isIndexed, wishes };
}

function ofProperty(rule: PropertyRule, test: Test, to: Compilation, indexes: Indexes): Drive {
  if (isContextRef(rule.property)) return NONE;
  const { property } = rule;
  if (!isMetaProperty(property)) {
    const found = [...kindsOf(property, to)].flatMap(([kind, blueprints]) =>
      blueprints.map((blueprint) => ({
        ...{ blueprint, property },
        ...{ type: kind?.type ?? null, column: kind?.column ?? "properties" },
      })),
    );
    return wished(keysOf(found, test), indexes);
  }
  if (property === "$identifier" && (test.op === "equals" || test.op === "in")) return INDEXED;
  if (property === "$team") return isSome(test) ? INDEXED : NONE;
  // The order of the answer is an index by these.
  if (property === "$createdAt" || property === "$blueprint") return NONE;
  const kind = property === "$updatedAt" ? kindForInstant(test) : kindFor("string", test);
  if (kind === null || (kind === "instant" && property !== "$updatedAt")) return NONE;
  if (property === "$identifier" && kind !== "part") return NONE;
  if (indexes.has({ blueprint: "", property, kind })) return INDEXED;
  const [blueprint = ""] = to.within.size === 1 ? to.within : [];
  return wished([{ blueprint, property, kind }], indexes);
}

interface Typed {
  readonly blueprint: string;
  readonly property: string;
  readonly type: PropertyType | null;
  readonly column?: Column;
}

/** Empty when an index on one of them would not help, or it would take too many. */
function keysOf(properties: readonly Typed[], test: Test): IndexKey[] {
  if (properties.length > MAX_SINGLE) return [];
  const keys: IndexKey[] = [];
  for (const { blueprint, property, type, column } of properties) {
    const kind = type === null ? null : kindFor(type, test);
    if (kind === null) return [];
    keys.push({ blueprint, property, kind, ...(column === "derived" && { column }) });
  }
  return keys;
}

/** A relation rule about titles looks these up first. */
function ofTitles(rule: RelationRule, test: Test, to: Compilation, indexes: Indexes): IndexKey[] {
  if (rule.target !== "$title" || (test.op !== "equals" && test.op !== "in")) return [];
  const targets = new Set(relationsOf(rule, to).map((edge) => edge.to));
  if (targets.size > MAX_SINGLE) return [];
  return [...targets]
    .map((blueprint): IndexKey => ({ blueprint, property: "$title", kind: "text" }))
    .filter((key) => !indexes.has(key) && !indexes.has({ ...key, blueprint: "" }));
}

function wished(keys: readonly IndexKey[], indexes: Indexes): Drive {
  const missing = keys.filter((key) => !indexes.has(key));
  return { walks: [], isIndexed: keys.length > 0 && missing.length === 0, wishes: missing };
}

/** Asks for teams that are named: those who have none are not in the index. */
function isSome(test: Test): boolean {
  if (test.op === "equals") return test.value !== null;
  return (
    (test.op === "in" || test.op === "contains") && test.values.length > 0 && !test.values.includes(null)
  );
}

function kindForInstant(test: Test): IndexKind | null {
  return test.op === "between" || test.op === "compare" || test.op === "isExpired" ? "instant" : null;
}

function kindFor(type: PropertyType, test: Test): IndexKind | null {
  const values = "values" in test ? test.values : [];
  switch (type) {
    case "string":
      if (test.op === "equals" || test.op === "in" || test.op === "isEmpty") return "text";
      if (test.op === "contains" || test.op === "beginsWith" || test.op === "endsWith")
        return values.length > 0 && values.every((value) => String(value).length >= MIN_PART) ? "part" : null;
      return kindForInstant(test);
    case "boolean":
      return test.op === "equals" || test.op === "in" ? "text" : null;
    case "number":
      return test.op === "equals" || test.op === "in" || test.op === "compare" ? "number" : null;
    case "array":
      return (test.op === "contains" || test.op === "in") && values.length > 0 && !values.includes(null)
        ? "list"
        : null;
    default:
      return null;
  }
}
