/** How systems sign what they send. All comparisons take the same time whatever differs. */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** Hex HMAC-SHA256 of the body, with what the system puts before it (`sha256=`). */
export function isSignedBy(
  secret: string,
  rawBody: string,
  given: string | undefined,
  { prefix = "", encoding = "hex" }: { prefix?: string; encoding?: "hex" | "base64" } = {},
): boolean {
  if (given === undefined) return false;
  return sameText(`${prefix}${createHmac("sha256", secret).update(rawBody).digest(encoding)}`, given);
}

/**
 * For systems that sign nothing: the secret itself, as the header `X-Fairway-Secret` (the end of the address,
 * `?secret=`, becomes it) or as the password of Basic or the token of Bearer.
 */
export function carriesSecret(secret: string, headers: Readonly<Record<string, string>>): boolean {
  const own = headers["x-fairway-secret"];
  if (own !== undefined) return sameText(secret, own);
  const [scheme = "", value = ""] = (headers["authorization"] ?? "").split(" ", 2);
  if (scheme.toLowerCase() === "bearer") return sameText(secret, value);
  if (scheme.toLowerCase() !== "basic") return false;
  const pair = Buffer.from(value, "base64").toString("utf8");
  return sameText(secret, pair.slice(pair.indexOf(":") + 1));
}

export function sameText(expected: string, given: string | undefined): boolean {
  if (given === undefined) return false;
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(expected), digest(given));
}
