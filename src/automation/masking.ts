/** Keeps secrets out of everything that is stored, logged or answered. */
import { isObject, type JsonObject } from "../model/json.ts";

const MASK = "REDACTED";

/** Shorter texts occur by chance everywhere; as secrets they protect nothing. */
const MIN_LENGTH = 4;

/** Every secret with its value masked, for the rendering that is shown. */
export const maskedSecrets = (secrets: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.keys(secrets).map((name) => [name, MASK]));

/** A function that masks the secrets in any JSON value, also where they are encoded as receivers echo them. */
export function maskOf(secrets: Readonly<Record<string, string>>): <T>(value: T) => T {
  const forms = new Set(
    Object.values(secrets).flatMap((secret) =>
      secret.length < MIN_LENGTH
        ? []
        : [
            secret,
            encodeURIComponent(secret),
            JSON.stringify(secret).slice(1, -1),
            Buffer.from(secret).toString("base64"),
            Buffer.from(secret).toString("base64url"),
          ],
    ),
  );
  // Longest first: a secret may hold another one.
  const texts = [...forms].sort((a, b) => b.length - a.length);
  const maskText = (text: string): string =>
    texts.reduce((masked, secret) => masked.replaceAll(secret, MASK), text);
  const mask = (value: unknown): unknown => {
    if (typeof value === "string") return maskText(value);
    if (Array.isArray(value)) return value.map(mask);
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [maskText(key), mask(one)]));
  };
  return texts.length === 0 ? (value) => value : (value) => mask(value) as typeof value;
}

/** What an executor reports, without the secrets that it was given; its keys stay. */
export function maskReport(body: unknown, secrets: Readonly<Record<string, string>>): unknown {
  const mask = maskOf(secrets);
  if (!isObject(body)) return mask(body);
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, mask(value)]));
}

/** Their tokens and addresses are secrets of agreed names (docs/actions.md). */
const OWN_SECRETS = new Set(["GITHUB", "GITLAB", "AZURE_DEVOPS"]);

/** Secrets are read only where they are needed. */
export const needsSecrets = (invocation: JsonObject): boolean =>
  OWN_SECRETS.has(String(invocation["type"])) || JSON.stringify(invocation).includes("secrets");
