/** What may stand in a mapping (workflows.md §1.1, §1.2): which objects become which entities, by jq. */
import type { BlueprintDoc } from "../catalog/blueprint.ts";
import type { Shape, Shaped } from "../builder/json-shape.ts";

const jq = (about: string): Shape => ({ type: "string", isJq: true, about });

/** A text that is an expression for a constant: `"service"` with its quotes. */
function blueprintNamed(entity: unknown): string | null {
  const said = (entity as { blueprint?: unknown } | null | undefined)?.blueprint;
  return typeof said === "string" ? said.replace(/^"|"$/g, "") : null;
}

/** The keys of an entity; properties and relations by the blueprint that it names. */
function entityKeys(blueprint: BlueprintDoc | undefined): Readonly<Record<string, Shape>> {
  const by = (part: Readonly<Record<string, { readonly title?: string | null }>> | null | undefined) =>
    Object.fromEntries(Object.entries(part ?? {}).map(([id, { title }]) => [id, jq(title || id)]));
  return {
    identifier: jq("of the entity"),
    title: jq("of the entity"),
    icon: jq("name of an icon"),
    team: { isJq: true, about: "the owning teams" },
    properties: {
      type: "object",
      keys: by(blueprint?.schema?.properties),
      ...(blueprint === undefined ? { rest: jq("a property") } : {}),
    },
    relations: {
      type: "object",
      keys: Object.fromEntries(
        Object.entries(blueprint?.relations ?? {}).map(([id, { title }]) => [
          id,
          { isJq: true, about: title || id } as const,
        ]),
      ),
      ...(blueprint === undefined ? { rest: { isJq: true, about: "identifiers of entities" } as const } : {}),
    },
  };
}

/** The mapping of a data source: resources by kind. */
export function sourceMappingShape(
  blueprints: readonly BlueprintDoc[],
  kinds: readonly { readonly kind: string; readonly title: string }[],
): Shape {
  const mappings: Shaped = (value) => ({
    ...{ type: "object", about: "which entity it becomes" },
    keys: {
      ...entityKeys(blueprints.find(({ identifier }) => identifier === blueprintNamed(value))),
      blueprint: {
        ...{ type: "string", isJq: true, about: "an expression: a name in quotes" },
        usual: blueprints.map(({ identifier }) => `"${identifier}"`),
      },
    },
  });
  return {
    type: "object",
    keys: {
      deleteDependentEntities: { type: "boolean" },
      createMissingRelatedEntities: { type: "boolean" },
      enableMergeEntity: { type: "boolean" },
      resources: {
        type: "array",
        item: {
          type: "object",
          keys: {
            kind: { type: "string", usual: kinds.map(({ kind }) => kind), about: "of objects" },
            selector: {
              ...{ type: "object", about: "which of them" },
              keys: { query: jq("true for those that are taken") },
              rest: {},
            },
            port: {
              type: "object",
              keys: {
                itemsToParse: jq("a list, whose items become entities"),
                itemsToParseName: { type: "string" },
                entity: { type: "object", keys: { mappings } },
              },
            },
          },
        },
      },
    },
    rest: {},
  };
}

/** The mappings of a webhook. */
export function webhookMappingShape(blueprints: readonly BlueprintDoc[]): Shape {
  const mapping: Shaped = (value) => {
    const { blueprint } = (value ?? {}) as { blueprint?: unknown };
    return {
      type: "object",
      keys: {
        blueprint: {
          ...{ type: "string", about: "of the entities" },
          usual: blueprints.map(({ identifier }) => identifier),
        },
        filter: jq("true for events that are taken"),
        itemsToParse: jq("a list, whose items become entities"),
        operation: { about: "create or delete", usual: ["create", "delete"] },
        entity: {
          type: "object",
          keys: entityKeys(blueprints.find(({ identifier }) => identifier === blueprint)),
        },
      },
      rest: {},
    };
  };
  return { type: "object", keys: { mappings: { type: "array", item: mapping } } };
}
