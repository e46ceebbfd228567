/** Inputs that are stored and sent encrypted (workflows.md §3.2.2). */
import { createCipheriv, randomBytes } from "node:crypto";
import { invalid } from "../../model/error.ts";
import { isObject } from "../../model/json.ts";

const KEY_BYTES = 32;
const IV_BYTES = 16;
/** Of what a browser encrypted: IV, the wrapped key of RSA 2048, the tag. */
const CLIENT_SIDE_LEAST = 12 + 256 + 16;

/**
 * aes256-gcm as port-agent opens it: base64 of IV (16 bytes), ciphertext, tag (16 bytes); the key is the first 32 bytes of
 * the client secret.
 * @throws AppError invalid_request when the client secret is too short
 */
export function encryptInput(clientSecret: string, key: string, value: unknown): string {
  const secret = Buffer.from(clientSecret, "utf8");
  if (secret.byteLength < KEY_BYTES)
    throw invalid(
      `properties.${key} cannot be encrypted: FAIRWAY_CLIENT_SECRET has fewer than ${KEY_BYTES} characters`,
    );
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", secret.subarray(0, KEY_BYTES), iv);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([iv, body, cipher.getAuthTag()]).toString("base64");
}

export const isClientSide = (encryption: unknown): boolean =>
  isObject(encryption) && encryption["algorithm"] === "client-side";

/** Only what is encrypted already is taken: the plain value must not reach the server. @throws AppError invalid_request */
export function checkClientSide(key: string, value: unknown): void {
  const isBase64 = typeof value === "string" && /^[A-Za-z0-9+/]+={0,2}$/.test(value);
  if (!isBase64 || Buffer.from(value, "base64").byteLength < CLIENT_SIDE_LEAST)
    throw invalid(
      `properties.${key} must be encrypted by the client: base64 of IV (12 bytes), wrapped AES key (256 bytes), ciphertext`,
    );
}
