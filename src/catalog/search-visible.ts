/** What whoever asks may see, put into the query itself: nothing else of a search knows of permissions. */
import { AppError } from "../model/error.ts";
import type { QueryGroup } from "../model/query-nodes.ts";
import type { Ctx } from "../storage/context.ts";

/** Of a blueprint's entities: all, none, or those that a query matches. */
export type Visible = "all" | "none" | QueryGroup;

/** Reading is not restricted yet: everybody who is signed in sees everything. */
export async function visibleEntities(
  _ctx: Ctx,
  blueprints: readonly string[],
): Promise<ReadonlyMap<string, Visible>> {
  return new Map(blueprints.map((blueprint) => [blueprint, "all"]));
}

/** @throws AppError `forbidden` when this entity may not be read (whether it exists or not) */
export async function requireVisible(ctx: Ctx, blueprint: string, identifier: string): Promise<void> {
  const what = (await visibleEntities(ctx, [blueprint])).get(blueprint);
  if (what === "all") return;
  // One that a query decides on is looked up by whoever fills this in; nothing is restricted yet.
  throw new AppError(
    "forbidden",
    `entity "${identifier}" of blueprint "${blueprint}" may not be read by you`,
  );
}

/** The query, so that it matches only what may be seen; and the blueprints of which something may. */
export function onlyVisible(
  query: QueryGroup,
  visible: ReadonlyMap<string, Visible>,
): { readonly query: QueryGroup; readonly within: readonly string[] } {
  const within = [...visible].filter(([, what]) => what !== "none").map(([blueprint]) => blueprint);
  const partly = [...visible].flatMap(([blueprint, what]) =>
    typeof what === "string" ? [] : [both(isOf([blueprint]), what)],
  );
  if (partly.length === 0) return { query, within };
  const wholly = within.filter((blueprint) => visible.get(blueprint) === "all");
  const seen: QueryGroup = { kind: "group", combinator: "or", rules: [isOf(wholly), ...partly] };
  return { query: both(query, seen), within };
}

function both(a: QueryGroup["rules"][number], b: QueryGroup): QueryGroup {
  return { kind: "group", combinator: "and", rules: [a, b] };
}

function isOf(blueprints: readonly string[]): QueryGroup["rules"][number] {
  return {
    kind: "rule",
    property: "$blueprint",
    condition: { op: "in", values: blueprints },
    negated: false,
  };
}
