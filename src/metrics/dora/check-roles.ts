/** The roles that somebody puts into the settings: which blueprints, which of their entities, which fields. */
import { JqCompileError } from "../../jq/index.ts";
import { planOf } from "../../model/blueprint.ts";
import type { Role, RoleSource } from "../../model/dora-roles.ts";
import { AppError } from "../../model/error.ts";
import { isObject } from "../../model/json.ts";
import { parseRoleQuery } from "../../model/role-query.ts";
import { readBlueprint } from "../../storage/blueprints.ts";
import type { Ctx } from "../../storage/context.ts";
import { compileField, isFieldPath, KNOWN_FIELDS, REQUIRED_FIELDS } from "./roles.ts";

const MAX_SOURCES = 50;
const MAX_PROGRAM = 10_000;
/** Looked up from the other side, so no expression can be asked. */
const LINKS: readonly string[] = ["service", "services", "causedBy"];

/** @throws AppError invalid_request */
export async function checkRoles(ctx: Ctx, roles: unknown): Promise<void> {
  if (!isObject(roles)) throw refusal("body.roles must be an object");
  for (const [role, sources] of Object.entries(roles)) {
    if (!Object.hasOwn(KNOWN_FIELDS, role))
      throw refusal(`body.roles.${role} is no role; deployment, change, incident are`);
    if (!Array.isArray(sources)) throw refusal(`body.roles.${role} must be a list of sources`);
    if (sources.length > MAX_SOURCES)
      throw refusal(`body.roles.${role} has more than ${MAX_SOURCES} sources`);
    for (const [index, source] of (sources as unknown[]).entries())
      await checkSource(ctx, source, role as Role, `body.roles.${role}.${index}`);
  }
}

const refusal = (message: string): AppError => new AppError("invalid_request", message);

async function checkSource(ctx: Ctx, source: unknown, role: Role, at: string): Promise<void> {
  const { blueprint, query, fields, values, ...rest } = (source ?? {}) as Partial<RoleSource> &
    Record<string, unknown>;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined)
    throw refusal(`${at}.${unknown} is no key of a source: blueprint, query, fields, values are`);
  if (typeof blueprint !== "string" || blueprint === "")
    throw refusal(`${at}.blueprint must name a blueprint`);
  if (query !== undefined) {
    const stored = await readBlueprint(ctx.db, ctx.org, blueprint);
    parseRoleQuery(query, `${at}.query`, stored === null ? null : planOf(stored.document));
  }
  checkFields(fields, role, `${at}.fields`);
  for (const [field, map] of Object.entries(values ?? {}))
    if (typeof map !== "object" || map === null || Object.values(map).some((v) => typeof v !== "string"))
      throw refusal(`${at}.values.${field} must map text to text`);
}

function checkFields(fields: unknown, role: Role, at: string): void {
  if (!isObject(fields)) throw refusal(`${at} must be an object`);
  for (const [field, path] of Object.entries(fields)) {
    if (!KNOWN_FIELDS[role].includes(field)) throw refusal(`${at}.${field} is no field of the role ${role}`);
    if (isObject(path)) checkExpression(path, field, `${at}.${field}`);
    else if (!isFieldPath(path))
      throw refusal(
        `${at}.${field} (value ${JSON.stringify(path)}) must be a path such as properties.x or relations.y, or {"jq": "…"}`,
      );
  }
  for (const field of REQUIRED_FIELDS[role])
    if (fields[field] === undefined) throw refusal(`${at}.${field} is required for the role ${role}`);
  const link = role === "incident" ? "services" : "service";
  const path = fields[link];
  if (typeof path === "string" && path.startsWith("$"))
    throw refusal(`${at}.${link} must be a relation or a property`);
}

function checkExpression(value: Readonly<Record<string, unknown>>, field: string, at: string): void {
  const { jq, ...rest } = value;
  if (Object.keys(rest).length > 0 || typeof jq !== "string")
    throw refusal(`${at} must be a path or {"jq": "an expression"}`);
  if (LINKS.includes(field)) throw refusal(`${at} must be a path: entities are looked up by it`);
  if (jq.length > MAX_PROGRAM) throw refusal(`${at}.jq is longer than ${MAX_PROGRAM} characters`);
  try {
    compileField(jq);
  } catch (error) {
    if (error instanceof JqCompileError) throw refusal(`${at}.jq: ${error.message}`);
    throw error;
  }
}
