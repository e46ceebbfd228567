/** Bundled automations as data: documents with `${parameter}` in their texts. */
import { invalid } from "../../model/error.ts";
import { isObject, type JsonObject, kindOf, show } from "../../model/json.ts";

export interface RecipeParameter {
  readonly name: string;
  readonly title: string;
  readonly type: "string" | "number";
  /** Absent: must be given. */
  readonly default?: string | number;
}

export interface Recipe {
  readonly identifier: string;
  readonly title: string;
  readonly description: string;
  readonly parameters: readonly RecipeParameter[];
  /** Properties that the blueprint named by the parameter must have; added where they are missing. */
  readonly properties: { readonly blueprint: string; readonly of: JsonObject } | null;
  readonly automations: readonly JsonObject[];
}

export type RecipeValues = Readonly<Record<string, string | number>>;

/** @throws AppError invalid_request naming the parameter */
export function recipeValues(recipe: Recipe, given: unknown): RecipeValues {
  const body = given ?? {};
  if (!isObject(body)) throw invalid(`parameters must be an object, not ${kindOf(body)}`);
  const names = recipe.parameters.map(({ name }) => name);
  const extra = Object.keys(body).find((key) => !names.includes(key));
  if (extra !== undefined)
    throw invalid(`parameters: ${show(extra)} is no parameter of it; its parameters are ${names.join(", ")}`);
  return Object.fromEntries(
    recipe.parameters.map(({ name, type, default: usual }) => {
      const value = body[name] ?? usual;
      if (value === undefined) throw invalid(`parameters.${name} is missing`);
      if (typeof value !== type || value === "")
        throw invalid(`parameters.${name} must be a ${type}, not ${show(value)}`);
      if (typeof value === "number" && !(value > 0))
        throw invalid(`parameters.${name} ${value} must be greater than 0`);
      // They stand inside jq texts.
      if (
        typeof value === "string" &&
        /["\\\n]|\{\{|\}\}/.test(value.replace(/^\{\{ \.secrets\.[\w-]+ \}\}$/, ""))
      )
        throw invalid(
          `parameters.${name} ${show(value)} must not hold quotes, backslashes, line ends or braces`,
        );
      return [name, value as string | number] as const;
    }),
  );
}

/** The value with all parameters put in. */
export function filled(value: unknown, values: RecipeValues): unknown {
  if (typeof value === "string")
    return value.replace(/\$\{(\w+)\}/g, (text, name: string) => String(values[name] ?? text));
  if (Array.isArray(value)) return value.map((item) => filled(item, values));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [String(filled(key, values)), filled(item, values)]),
  );
}
