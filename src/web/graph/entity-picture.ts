/** What was read as nodes to draw: texts, colours, and what is known of each. Pure. */
import { type BlueprintDoc, isSystem, showValue, titleOf } from "../catalog/blueprint.ts";
import { count, plural } from "../lib/format.ts";
import { type Legend, legendOf } from "./colours.ts";
import type { Graph, GraphNode } from "./graph-model.ts";
import { type FoundEntity, type FoundGraph, type FoundGroup, hasProperty } from "./read-graph.ts";

export type Detail =
  | ({ readonly kind: "entity"; readonly note: string } & FoundEntity)
  | ({ readonly kind: "group"; readonly title: string; readonly note: string } & FoundGroup);

export interface EntityPicture {
  readonly graph: Graph;
  readonly details: ReadonlyMap<string, Detail>;
  readonly legend: Legend["entries"];
  readonly colouredBy: string;
  readonly describe: (key: string) => string;
  /** By which relation it was found. */
  readonly via: (detail: Detail) => string;
}

const NONE = "no value";

export function entityPicture(
  found: FoundGraph,
  all: readonly BlueprintDoc[],
  colour: string | null,
): EntityPicture {
  const blueprints = new Map(all.map((one) => [one.identifier, one]));
  const nameOf = (id: string): string => titleOf(blueprints.get(id) ?? { identifier: id });
  const valueOf = ({ blueprint, entity }: FoundEntity): string => {
    if (colour === null) return nameOf(blueprint);
    const value = entity.properties?.[colour];
    return value === null || value === undefined || value === "" ? NONE : showValue(value);
  };
  const values = new Map(found.entities.map((entity) => [entity.key, valueOf(entity)]));
  const groupValue = ({ blueprint }: FoundGroup): string => (colour === null ? nameOf(blueprint) : NONE);
  const named = Object.assign(
    {},
    ...all.map(({ schema }) => schema?.properties?.[colour ?? ""]?.enumColors ?? {}),
  ) as Record<string, string>;
  const legend = legendOf(
    [
      ...values.values(),
      ...found.groups.flatMap((group) => Array<string>(group.count).fill(groupValue(group))),
    ],
    named,
    NONE,
    colour === null
      ? all.filter(({ identifier }) => !isSystem(identifier)).map(titleOf)
      : all.flatMap(({ schema }) => (schema?.properties?.[colour]?.enum ?? []).map(showValue)),
  );

  const details = new Map<string, Detail>();
  const nodes: GraphNode[] = [];
  for (const entity of found.entities) {
    const value = values.get(entity.key) ?? NONE;
    const blueprint = nameOf(entity.blueprint);
    const isOfIt = colour !== null && hasProperty(blueprints.get(entity.blueprint), colour);
    const note = isOfIt ? `${blueprint} · ${value}` : blueprint;
    details.set(entity.key, { ...entity, kind: "entity", note });
    const { key, title, column } = entity;
    nodes.push({ key, title, note, column, colour: legend.colourOf(value), isGroup: false });
  }
  for (const group of found.groups) {
    const title = `${count(group.count)}${group.isMore ? "+" : ""} × ${nameOf(group.blueprint)}`;
    const { title: relation } = foundBy(blueprints, group, found, {
      key: group.of,
      relation: group.relation,
    });
    details.set(group.key, { ...group, kind: "group", title, note: nameOf(group.blueprint) });
    const { key, column } = group;
    const colourOf = legend.colourOf(groupValue(group));
    nodes.push({ key, title, note: `by ${relation}, folded`, column, colour: colourOf, isGroup: true });
  }
  return {
    graph: { nodes, edges: found.edges },
    details,
    legend: legend.entries,
    colouredBy: colour === null ? "Blueprint" : propertyTitle(all, colour),
    describe: (key) => describe(details.get(key), found),
    via: (detail) => {
      const by = detail.kind === "group" ? { key: detail.of, relation: detail.relation } : detail.via;
      if (by === null) return "";
      const { title, isMany, isDown } = foundBy(blueprints, detail, found, by);
      const other = details.get(by.key)?.title ?? by.key;
      return isDown ? `its ${title} ${isMany ? "include" : "is"} ${other}` : `${title} of ${other}`;
    },
  };
}

/** The relation that led there. Downstream what was found holds it, upstream the neighbour does. */
function foundBy(
  blueprints: ReadonlyMap<string, BlueprintDoc>,
  { blueprint, column }: FoundEntity | FoundGroup,
  found: FoundGraph,
  by: { readonly key: string; readonly relation: string },
) {
  const of = found.entities.find(({ key }) => key === by.key);
  const isDown = column > (of?.column ?? 0);
  const relation = blueprints.get(isDown ? blueprint : (of?.blueprint ?? ""))?.relations?.[by.relation];
  return { title: relation?.title || by.relation, isMany: relation?.many === true, isDown };
}

/** Of a node, in a sentence. */
function describe(detail: Detail | undefined, { edges }: FoundGraph): string {
  if (detail === undefined) return "";
  if (detail.kind === "group") return `${detail.title}, folded. Enter unfolds them.`;
  const { key, title, note, column } = detail;
  const out = edges.filter(({ from }) => from === key).length;
  const into = edges.filter(({ to }) => to === key).length;
  const where =
    column === 0
      ? "in the middle"
      : `${plural(Math.abs(column), "hop")} ${column < 0 ? "upstream" : "downstream"}`;
  return `${title}, ${note}, ${where}. Depends on ${out}, ${into} depend on it.`;
}

const propertyTitle = (all: readonly BlueprintDoc[], id: string): string =>
  all.map(({ schema }) => schema?.properties?.[id]?.title).find(Boolean) || id;

/** Properties with few values, of the blueprints that are shown: options, yes or no, levels of calculations. */
export function colourChoices(
  all: readonly BlueprintDoc[],
  hide: readonly string[],
): { readonly id: string; readonly title: string }[] {
  const found = new Map<string, string>();
  for (const { identifier, schema, calculationProperties } of all) {
    if (hide.includes(identifier)) continue;
    for (const [id, property] of [
      ...Object.entries(schema?.properties ?? {}).filter(
        ([, { type, enum: options }]) => type === "boolean" || (options ?? []).length > 0,
      ),
      ...Object.entries(calculationProperties ?? {}).filter(
        ([, { type, format }]) => type === "boolean" || (type === "string" && !format),
      ),
    ])
      if (!found.has(id)) found.set(id, property.title || id);
  }
  return [...found].map(([id, title]) => ({ id, title })).sort((a, b) => a.title.localeCompare(b.title));
}
