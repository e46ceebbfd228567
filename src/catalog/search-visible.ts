/** What whoever asks may see, put into the query itself: nothing else of a search knows of permissions. */
import type { Person } from "../model/actor.ts";
import { AppError } from "../model/error.ts";
import type { Granted } from "../model/permission.ts";
import { readableBy } from "../model/permission-checks.ts";
import { parseQuery } from "../model/query.ts";
import type { QueryGroup } from "../model/query-nodes.ts";
import type { Ctx } from "../storage/context.ts";
import { readGranted } from "../storage/permissions.ts";
import { restricted } from "./guard.ts";

/** Of a blueprint's entities: all, none, or those that a query matches. */
export type Visible = "all" | "none" | QueryGroup;

/** By the permissions of the blueprints (data-model.md §8.5): one look-up for people, none for apps and administrators. */
export async function visibleEntities(
  ctx: Ctx,
  blueprints: readonly string[],
): Promise<ReadonlyMap<string, Visible>> {
  const person = restricted(ctx);
  const granted = person === null ? NO_GRANTS : await readGranted(ctx, null);
  return new Map(
    blueprints.map((blueprint) => {
      const on = granted.get(blueprint);
      return [blueprint, person === null || on === undefined ? "all" : visibleTo(person, blueprint, on)];
    }),
  );
}

const NO_GRANTS: ReadonlyMap<string, Granted> = new Map();

function visibleTo(person: Person, blueprint: string, granted: Granted): Visible {
  const readable = readableBy(person, blueprint, granted);
  if (readable.kind === "all") return "all";
  const { teams, policy } = readable;
  const rules: QueryGroup["rules"] = [
    ...(teams.length === 0 ? [] : [isOneOf("$team", teams)]),
    ...(policy === null ? [] : [parseQuery(policy, "policy")]),
  ];
  return rules.length === 0 ? "none" : { kind: "group", combinator: "or", rules };
}

/** @throws AppError `forbidden` when none of its entities may be read */
export async function requireVisibleBlueprint(ctx: Ctx, blueprint: string): Promise<"all" | QueryGroup> {
  const what = (await visibleEntities(ctx, [blueprint])).get(blueprint) ?? "all";
  if (what === "none")
    throw new AppError("forbidden", `entities of blueprint "${blueprint}" may not be read by you`);
  return what;
}

/** The query, so that it matches only what may be seen; and the blueprints of which something may. */
export function onlyVisible(
  query: QueryGroup,
  visible: ReadonlyMap<string, Visible>,
): { readonly query: QueryGroup; readonly within: readonly string[] } {
  const within = [...visible].filter(([, what]) => what !== "none").map(([blueprint]) => blueprint);
  const partly = [...visible].flatMap(([blueprint, what]) =>
    typeof what === "string" ? [] : [both(isOneOf("$blueprint", [blueprint]), what)],
  );
  if (partly.length === 0) return { query, within };
  const wholly = within.filter((blueprint) => visible.get(blueprint) === "all");
  const seen: QueryGroup = {
    kind: "group",
    combinator: "or",
    rules: [isOneOf("$blueprint", wholly), ...partly],
  };
  return { query: both(query, seen), within };
}

export function both(a: QueryGroup["rules"][number], b: QueryGroup): QueryGroup {
  return { kind: "group", combinator: "and", rules: [a, b] };
}

function isOneOf(property: string, values: readonly string[]): QueryGroup["rules"][number] {
  return { kind: "rule", property, condition: { op: "in", values }, negated: false };
}
