/** Blueprints as nodes, relations as edges. Pure. */
import { type BlueprintDoc, isSystem, titleOf } from "../catalog/blueprint.ts";
import { plural } from "../lib/format.ts";
import { NO_COLOUR } from "./colours.ts";
import type { Graph, GraphEdge, GraphNode } from "./graph-model.ts";
import { layersOf } from "./layers.ts";

const OWN = "#2f7fd6";

export interface BlueprintPicture extends Graph {
  readonly describe: (key: string) => string;
}

/** Those of what is shown only: an edge has both its ends. */
export function blueprintPicture(blueprints: readonly BlueprintDoc[]): BlueprintPicture {
  const keys = blueprints.map(({ identifier }) => identifier);
  const shown = new Set(keys);
  const edges: GraphEdge[] = blueprints.flatMap(({ identifier, relations }) =>
    Object.entries(relations ?? {})
      .filter(([, { target }]) => shown.has(target))
      .map(([id, { target, title, many }]) => ({
        from: identifier,
        to: target,
        label: `${title || id} · ${many === true ? "many" : "one"}`,
      })),
  );
  const layers = layersOf(keys, edges);
  const nodes = blueprints.map((blueprint): GraphNode => ({
    key: blueprint.identifier,
    title: titleOf(blueprint),
    note: plural(propertiesOf(blueprint), "property", "properties"),
    column: layers.get(blueprint.identifier) ?? 0,
    colour: isSystem(blueprint.identifier) ? NO_COLOUR : OWN,
    isGroup: false,
  }));
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  return {
    nodes,
    edges,
    describe: (key) => {
      const out = edges.filter(({ from }) => from === key);
      const into = edges.filter(({ to }) => to === key);
      const names = (list: readonly string[]): string =>
        list.map((one) => byKey.get(one)?.title ?? one).join(", ") || "nothing";
      return `${byKey.get(key)?.title ?? key}. Relates to ${names(out.map(({ to }) => to))}; related from ${names(into.map(({ from }) => from))}.`;
    },
  };
}

const propertiesOf = ({
  schema,
  mirrorProperties,
  calculationProperties,
  aggregationProperties,
}: BlueprintDoc): number =>
  [schema?.properties, mirrorProperties, calculationProperties, aggregationProperties]
    .map((definitions) => Object.keys(definitions ?? {}).length)
    .reduce((sum, size) => sum + size, 0);
