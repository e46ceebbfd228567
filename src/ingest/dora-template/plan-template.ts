/** What of the DORA template an organisation lacks: additions only, so that what users made or changed stays. */
import type { BlueprintPlan } from "../../model/blueprint.ts";
import { detectRoles, type Role, type Roles, type RoleSettings } from "../../model/dora-roles.ts";
import { isObject, type JsonObject, sameJson } from "../../model/json.ts";
import { dashboardPage } from "./dashboard-page.ts";
import { bundledFor, fieldsOf, MAPS, mapIn, type MapPath, serviceFields } from "./role-blueprints.ts";
import { computedProperties } from "./service-properties.ts";

export interface TemplateStep {
  readonly identifier: string;
  readonly action: "create" | "extend" | "keep";
  /** The whole definition, or a PATCH of it. */
  readonly body: JsonObject;
  /** `aggregationProperties.dora_deployments`, … */
  readonly added: readonly string[];
  /** There already, and not as the template has it: left as it is. */
  readonly kept: readonly string[];
}

export interface TemplatePlan {
  readonly steps: readonly TemplateStep[];
  /** The dashboard of services, as it would be sent. */
  readonly page: JsonObject;
  readonly roles: Roles;
  readonly skipped: readonly { readonly blueprint: string; readonly reason: string }[];
  /** What somebody should look at. */
  readonly notes: readonly string[];
  /** Why it cannot be carried out. */
  readonly conflicts: readonly string[];
}

export interface TemplateInput extends RoleSettings {
  readonly productionEnvironments: readonly string[];
  readonly existing: ReadonlyMap<string, BlueprintPlan>;
}

const ROLES: readonly Role[] = ["change", "deployment", "incident"];
const DEFAULT_SOURCE: Readonly<Record<Role, string>> = {
  ...{ change: "change", deployment: "deployment", incident: "incident" },
};

export function planTemplate(input: TemplateInput): TemplatePlan {
  const { existing, productionEnvironments } = input;
  const service = input.service.blueprint;
  const bundled = detectRoles(new Set(Object.values(DEFAULT_SOURCE)));
  const roles = Object.fromEntries(
    ROLES.map((role) => [role, input.roles[role].length > 0 ? input.roles[role] : bundled[role]]),
  ) as unknown as Roles;
  const needs = new Map<string, JsonObject>();
  const need = (identifier: string, addition: JsonObject): void => {
    needs.set(identifier, together(needs.get(identifier) ?? { identifier }, addition));
  };
  need(service, serviceFields(input.service));
  for (const role of ROLES)
    for (const source of roles[role]) need(source.blueprint, fieldsOf(role, source, roles, service));
  const families = [[service], ...ROLES.map((role) => roles[role].map(({ blueprint }) => blueprint))];
  const whole = (identifier: string): JsonObject =>
    together(bundledFor(identifier, roles, service), needs.get(identifier) ?? {});
  const enumOf = (blueprint: string, property: string): readonly unknown[] | null => {
    const stored = existing.get(blueprint)?.properties.get(property)?.definition;
    const definition = stored ?? mapIn(whole(blueprint), ["schema", "properties"])[property];
    const values = isObject(definition) ? definition["enum"] : undefined;
    return Array.isArray(values) ? values : null;
  };
  const computed = computedProperties({ roles, service, productionEnvironments, enumOf });
  for (const [blueprint, calculationProperties] of computed.calculations)
    need(blueprint, { calculationProperties });

  // Relations need their targets, so changes come before deployments, and what counts them last.
  const conflicts: string[] = [];
  const steps = [...needs].map(([identifier, body]): TemplateStep => {
    const plan = existing.get(identifier);
    return plan === undefined
      ? creation(identifier, whole(identifier))
      : extension(identifier, body, plan.document, families, conflicts);
  });
  const base = existing.get(service)?.document ?? whole(service);
  steps.push(extension(service, computed.service, base, families, conflicts));
  const notes = steps.flatMap((step) => emptyLinks(step, existing.get(step.identifier), service));
  const page = dashboardPage(service, computed.counted);
  return { steps, page, roles, skipped: computed.skipped, notes, conflicts };
}

/** A relation to services that nobody fills, beside one that somebody does. */
function emptyLinks(
  { identifier, body, added }: TemplateStep,
  plan: BlueprintPlan | undefined,
  service: string,
): string[] {
  const other = [...(plan?.relations.values() ?? [])].find(({ target }) => target === service);
  if (other === undefined) return [];
  return Object.entries(mapIn(body, ["relations"]))
    .filter(
      ([key, relation]) =>
        added.includes(`relations.${key}`) && isObject(relation) && relation["target"] === service,
    )
    .map(
      ([key]) =>
        `${identifier}: the new relation ${key} is empty, while ${other.identifier} leads to ${service} already; name that one in the settings of the role to count by it`,
    );
}

/** The first wins, key by key. */
function together(first: JsonObject, second: JsonObject): JsonObject {
  const result: Record<string, unknown> = { ...second, ...first };
  for (const path of MAPS) {
    const map = { ...mapIn(second, path), ...mapIn(first, path) };
    if (Object.keys(map).length === 0) continue;
    const [outer, inner] = path;
    result[outer] =
      inner === undefined ? map : { ...(isObject(first[outer]) ? first[outer] : {}), [inner]: map };
  }
  return result;
}

function creation(identifier: string, body: JsonObject): TemplateStep {
  const added = MAPS.flatMap((path) => Object.keys(mapIn(body, path)).map((key) => [...path, key].join(".")));
  return { identifier, action: "create", body, added, kept: [] };
}

/** @param families blueprints that may stand for one another as the target of a relation */
function extension(
  identifier: string,
  body: JsonObject,
  document: JsonObject,
  families: readonly (readonly string[])[],
  conflicts: string[],
): TemplateStep {
  const patch: Record<string, unknown> = {};
  const [added, kept]: [string[], string[]] = [[], []];
  for (const path of MAPS) {
    const missing: Record<string, unknown> = {};
    for (const [key, definition] of Object.entries(mapIn(body, path))) {
      const name = [...path, key].join(".");
      const elsewhere = MAPS.find(
        (other) => other !== path && isOfKind(other, path) && key in mapIn(document, other),
      );
      const present = mapIn(document, path)[key];
      if (elsewhere !== undefined)
        conflicts.push(`${identifier}.${name}: the blueprint has it as ${elsewhere.join(".")} already`);
      else if (present === undefined) {
        missing[key] = definition;
        added.push(name);
      } else {
        const conflict = conflictOf(path, present, definition, families);
        if (conflict !== null) conflicts.push(`${identifier}.${name}: ${conflict}`);
        else if (isOther(path, present, definition)) kept.push(name);
      }
    }
    if (Object.keys(missing).length === 0) continue;
    const [outer, inner] = path;
    patch[outer] = inner === undefined ? missing : { [inner]: missing };
  }
  return { identifier, action: added.length === 0 ? "keep" : "extend", body: patch, added, kept };
}

/** Properties of all kinds share their names; relations have names of their own. */
const isOfKind = (one: MapPath, other: MapPath): boolean =>
  (one[0] === "relations") === (other[0] === "relations");

function conflictOf(
  [outer]: MapPath,
  present: unknown,
  wanted: unknown,
  families: readonly (readonly string[])[],
): string | null {
  if (!isObject(present) || !isObject(wanted)) return null;
  if (outer === "schema" && present["type"] !== wanted["type"])
    return `the type is ${JSON.stringify(present["type"])}, where the numbers read ${JSON.stringify(wanted["type"])}`;
  if (outer !== "relations") return null;
  const [is, should] = [String(present["target"]), String(wanted["target"])];
  if (is === should || families.some((family) => family.includes(is) && family.includes(should))) return null;
  return `it leads to ${JSON.stringify(is)}, where the numbers follow it to ${JSON.stringify(should)}`;
}

/** Titles and looks of properties and relations are the user's anyway. */
const isOther = ([outer]: MapPath, present: unknown, wanted: unknown): boolean =>
  outer !== "schema" && outer !== "relations" && !sameJson(present, wanted);
