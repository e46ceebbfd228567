/** Makes the automations of a recipe. What is there already stays as it is: twice is once. */
import { changeBlueprint } from "../../catalog/define-blueprint.ts";
import { definitions } from "../../model/blueprint.ts";
import { AppError, notFound } from "../../model/error.ts";
import { isObject, type JsonObject } from "../../model/json.ts";
import { readBlueprint } from "../../storage/blueprints.ts";
import type { Ctx } from "../../storage/context.ts";
import { createAction } from "../define-action.ts";
import { filled, type Recipe, recipeValues } from "./recipe.ts";
import { RECIPES } from "./recipes.ts";

export interface AppliedRecipe {
  readonly automations: readonly { readonly identifier: string; readonly action: "created" | "unchanged" }[];
  /** Added to the blueprint. */
  readonly properties: readonly string[];
}

export const listRecipes = (): readonly Recipe[] => RECIPES;

/** @throws AppError not_found for the recipe or a blueprint it names, invalid_request */
export async function applyRecipe(ctx: Ctx, identifier: string, parameters: unknown): Promise<AppliedRecipe> {
  const recipe = RECIPES.find((one) => one.identifier === identifier);
  if (recipe === undefined) throw notFound("Recipe", identifier);
  const values = recipeValues(recipe, parameters);
  // A default may name another parameter.
  const full = filled(values, values) as Record<string, string | number>;
  const properties =
    recipe.properties === null
      ? []
      : await addProperties(
          ctx,
          String(full[recipe.properties.blueprint]),
          filled(recipe.properties.of, full) as JsonObject,
        );
  const automations: AppliedRecipe["automations"][number][] = [];
  for (const template of recipe.automations) {
    const document = filled(template, full) as JsonObject;
    const name = String(document["identifier"]);
    try {
      await createAction(ctx, document);
      automations.push({ identifier: name, action: "created" });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "conflict") throw error;
      automations.push({ identifier: name, action: "unchanged" });
    }
  }
  return { automations, properties };
}

async function addProperties(ctx: Ctx, blueprint: string, of: JsonObject): Promise<string[]> {
  const found = await readBlueprint(ctx.db, ctx.org, blueprint);
  if (found === null) throw notFound("Blueprint", blueprint);
  const { schema } = found.document;
  const known = new Set(definitions(isObject(schema) ? schema : {}, "properties").map(([id]) => id));
  const missing = Object.entries(of).filter(([id]) => !known.has(id));
  if (missing.length > 0)
    await changeBlueprint(ctx, blueprint, { schema: { properties: Object.fromEntries(missing) } });
  return missing.map(([id]) => id);
}
