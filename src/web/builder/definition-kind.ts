/** The kinds of definitions that a blueprint holds, and where they stand in its document. */
import type { BlueprintDoc } from "../catalog/blueprint.ts";

export type Definition = Readonly<Record<string, unknown>>;

export const KINDS = ["property", "relation", "mirror", "calculation", "aggregation"] as const;
export type Kind = (typeof KINDS)[number];

interface KindInfo {
  readonly label: string;
  readonly about: string;
  /** What a new one says. */
  readonly blank: Definition;
}

export const KIND_INFO: Readonly<Record<Kind, KindInfo>> = {
  property: {
    label: "Property",
    about: "A value that people, sources and the API write",
    blank: { type: "string" },
  },
  relation: {
    label: "Relation",
    about: "Leads to entities of another blueprint",
    blank: { target: "", many: false, required: false },
  },
  mirror: {
    label: "Mirror property",
    about: "A value of a related entity, shown here",
    blank: { path: "" },
  },
  calculation: {
    label: "Calculation property",
    about: "jq over the entity",
    blank: { type: "string", calculation: "" },
  },
  aggregation: {
    label: "Aggregation property",
    about: "A number over related entities",
    blank: { target: "", calculationSpec: { calculationBy: "entities", func: "count" } },
  },
};

const DERIVED_KEYS = {
  mirror: "mirrorProperties",
  calculation: "calculationProperties",
  aggregation: "aggregationProperties",
} as const;

export const isDerivedKind = (kind: Kind): kind is keyof typeof DERIVED_KEYS => kind in DERIVED_KEYS;

/** All of a kind, in the order of the document. */
export function definitionsOf(blueprint: BlueprintDoc, kind: Kind): Readonly<Record<string, Definition>> {
  const found =
    kind === "property"
      ? blueprint.schema?.properties
      : kind === "relation"
        ? blueprint.relations
        : blueprint[DERIVED_KEYS[kind]];
  return (found ?? {}) as Readonly<Record<string, Definition>>;
}

/** Every name that is taken: properties of all kinds share one, relations have their own. */
export const namesTaken = (blueprint: BlueprintDoc, kind: Kind): string[] =>
  (kind === "relation" ? (["relation"] as const) : KINDS.filter((one) => one !== "relation")).flatMap((one) =>
    Object.keys(definitionsOf(blueprint, one)),
  );

/** Body of the PATCH that puts a definition in, or takes it out (null). @param required of properties */
export function patchFor(
  blueprint: BlueprintDoc,
  kind: Kind,
  id: string,
  definition: Definition | null,
  required: boolean,
): object {
  if (kind === "relation") return { relations: { [id]: definition } };
  if (isDerivedKind(kind)) return { [DERIVED_KEYS[kind]]: { [id]: definition } };
  const now = blueprint.schema?.required;
  const list = Array.isArray(now) ? (now as string[]) : [];
  const without = list.filter((one) => one !== id);
  return {
    schema: {
      properties: { [id]: definition },
      ...(definition === null || required === list.includes(id)
        ? {}
        : { required: required ? [...without, id] : without }),
    },
  };
}
