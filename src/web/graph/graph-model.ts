/** A graph of entities or blueprints as it is laid out and drawn. Pure. */

export interface GraphNode {
  /** `blueprint:identifier`; of a group the relation too. */
  readonly key: string;
  readonly title: string;
  /** The line below the title. */
  readonly note: string;
  /** Columns from the middle: less than 0 is what it depends on, more what depends on it. */
  readonly column: number;
  /** Index of the palette, or a colour of Port's by its name. */
  readonly colour: string;
  /** Several neighbours in one node. */
  readonly isGroup: boolean;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** Identifiers and blueprints may hold colons: the first one that is not escaped parts them. */
export const keyOf = (blueprint: string, identifier: string): string =>
  `${blueprint.replaceAll("%", "%25").replaceAll(":", "%3A")}:${identifier}`;
