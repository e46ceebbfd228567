/** The definition of a webhook data source, checked (workflows.md §1.1.2). */
import { compileMapping, JqCompileError } from "../jq/index.ts";
import { invalid } from "../model/error.ts";
import { checkBlueprintIdentifier } from "../model/identifier.ts";
import { checkJson, isObject, type JsonObject, kindOf, show } from "../model/json.ts";
import { compileWebhookMapping } from "./mapping.ts";
import { readMappingDocument } from "./read-document.ts";
import { SIGNATURE_ALGORITHMS, type SignatureAlgorithm, type SignatureRule } from "./signature.ts";

const KEYS = [
  ...["identifier", "title", "description", "icon", "enabled", "integrationType", "mappings", "security"],
] as const;
const SECURITY_KEYS = [
  ...["secret", "signatureHeaderName", "signatureAlgorithm", "signaturePrefix", "requestIdentifierPath"],
] as const;
const MAX_TITLE = 30;
const MAX_DESCRIPTION = 200;
const HEADER = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}$/;

export interface WebhookDefinition {
  /** As sent, in its order, without identifier and secret. */
  readonly document: JsonObject;
  readonly identifier: string | null;
  /** undefined: not named; null: none. */
  readonly secret: string | null | undefined;
}

/** @throws AppError `invalid_request`; with `details` for the mappings */
export function checkWebhook(body: unknown): WebhookDefinition {
  if (!isObject(body)) throw invalid(`the webhook must be an object, not ${kindOf(body)}`);
  checkJson(body, "");
  refuseOthers(body, KEYS, "a webhook");
  const { identifier, title, description, icon, enabled, integrationType } = body;
  if (identifier !== undefined && identifier !== null) {
    checkBlueprintIdentifier(identifier, "identifier");
    text(identifier, "identifier", MAX_TITLE);
  }
  if (text(title, "title", MAX_TITLE) === null || title === "") throw invalid("title must not be empty");
  if (description !== undefined) text(description, "description", MAX_DESCRIPTION);
  if (icon !== undefined) text(icon, "icon", 100);
  if (enabled !== undefined && typeof enabled !== "boolean")
    throw invalid(`enabled must be true or false, not ${show(enabled)}`);
  if (integrationType !== undefined && integrationType !== "custom" && integrationType !== "template")
    throw invalid(`integrationType must be custom or template, not ${show(integrationType)}`);
  const { security, secret } = checkSecurity(body["security"]);
  const document: Record<string, unknown> = { ...body };
  delete document["identifier"];
  if (body["mappings"] !== undefined && body["mappings"] !== null) {
    compileWebhookMapping(body["mappings"]);
    document["mappings"] = mappingsOf(body["mappings"]);
  }
  if (security !== undefined) document["security"] = security;
  return { document, identifier: (identifier ?? null) as string | null, secret };
}

/** YAML is stored as what it says. */
function mappingsOf(source: unknown): unknown {
  const { value } = readMappingDocument(source);
  return isObject(value) ? value["mappings"] : value;
}

function checkSecurity(value: unknown): {
  security: JsonObject | undefined;
  secret: string | null | undefined;
} {
  if (value === undefined || value === null) return { security: undefined, secret: undefined };
  if (!isObject(value)) throw invalid(`security must be an object, not ${kindOf(value)}`);
  refuseOthers(value, SECURITY_KEYS, "security");
  const { secret, ...security } = value;
  for (const key of SECURITY_KEYS)
    if (value[key] !== undefined) text(value[key], `security.${key}`, 2000, true);
  const { signatureHeaderName: header, signatureAlgorithm: algorithm, requestIdentifierPath: path } = value;
  if (typeof header === "string" && !HEADER.test(header))
    throw invalid(`security.signatureHeaderName ${show(header)} is no name of a header`);
  if (typeof algorithm === "string" && !(SIGNATURE_ALGORITHMS as readonly string[]).includes(algorithm))
    throw invalid(
      `security.signatureAlgorithm ${show(algorithm)} is not one of ${SIGNATURE_ALGORITHMS.join(", ")}`,
    );
  if (typeof path === "string") checkJq(path);
  // A secret that nothing is compared with would look like protection and be none.
  if (typeof secret === "string" && secret !== "" && (!isText(header) || !isText(algorithm)))
    throw invalid("security.secret needs signatureHeaderName and signatureAlgorithm as well");
  return { security, secret: secret === undefined ? undefined : isText(secret) ? secret : null };
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

function checkJq(path: string): void {
  try {
    compileMapping(path);
  } catch (error) {
    if (!(error instanceof JqCompileError)) throw error;
    throw invalid(
      `security.requestIdentifierPath ${show(path)} is not jq: ${error.message} (column ${error.column})`,
    );
  }
}

function text(value: unknown, field: string, max: number, nullable = true): string | null {
  if (value === null && nullable) return null;
  if (value === undefined) throw invalid(`${field} is missing`);
  if (typeof value !== "string") throw invalid(`${field} must be a string, not ${kindOf(value)}`);
  if (value.length > max)
    throw invalid(`${field} has ${value.length} characters; at most ${max} are allowed`);
  return value;
}

function refuseOthers(object: JsonObject, keys: readonly string[], what: string): void {
  const extra = Object.keys(object).find((key) => !keys.includes(key));
  if (extra !== undefined) throw invalid(`${show(extra)} is no key of ${what}: ${keys.join(", ")}`);
}

/** How requests are checked; null: anybody who knows the address may send. */
export function signatureRule(document: JsonObject, secret: string | null): SignatureRule | null {
  const security = isObject(document["security"]) ? document["security"] : {};
  const { signatureHeaderName, signatureAlgorithm, signaturePrefix } = security;
  if (secret === null || !isText(signatureHeaderName) || !isText(signatureAlgorithm)) return null;
  return {
    ...{ secret, header: signatureHeaderName.toLowerCase() },
    algorithm: signatureAlgorithm as SignatureAlgorithm,
    prefix: isText(signaturePrefix) ? signaturePrefix : "",
  };
}
