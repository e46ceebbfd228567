/** What would break, or be empty, without a definition: found in the documents that the builder has. */
import type { BlueprintDoc } from "../catalog/blueprint.ts";
import type { ScorecardDoc } from "../scorecards/types.ts";
import { type Definition, definitionsOf, type Kind, KINDS } from "./definition-kind.ts";
import { stepsOf } from "./path-steps.ts";

export interface Use {
  /** What uses it, as a person names it. */
  readonly by: string;
  /** Blueprint where it stands; null: a page. */
  readonly blueprint: string | null;
}

interface PageDoc {
  readonly identifier: string;
  readonly title?: string | null;
  readonly blueprint?: string | null;
}

export interface Documents {
  readonly blueprints: readonly BlueprintDoc[];
  readonly scorecards: readonly ScorecardDoc[];
  readonly pages: readonly PageDoc[];
}

/** @param target blueprint that has the definition */
export function usesOf(target: BlueprintDoc, kind: Kind, id: string, documents: Documents): Use[] {
  const uses: Use[] = [];
  for (const blueprint of documents.blueprints) {
    const say = (what: string, name: string) =>
      uses.push({ by: `${what} ${name}`, blueprint: blueprint.identifier });
    const isSame = (other: Kind, name: string): boolean =>
      blueprint.identifier === target.identifier && other === kind && name === id;
    for (const other of KINDS)
      for (const [name, definition] of Object.entries(definitionsOf(blueprint, other))) {
        if (isSame(other, name)) continue;
        if (
          other === "mirror" &&
          isOnPath(blueprint, textIn(definition, "path"), target, id, documents.blueprints)
        )
          say("mirror property", name);
        if (other === "calculation" && blueprint.identifier === target.identifier)
          if (mentions(textIn(definition, "calculation"), id)) say("calculation property", name);
        if (other === "aggregation" && isInAggregation(blueprint, definition, target, kind, id))
          say("aggregation property", name);
      }
    const { path } = (blueprint.ownership ?? {}) as { path?: string };
    if (
      kind === "relation" &&
      path !== undefined &&
      isOnPath(blueprint, path, target, id, documents.blueprints)
    )
      say("owners of", blueprint.title || blueprint.identifier);
  }
  for (const scorecard of documents.scorecards)
    if (scorecard.blueprint === target.identifier && quotes(scorecard, id))
      uses.push({ by: `scorecard ${scorecard.title}`, blueprint: scorecard.blueprint });
  for (const page of documents.pages)
    if (isOfBlueprint(page, target.identifier) && quotes(page, id))
      uses.push({ by: `page ${page.title || page.identifier}`, blueprint: null });
  return uses;
}

function textIn(definition: Definition, key: string): string {
  const value = definition[key];
  return typeof value === "string" ? value : "";
}

function isOnPath(
  start: BlueprintDoc,
  path: string,
  target: BlueprintDoc,
  id: string,
  all: readonly BlueprintDoc[],
): boolean {
  return stepsOf(start, path, all).steps.some(
    ({ on, step }) => on.identifier === target.identifier && step === id,
  );
}

/** Where an aggregation stands does not matter for what it reads: its target, and the relations on its way. */
function isInAggregation(
  blueprint: BlueprintDoc,
  definition: Definition,
  target: BlueprintDoc,
  kind: Kind,
  id: string,
): boolean {
  const { target: of, calculationSpec, query, pathFilter } = definition;
  if (of === target.identifier && (quotes(calculationSpec, id) || quotes(query, id))) return true;
  if (kind !== "relation") return false;
  const isBetween = target.identifier === of || target.identifier === blueprint.identifier;
  if (pathFilter !== undefined) return isBetween && quotes(pathFilter, id);
  const leads = target.relations?.[id]?.target;
  return isBetween && (leads === of || leads === blueprint.identifier);
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** `.properties.size`, `."size"`, `["size"]`. */
const mentions = (program: string, id: string): boolean =>
  new RegExp(`(\\.|["'])${escaped(id)}(?![A-Za-z0-9_])`).test(program);

/** As a whole text, also behind a prefix (`property#size`, `properties.size`). */
const quotes = (value: unknown, id: string): boolean =>
  value !== undefined &&
  new RegExp(`"(?:[a-z-]+#|properties\\.|relations\\.)?${escaped(id)}"`).test(JSON.stringify(value));

const isOfBlueprint = (page: PageDoc, blueprint: string): boolean =>
  page.blueprint === blueprint || JSON.stringify(page).includes(`"${blueprint}"`);
