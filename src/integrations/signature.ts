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

export function sameText(expected: string, given: string | undefined): boolean {
  if (given === undefined) return false;
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(expected), digest(given));
}
