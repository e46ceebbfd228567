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
 * As Svix signs for its customers: base64 of the HMAC-SHA256 over id, time and body; several while the secret changes.
 * Deliveries are told apart by their ids, so one that is sent again does nothing, whatever its time.
 */
export function isSignedBySvix(
  secret: string,
  rawBody: string,
  headers: Readonly<Record<string, string>>,
): boolean {
  const part = (name: string): string => headers[`webhook-${name}`] ?? headers[`svix-${name}`] ?? "";
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  // What is no base64 gives an empty key, which anybody has.
  if (key.length === 0) return false;
  const mac = createHmac("sha256", key).update(`${part("id")}.${part("timestamp")}.${rawBody}`);
  const expected = `v1,${mac.digest("base64")}`;
  return part("signature")
    .split(" ")
    .some((given) => sameText(expected, given));
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
