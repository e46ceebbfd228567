/** Search queries as SQL conditions, with parameters only (decisions 13-16). */
import { type RawBuilder, sql } from "kysely";
import type { Entity } from "../model/entity.ts";
import { INSTANT_PATTERN, isInstant } from "../model/instant.ts";
import {
  type Condition,
  isMetaProperty,
  type MetaProperty,
  type QueryGroup,
  type QueryRule,
  type Range,
  type Scalar,
} from "../model/query.ts";
import type { Db } from "./db.ts";
import { ENTITY_COLUMNS, type EntityRow, toEntity } from "./entities.ts";

type Sql = RawBuilder<unknown>;

export interface QueryContext {
  readonly now: Date;
  /** IANA name, for calendar days. */
  readonly timeZone: string;
  /**
   * Which blueprints have this property: a rule never matches an entity of a blueprint without it, negated or not
   * (decision 15).
   */
  readonly blueprintsWith: (property: string) => readonly string[] | "all";
}

const TRUE = sql`true`;
const FALSE = sql`false`;

export function compileGroup(group: QueryGroup, context: QueryContext): Sql {
  if (group.rules.length === 0) return TRUE;
  const parts = group.rules.map((rule) =>
    rule.kind === "group" ? compileGroup(rule, context) : compileRule(rule, context),
  );
  return sql`(${sql.join(parts, group.combinator === "and" ? sql` and ` : sql` or `)})`;
}

function compileRule(rule: QueryRule, context: QueryContext): Sql {
  const positive = sql`coalesce(${compileCondition(rule, context)}, false)`;
  const condition = rule.negated ? sql`not ${positive}` : positive;
  if (isMetaProperty(rule.property)) return condition;
  const blueprints = context.blueprintsWith(rule.property);
  if (blueprints === "all") return condition;
  if (blueprints.length === 0) return FALSE;
  return sql`(e.blueprint = any(${[...blueprints]}::text[]) and ${condition})`;
}

function compileCondition(rule: QueryRule, context: QueryContext): Sql {
  const { property, condition } = rule;
  if (!isMetaProperty(property)) return onJson(sql`(e.properties -> ${property}::text)`, condition, context);
  if (property === "$team") return onTeam(condition);
  if (property === "$createdAt" || property === "$updatedAt")
    return onInstant(META[property], condition, context);
  return onText(META[property], condition, context);
}

const META: Readonly<Record<MetaProperty, Sql>> = {
  $identifier: sql`e.identifier`,
  $title: sql`e.title`,
  $icon: sql`e.icon`,
  $team: sql`e.team`,
  $blueprint: sql`e.blueprint`,
  $createdAt: sql`e.created_at`,
  $updatedAt: sql`e.updated_at`,
  $createdBy: sql`e.created_by`,
  $updatedBy: sql`e.updated_by`,
  $datasource: sql`e.datasource`,
};

function textOf(value: Scalar): string {
  return String(value);
}

function presentTexts(values: readonly Scalar[]): string[] {
  return values.filter((value) => value !== null).map(textOf);
}

/** Wildcards in the value stand for themselves. */
function likePattern(before: string, value: Scalar, after: string): string {
  return `${before}${textOf(value).replaceAll(/[\\%_]/g, String.raw`\$&`)}${after}`;
}

function all(parts: readonly Sql[]): Sql {
  return parts.length === 0 ? FALSE : sql`(${sql.join(parts, sql` and `)})`;
}

function any(parts: readonly Sql[]): Sql {
  return parts.length === 0 ? FALSE : sql`(${sql.join(parts, sql` or `)})`;
}

/** A text column. */
function onText(column: Sql, condition: Condition, context: QueryContext): Sql {
  switch (condition.op) {
    case "equals":
      return condition.value === null ? sql`${column} is null` : sql`${column} = ${textOf(condition.value)}`;
    case "in":
      return orNull(
        sql`${column} = any(${presentTexts(condition.values)}::text[])`,
        condition.values,
        sql`${column} is null`,
      );
    case "contains":
      return all(condition.values.map((value) => like(column, "%", value, "%")));
    case "containsAny":
      return any(condition.values.map((value) => like(column, "%", value, "%")));
    case "beginsWith":
      return like(column, "", condition.value, "%");
    case "endsWith":
      return like(column, "%", condition.value, "");
    case "isEmpty":
      return sql`${column} is null`;
    default:
      return onInstant(asInstant(column), condition, context);
  }
}

function like(text: Sql, before: string, value: Scalar, after: string): Sql {
  return value === null ? FALSE : sql`${text} ilike ${likePattern(before, value, after)}`;
}

function orNull(condition: Sql, values: readonly Scalar[], isNull: Sql): Sql {
  return values.includes(null) ? sql`(${condition} or ${isNull})` : condition;
}

/** The text as a point in time; null when it is none, so that a stored text never fails the query. */
function asInstant(text: Sql): Sql {
  return sql`case when ${text} ~ ${INSTANT_PATTERN} then (${text})::timestamptz end`;
}

function atAny(column: Sql, values: readonly Scalar[]): Sql {
  const instants = values.filter((value) => typeof value === "string" && isInstant(value));
  return sql`${column} = any(${instants}::text[]::timestamptz[])`;
}

/** A timestamptz expression. */
function onInstant(column: Sql, condition: Condition, context: QueryContext): Sql {
  switch (condition.op) {
    case "equals":
      return condition.value === null ? sql`${column} is null` : atAny(column, [condition.value]);
    case "in":
      return orNull(atAny(column, condition.values), condition.values, sql`${column} is null`);
    case ">":
    case ">=":
    case "<":
    case "<=":
      return typeof condition.value === "number"
        ? FALSE
        : sql`${column} ${sql.raw(condition.op)} ${condition.value}::timestamptz`;
    case "between": {
      const [from, to] = rangeEnds(condition.range, context);
      return sql`(${column} >= ${from} and ${column} < ${to})`;
    }
    case "isExpired":
      return sql`${column} <= ${context.now.toISOString()}::timestamptz`;
    case "isEmpty":
      return sql`${column} is null`;
    default:
      return FALSE;
  }
}

function rangeEnds(range: Range, context: QueryContext): [Sql, Sql] {
  const now = context.now.toISOString();
  switch (range.kind) {
    case "instants":
      return [sql`${range.from}::timestamptz`, sql`${range.to}::timestamptz`];
    case "rolling": {
      const from = new Date(context.now.getTime() - range.days * 86_400_000).toISOString();
      return [sql`${from}::timestamptz`, sql`${now}::timestamptz`];
    }
    default: {
      const day = (offset: number): Sql =>
        sql`((date_trunc('day', ${now}::timestamptz at time zone ${context.timeZone}::text) + make_interval(days => ${offset}::int)) at time zone ${context.timeZone}::text)`;
      return [day(range.offset), day(range.offset + 1)];
    }
  }
}

/** The owning teams; `in` means any of them. */
function onTeam(condition: Condition): Sql {
  switch (condition.op) {
    case "equals":
      return condition.value === null
        ? sql`e.team = '{}'`
        : sql`e.team = array[${textOf(condition.value)}::text]`;
    case "in":
      return orNull(
        sql`e.team && ${presentTexts(condition.values)}::text[]`,
        condition.values,
        sql`e.team = '{}'`,
      );
    case "containsAny":
      return sql`e.team && ${presentTexts(condition.values)}::text[]`;
    case "contains":
      return condition.values.includes(null) || condition.values.length === 0
        ? FALSE
        : sql`e.team @> ${presentTexts(condition.values)}::text[]`;
    case "isEmpty":
      return sql`e.team = '{}'`;
    default:
      return FALSE;
  }
}

/** A stored value: what an operator means depends on the type of the value itself. */
function onJson(value: Sql, condition: Condition, context: QueryContext): Sql {
  const isNull = sql`(${value} is null or ${value} = 'null'::jsonb)`;
  const text = sql`(${value} #>> '{}')`;
  const type = sql`jsonb_typeof(${value})`;
  /** Text of strings, numbers and booleans (decision 14). */
  const scalar = (test: Sql): Sql => sql`(${type} not in ('array', 'object') and ${test})`;
  const element = (item: Scalar): Sql =>
    sql`(${type} = 'array' and ${value} @> ${JSON.stringify(item)}::jsonb)`;
  switch (condition.op) {
    case "equals":
      return condition.value === null ? isNull : sql`${value} = ${JSON.stringify(condition.value)}::jsonb`;
    case "in": {
      const items = condition.values.filter((item) => item !== null).map((item) => JSON.stringify(item));
      const listed = sql`(${value} = any(${items}::text[]::jsonb[]) or (${type} = 'array' and exists (
        select 1 from jsonb_array_elements(case when ${type} = 'array' then ${value} else '[]'::jsonb end) x
        where x = any(${items}::text[]::jsonb[]))))`;
      return orNull(listed, condition.values, isNull);
    }
    case "contains":
      return all(
        condition.values.map((item) => sql`(${element(item)} or ${scalar(like(text, "%", item, "%"))})`),
      );
    case "containsAny":
      return any(
        condition.values.map((item) => sql`(${element(item)} or ${scalar(like(text, "%", item, "%"))})`),
      );
    case "beginsWith":
      return scalar(like(text, "", condition.value, "%"));
    case "endsWith":
      return scalar(like(text, "%", condition.value, ""));
    case "isEmpty":
      return isNull;
    case ">":
    case ">=":
    case "<":
    case "<=":
      if (typeof condition.value === "number")
        return sql`case when ${type} = 'number' then (${value})::numeric ${sql.raw(condition.op)} ${JSON.stringify(condition.value)}::numeric end`;
      return onInstant(stringAsInstant(value), condition, context);
    default:
      return onInstant(stringAsInstant(value), condition, context);
  }
}

function stringAsInstant(value: Sql): Sql {
  return asInstant(sql`(case when jsonb_typeof(${value}) = 'string' then ${value} #>> '{}' end)`);
}

/**
 * Always true, and lets an index by age be partial on it. Such an index serves these queries only; a full one is
 * preferred to the primary key for look-ups as long as there are no statistics, and then reads a whole blueprint for
 * each (measured: 1,000 instead of 6,000 new entities a second).
 */
const BY_AGE = sql.raw("e.created_at > '-infinity'");

export interface Page {
  readonly limit: number;
  /** The last entity of the page before. */
  readonly after: { readonly createdAt: Date; readonly identifier: string } | null;
}

/** Entities of one blueprint, oldest first, then by identifier: an order in which a cursor loses and repeats nothing. */
export async function searchBlueprint(
  db: Db,
  org: string,
  blueprint: string,
  condition: Sql,
  page: Page,
): Promise<Entity[]> {
  const { after } = page;
  const from =
    after === null
      ? TRUE
      : sql`(e.created_at, e.identifier) > (${after.createdAt.toISOString()}::timestamptz, ${after.identifier})`;
  const { rows } = await sql<EntityRow>`
    select ${ENTITY_COLUMNS} from entity e
    where e.org = ${org} and e.blueprint = ${blueprint} and ${BY_AGE} and ${from} and ${condition}
    order by e.created_at, e.identifier limit ${page.limit}`.execute(db);
  return rows.map(toEntity);
}

/** Entities of every blueprint, oldest first. */
export async function searchAll(db: Db, org: string, condition: Sql): Promise<Entity[]> {
  const { rows } = await sql<EntityRow>`
    select ${ENTITY_COLUMNS} from entity e where e.org = ${org} and ${condition}
    order by e.created_at, e.blueprint, e.identifier`.execute(db);
  return rows.map(toEntity);
}
