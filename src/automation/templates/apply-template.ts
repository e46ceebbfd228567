/** Makes an action from a bundled template. What is there already stays as it is: twice is once. */
import { changeBlueprint, createBlueprint } from "../../catalog/define-blueprint.ts";
import { definitions } from "../../model/blueprint.ts";
import { closedAt, isGiven, objectAt } from "../../model/action-fields.ts";
import { AppError, notFound } from "../../model/error.ts";
import { isObject, type JsonObject } from "../../model/json.ts";
import { readBlueprint } from "../../storage/blueprints.ts";
import type { Ctx } from "../../storage/context.ts";
import { changeActionPermissions } from "../action-permissions.ts";
import { createAction } from "../define-action.ts";
import { filled, recipeValues } from "../recipes/recipe.ts";
import type { ActionTemplate, Needs } from "./action-template.ts";
import { DATA_TEMPLATES } from "./data-templates.ts";
import { ENGINEERING_TEMPLATES } from "./engineering-templates.ts";

export const ACTION_TEMPLATES: readonly ActionTemplate[] = [...ENGINEERING_TEMPLATES, ...DATA_TEMPLATES];

export interface AppliedTemplate {
  readonly identifier: string;
  readonly action: "created" | "unchanged";
  /** Of the blueprint that it writes into: made, or given the properties that it lacked. */
  readonly blueprint: "created" | "extended" | "unchanged";
}

/**
 * @param body `{parameters, identifier, invocationMethod}`: values of the parameters; another identifier than the
 * template's; another way to carry it out
 * @throws AppError not_found, invalid_request
 */
export async function applyActionTemplate(ctx: Ctx, name: string, body: unknown): Promise<AppliedTemplate> {
  const template = ACTION_TEMPLATES.find(({ identifier }) => identifier === name);
  if (template === undefined) throw notFound("Template", name);
  const sent = objectAt(body ?? {}, "body");
  closedAt(sent, ["parameters", "identifier", "invocationMethod"], "body");
  const { invocationMethod: own } = sent;
  const asked = isGiven(own) ? { ...template, parameters: withoutUrl(template) } : template;
  const values = recipeValues({ ...asked, properties: null, automations: [] }, sent["parameters"]);
  const identifier = sent["identifier"] ?? template.identifier;
  const document = { ...documentOf(template, isGiven(own) ? own : null, values), identifier };
  const blueprint =
    template.writes === null ? "unchanged" : await provide(ctx, template.writes.needs, values);
  try {
    const { action } = await createAction(ctx, document);
    const made = String(action["identifier"]);
    if (template.isForOwners)
      await changeActionPermissions(ctx, made, { execute: { roles: ["Admin"], ownedByTeam: true } });
    return { identifier: made, action: "created", blueprint };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "conflict") throw error;
    return {
      identifier: typeof identifier === "string" ? identifier : template.identifier,
      action: "unchanged",
      blueprint,
    };
  }
}

const withoutUrl = ({ parameters }: ActionTemplate) => parameters.filter(({ name }) => name !== "url");

type Values = ReturnType<typeof recipeValues>;

/** The document that is made, as an ordinary action. */
function documentOf(template: ActionTemplate, own: unknown, values: Values): JsonObject {
  const { blueprint } = values;
  const isOnEntity = template.operation !== "CREATE";
  return {
    ...{ title: template.title, icon: template.icon, description: template.description, publish: true },
    trigger: {
      ...{ type: "self-service", operation: template.operation },
      ...(isOnEntity && blueprint !== undefined ? { blueprintIdentifier: blueprint } : {}),
      userInputs: {
        properties: template.inputs,
        required: template.required,
        order: Object.keys(template.inputs),
      },
    },
    invocationMethod: own ?? invocationOf(template, values),
    ...(template.isDangerous ? { requiredApproval: { type: "ANY" } } : {}),
  };
}

function invocationOf({ writes, identifier }: ActionTemplate, values: Values): JsonObject {
  if (writes !== null)
    return { type: "UPSERT_ENTITY", blueprintIdentifier: values["blueprint"], mapping: writes.mapping };
  return {
    type: "WEBHOOK",
    url: filled("${url}", values),
    synchronized: false,
    body: {
      action: identifier,
      run: "{{ .run.id }}",
      by: "{{ .trigger.by.userId }}",
      entity: "{{ .entity.identifier }}",
      blueprint: values["blueprint"] ?? null,
      inputs: "{{ .inputs }}",
    },
  };
}

/** The blueprint with the properties that the action writes. */
async function provide(ctx: Ctx, needs: Needs, values: Values): Promise<AppliedTemplate["blueprint"]> {
  const identifier = String(values[needs.parameter]);
  const found = await readBlueprint(ctx.db, ctx.org, identifier);
  if (found === null) {
    await createBlueprint(ctx, {
      ...{ identifier, title: needs.title, ownership: { type: "Direct" } },
      schema: { properties: needs.properties, required: [] },
    });
    return "created";
  }
  const { schema } = found.document;
  const known = new Set(definitions(isObject(schema) ? schema : {}, "properties").map(([id]) => id));
  const missing = Object.entries(needs.properties).filter(([id]) => !known.has(id));
  if (missing.length === 0) return "unchanged";
  await changeBlueprint(ctx, identifier, { schema: { properties: Object.fromEntries(missing) } });
  return "extended";
}
