/** The parts of SCIM 2.0 (RFC 7643, 7644) that identity providers send: filters, documents, patches. */
import { isObject } from "./json.ts";

/** An answer other than success, in SCIM's own form. */
export class ScimError extends Error {
  override readonly name = "ScimError";
  readonly status: number;
  readonly scimType: string | undefined;
  constructor(status: number, message: string, scimType?: string) {
    super(message);
    this.status = status;
    this.scimType = scimType;
  }
}

export const USER_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User";
export const GROUP_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Group";
export const LIST_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
export const ERROR_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:Error";

const CLAUSE = /^\s*([A-Za-z][\w.:$-]*)\s+eq\s+("(?:[^"\\]|\\.)*"|true|false)\s*/i;
const AND = /^and\s+/i;
const MAX_CLAUSES = 5;

/**
 * `attribute eq "value"`, joined by `and`: what providers look users and groups up by. Names are in small letters.
 * @throws ScimError for anything else
 */
export function parseScimFilter(text: string, allowed: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let rest = text;
  for (let i = 0; i < MAX_CLAUSES; i += 1) {
    const clause = CLAUSE.exec(rest);
    const name = withoutSchema(clause?.[1] ?? "");
    const value = clause === null ? null : textOfJson(clause[2] ?? "");
    if (clause === null || value === null || !allowed.includes(name)) break;
    found.set(name, value);
    rest = rest.slice(clause[0].length);
    if (rest === "") return found;
    const joined = AND.exec(rest);
    if (joined === null) break;
    rest = rest.slice(joined[0].length);
  }
  throw new ScimError(
    400,
    `filter: only ${allowed.map((name) => `${name} eq "…"`).join(", ")} are supported, joined by "and"`,
    "invalidFilter",
  );
}

function textOfJson(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text.startsWith('"') ? text : `"${text.toLowerCase()}"`);
    return typeof value === "string" && !value.includes("\u0000") ? value : null;
  } catch {
    return null;
  }
}

/** In small letters, for attributes are found in any. */
function withoutSchema(name: string): string {
  const lower = name.toLowerCase();
  return lower.replace(/^urn:ietf:params:scim:schemas:core:2\.0:(user|group):/, "");
}

export interface ScimOperation {
  readonly op: "add" | "replace" | "remove";
  /** In small letters, without the schema; "": the resource itself. */
  readonly path: string;
  readonly value: unknown;
}

const MAX_OPERATIONS = 1000;

/** Operations as they come: names in any letters, one or many, with a path or without. @throws ScimError */
export function parseScimPatch(body: unknown): ScimOperation[] {
  const list = isObject(body) ? (fieldOf(body, "operations") ?? null) : null;
  if (!Array.isArray(list) || list.length === 0 || list.length > MAX_OPERATIONS)
    throw new ScimError(400, `Operations must be a list of 1 to ${MAX_OPERATIONS}`, "invalidSyntax");
  return list.flatMap((item: unknown, i) => {
    const op = isObject(item) ? fieldOf(item, "op") : null;
    const given = typeof op === "string" ? op.toLowerCase() : "";
    if (!isObject(item) || (given !== "add" && given !== "replace" && given !== "remove"))
      throw new ScimError(400, `Operations[${i}].op must be add, replace or remove`, "invalidSyntax");
    const path = fieldOf(item, "path");
    if (path !== undefined && path !== null && typeof path !== "string")
      throw new ScimError(400, `Operations[${i}].path must be a text`, "invalidPath");
    const value = fieldOf(item, "value");
    if (typeof path === "string" && path !== "") return [{ op: given, path: withoutSchema(path), value }];
    if (given === "remove" || !isObject(value))
      throw new ScimError(400, `Operations[${i}]: without a path, value must be an object`, "noTarget");
    return Object.entries(value).map(([name, one]) => ({ op: given, path: withoutSchema(name), value: one }));
  });
}

/** What is said of a user; undefined: nothing. */
export interface ScimUserChange {
  userName?: string;
  externalId?: string | null;
  active?: boolean;
  displayName?: string | null;
  formatted?: string | null;
  givenName?: string | null;
  familyName?: string | null;
  email?: string;
}

/** A whole document, as POST and PUT send it. @throws ScimError */
export function scimUserOf(body: unknown): ScimUserChange {
  if (!isObject(body)) throw new ScimError(400, "the body must be an object", "invalidSyntax");
  const change: ScimUserChange = {};
  for (const [name, value] of Object.entries(body)) setUser(change, withoutSchema(name), value);
  return change;
}

/** @throws ScimError */
export function patchedScimUser(operations: readonly ScimOperation[]): ScimUserChange {
  const change: ScimUserChange = {};
  for (const { op, path, value } of operations) setUser(change, path, op === "remove" ? null : value);
  return change;
}

/** Attributes that Fairway has nothing for are taken and not kept. */
function setUser(change: ScimUserChange, name: string, value: unknown): void {
  switch (name) {
    case "username":
      change.userName = textOf(value, "userName", 320) ?? missing("userName");
      break;
    case "externalid":
      change.externalId = textOf(value, "externalId", 500);
      break;
    case "active":
      change.active = flagOf(value);
      break;
    case "displayname":
      change.displayName = textOf(value, "displayName", 500);
      break;
    case "name":
      if (isObject(value))
        for (const [part, one] of Object.entries(value)) setUser(change, `name.${part.toLowerCase()}`, one);
      break;
    case "name.formatted":
      change.formatted = textOf(value, name, 500);
      break;
    case "name.givenname":
      change.givenName = textOf(value, name, 250);
      break;
    case "name.familyname":
      change.familyName = textOf(value, name, 250);
      break;
    case "emails": {
      const email = primaryOf(value);
      if (email !== null) change.email = email;
      break;
    }
    default:
  }
}

const missing = (name: string): never => {
  throw new ScimError(400, `${name} must not be empty`, "invalidValue");
};

function textOf(value: unknown, name: string, max: number): string | null {
  if (value === null || value === undefined || value === "") return null;
  if (typeof value !== "string" || value.length > max || value.includes("\u0000"))
    throw new ScimError(400, `${name} must be a text of at most ${max} characters`, "invalidValue");
  return value.trim() === "" ? null : value.trim();
}

/** Entra ID sends the words. */
function flagOf(value: unknown): boolean {
  const word = typeof value === "string" ? value.toLowerCase() : value;
  if (word === true || word === "true") return true;
  if (word === false || word === "false") return false;
  throw new ScimError(400, "active must be true or false", "invalidValue");
}

function primaryOf(value: unknown): string | null {
  const list = Array.isArray(value) ? value.filter(isObject) : [];
  const chosen = list.find((one) => one["primary"] === true || one["primary"] === "true") ?? list[0];
  return textOf(chosen?.["value"], "emails", 320);
}

/** What is said of the members of a group, in turn. */
export type MemberChange =
  | { readonly kind: "set" | "add" | "remove"; readonly ids: readonly string[] }
  | { readonly kind: "clear" };

export interface ScimGroupChange {
  displayName?: string;
  externalId?: string | null;
  members: MemberChange[];
}

/** A whole document. @throws ScimError */
export function scimGroupOf(body: unknown): ScimGroupChange {
  if (!isObject(body)) throw new ScimError(400, "the body must be an object", "invalidSyntax");
  const change: ScimGroupChange = { members: [] };
  for (const [name, value] of Object.entries(body))
    setGroup(change, { op: "replace", path: withoutSchema(name), value });
  return change;
}

/** @throws ScimError */
export function patchedScimGroup(operations: readonly ScimOperation[]): ScimGroupChange {
  const change: ScimGroupChange = { members: [] };
  for (const operation of operations) setGroup(change, operation);
  return change;
}

const ONE_MEMBER = /^members\[\s*value\s+eq\s+("(?:[^"\\]|\\.)*")\s*\]$/i;

function setGroup(change: ScimGroupChange, { op, path, value }: ScimOperation): void {
  const one = ONE_MEMBER.exec(path);
  if (one !== null && op === "remove")
    change.members.push({ kind: "remove", ids: [textOfJson(one[1] ?? "") ?? ""] });
  else if (path === "displayname")
    change.displayName = textOf(op === "remove" ? null : value, "displayName", 200) ?? missing("displayName");
  else if (path === "externalid")
    change.externalId = op === "remove" ? null : textOf(value, "externalId", 500);
  else if (path === "members") {
    if (op === "remove" && (value === undefined || value === null)) change.members.push({ kind: "clear" });
    else change.members.push({ kind: op === "replace" ? "set" : op, ids: idsOf(value) });
  }
}

function idsOf(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : value === null || value === undefined ? [] : [value];
  return list.map((item) => {
    const id = isObject(item) ? item["value"] : item;
    if (typeof id !== "string" || id.includes("\u0000"))
      throw new ScimError(400, "members must be objects with a value", "invalidValue");
    return id;
  });
}

/** By its name in any letters. */
function fieldOf(object: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.entries(object).find(([key]) => key.toLowerCase() === name)?.[1];
}
