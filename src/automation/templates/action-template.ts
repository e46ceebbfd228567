/** Bundled actions as data: each with its form, who may run it, approval where it is dangerous, and what it calls or writes. */
import type { JsonObject } from "../../model/json.ts";
import type { RecipeParameter } from "../recipes/recipe.ts";

/** What an entity must be able to hold for the action to write it. */
export interface Needs {
  /** Name of the parameter that names the blueprint. */
  readonly parameter: string;
  readonly title: string;
  readonly properties: JsonObject;
}

export interface ActionTemplate {
  readonly identifier: string;
  readonly group: string;
  readonly title: string;
  readonly description: string;
  readonly icon: string;
  readonly operation: "CREATE" | "DAY-2" | "DELETE";
  readonly parameters: readonly RecipeParameter[];
  readonly inputs: JsonObject;
  readonly required: readonly string[];
  /** Asks for approval: it reaches production, data or money. */
  readonly isDangerous: boolean;
  /** Only members of the teams that own the entity run it. */
  readonly isForOwners: boolean;
  /** null: an address is called, which the parameter `url` names. */
  readonly writes: { readonly needs: Needs; readonly mapping: JsonObject } | null;
}

const URL_PARAMETER: RecipeParameter = {
  ...{ name: "url", type: "string" },
  title: "Address that does it, such as a job of your CI; {{ .secrets.NAME }} for a secret",
};

const blueprintParameter = (name: string): RecipeParameter => ({
  ...{ name: "blueprint", type: "string", default: name },
  title: "Blueprint whose entities it is about",
});

interface Draft {
  readonly title: string;
  readonly description: string;
  readonly icon?: string;
  /** Blueprint of the entities it runs on; absent: it creates something. */
  readonly on?: string;
  readonly operation?: ActionTemplate["operation"];
  readonly inputs?: JsonObject;
  readonly required?: readonly string[];
  readonly isDangerous?: boolean;
  readonly isForOwners?: boolean;
  readonly writes?: { readonly title: string; readonly properties: JsonObject; readonly mapping: JsonObject };
  readonly into?: string;
}

/** The templates of a group by identifier. */
export function group(name: string, drafts: Readonly<Record<string, Draft>>): ActionTemplate[] {
  return Object.entries(drafts).map(([identifier, draft]) => {
    const about = draft.into ?? draft.on;
    return {
      ...{ identifier, group: name, title: draft.title, description: draft.description },
      icon: draft.icon ?? "DefaultBlueprint",
      operation: draft.operation ?? (draft.on === undefined ? "CREATE" : "DAY-2"),
      parameters: [
        ...(about === undefined ? [] : [blueprintParameter(about)]),
        ...(draft.writes === undefined ? [URL_PARAMETER] : []),
      ],
      inputs: draft.inputs ?? {},
      required: draft.required ?? [],
      isDangerous: draft.isDangerous === true,
      isForOwners: draft.isForOwners ?? draft.on !== undefined,
      writes:
        draft.writes === undefined
          ? null
          : {
              needs: {
                parameter: "blueprint",
                title: draft.writes.title,
                properties: draft.writes.properties,
              },
              mapping: draft.writes.mapping,
            },
    };
  });
}

export const text = (title: string, more: JsonObject = {}): JsonObject => ({
  type: "string",
  title,
  ...more,
});
export const number = (title: string, more: JsonObject = {}): JsonObject => ({
  type: "number",
  title,
  ...more,
});
export const choice = (title: string, ...values: readonly string[]): JsonObject =>
  text(title, { enum: values, default: values[0] });
