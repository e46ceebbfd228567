/** What may stand in the document of a blueprint and in its definitions (data-model.md §3). */
import {
  ARRAY_FORMATS,
  COLORS,
  OBJECT_FORMATS,
  PROPERTY_TYPES,
  SPECS,
  STRING_FORMATS,
} from "../../model/property.ts";
import type { Kind } from "./definition-kind.ts";
import { ANY, type Shape, type Shaped } from "./json-shape.ts";

const text = (about: string): Shape => ({ type: "string", about });
const yesNo = (about: string): Shape => ({ type: "boolean", about });
const number = (about: string): Shape => ({ type: "number", about });

const NAMED = {
  title: text("as people read it"),
  description: text("in a sentence"),
  icon: text("name of an icon"),
};

const FORMATS: Readonly<Record<string, readonly string[]>> = {
  string: STRING_FORMATS,
  object: OBJECT_FORMATS,
  array: ARRAY_FORMATS,
};

const typeOf = (value: unknown): string => {
  const type = (value as { type?: unknown } | null | undefined)?.type;
  return typeof type === "string" ? type : "string";
};

const CHOICES = {
  enum: { type: "array", about: "the values there may be" },
  enumColors: {
    type: "object",
    about: "a colour for each value",
    keys: {},
    rest: { type: "string", values: COLORS },
  },
} satisfies Record<string, Shape>;

const LIMITS: Readonly<Record<string, Readonly<Record<string, Shape>>>> = {
  string: {
    minLength: number("characters at least"),
    maxLength: number("characters at most"),
    pattern: text("a regular expression"),
    ...CHOICES,
  },
  number: {
    minimum: number("at least"),
    maximum: number("at most"),
    exclusiveMinimum: number("more than"),
    exclusiveMaximum: number("less than"),
    ...CHOICES,
  },
  array: {
    minItems: number("items at least"),
    maxItems: number("items at most"),
    uniqueItems: yesNo("each item once"),
    items: (value: unknown) => ({
      ...{ type: "object", about: "what each item is" },
      keys: {
        type: { type: "string", values: PROPERTY_TYPES },
        format: { type: "string", values: STRING_FORMATS },
        ...CHOICES,
        ...(typeOf(value) === "string" ? { pattern: text("a regular expression") } : {}),
        default: ANY,
      },
    }),
  } as unknown as Readonly<Record<string, Shape>>,
  object: {
    properties: { type: "object" },
    patternProperties: { type: "object" },
    additionalProperties: ANY,
  },
};

/** By its type: what a text may say, a number may not. */
const property: Shaped = (value) => {
  const type = typeOf(value);
  const formats = FORMATS[type];
  return {
    ...{ type: "object", about: "a property" },
    keys: {
      type: { type: "string", values: PROPERTY_TYPES, about: "what its values are" },
      ...NAMED,
      default: { about: "where nothing was sent" },
      ...(formats === undefined
        ? {}
        : { format: { type: "string", values: formats, about: "what it stands for" } }),
      ...(type === "string" || type === "object"
        ? {
            spec: { type: "string", values: SPECS, about: "how it is shown" },
            specAuthentication: { type: "object" },
          }
        : {}),
      ...(type === "string" ? { dateFormat: text("how a time is shown") } : {}),
      ...LIMITS[type],
    },
  } satisfies Shape;
};

const FUNCS = ["count", "average", "sum", "min", "max", "median"];

function definitions(blueprints: readonly string[]): Readonly<Record<Kind, Shaped>> {
  const target: Shape = { type: "string", values: blueprints, about: "a blueprint" };
  return {
    property,
    relation: {
      ...{ type: "object", about: "a relation" },
      keys: {
        ...NAMED,
        target,
        many: yesNo("to several at once"),
        required: yesNo("each entity has it"),
      },
    },
    mirror: {
      ...{ type: "object", about: "what a related entity says" },
      keys: { ...NAMED, path: text("relation.property") },
    },
    calculation: {
      ...{ type: "object", about: "worked out by jq" },
      keys: {
        ...NAMED,
        calculation: { type: "string", isJq: true, about: "an expression over the entity" },
        type: { type: "string", values: PROPERTY_TYPES, about: "what it gives" },
        format: { type: "string", usual: STRING_FORMATS },
        colorized: yesNo("its values have colours"),
        colors: CHOICES.enumColors,
        spec: { type: "string", values: SPECS },
        dateFormat: text("how a time is shown"),
      },
    },
    aggregation: {
      ...{ type: "object", about: "a number over related entities" },
      keys: {
        ...NAMED,
        target,
        type: { type: "string", values: ["number"] },
        calculationSpec: {
          ...{ type: "object", about: "what is counted or measured" },
          keys: {
            calculationBy: { type: "string", values: ["entities", "property"] },
            func: { type: "string", values: FUNCS },
            property: text("of the target"),
            averageOf: { type: "string", values: ["hour", "day", "week", "month", "total"] },
            measureTimeBy: text("a time of the target"),
          },
        },
        query: {
          ...{ type: "object", about: "which of them" },
          keys: { combinator: { type: "string", values: ["and", "or"] }, rules: { type: "array" } },
        },
        pathFilter: { type: "array", about: "over which relations" },
      },
    },
  };
}

/** A definition by itself. */
export const definitionShape = (kind: Kind, blueprints: readonly string[]): Shaped =>
  definitions(blueprints)[kind];

/** A whole blueprint. */
export function blueprintShape(blueprints: readonly string[]): Shape {
  const of = definitions(blueprints);
  const map = (about: string, rest: Shaped): Shape => ({ type: "object", about, keys: {}, rest });
  return {
    type: "object",
    keys: {
      identifier: text("what the API knows it by"),
      ...NAMED,
      schema: {
        ...{ type: "object", about: "its properties" },
        keys: {
          properties: map("by identifier", of.property),
          required: { ...ANY, about: "properties that each entity has" },
        },
      },
      relations: map("to other blueprints", of.relation),
      mirrorProperties: map("of related entities", of.mirror),
      calculationProperties: map("worked out by jq", of.calculation),
      aggregationProperties: map("numbers over related entities", of.aggregation),
      ownership: {
        ...{ type: "object", about: "who owns its entities" },
        keys: {
          type: { type: "string", values: ["Direct", "Inherited"] },
          path: text("relations to the owner"),
          title: text("as people read it"),
        },
      },
      teamInheritance: { type: "object", keys: { path: text("relations to the owner") } },
      changelogDestination: {
        ...{ type: "object", about: "who is told of every change" },
        keys: {
          type: { type: "string", values: ["WEBHOOK", "KAFKA"] },
          url: text("an address"),
          agent: yesNo("by the agent"),
        },
      },
      includeInGlobalSearch: yesNo("found by Ctrl-K"),
      scorecards: ANY,
    },
  };
}

/** An entity of a blueprint as expressions read it, without its values. */
export function sampleEntity(blueprint: {
  readonly schema?: { readonly properties?: object } | null;
  readonly relations?: object | null;
  readonly mirrorProperties?: object | null;
}): object {
  const names = (part: object | null | undefined) => Object.keys(part ?? {});
  const nothing = (keys: readonly string[]) => Object.fromEntries(keys.map((key) => [key, null]));
  return {
    ...{ identifier: "", title: "", icon: "", blueprint: "", team: [], createdAt: "", updatedAt: "" },
    ...{ createdBy: "", updatedBy: "" },
    properties: nothing([...names(blueprint.schema?.properties), ...names(blueprint.mirrorProperties)]),
    relations: nothing(names(blueprint.relations)),
  };
}
