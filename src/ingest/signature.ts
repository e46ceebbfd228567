/** Signatures of webhooks (workflows.md §1.1.5): an HMAC of the body, or the secret itself, in a header. */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

export const SIGNATURE_ALGORITHMS = ["sha1", "sha256", "plain"] as const;
export type SignatureAlgorithm = (typeof SIGNATURE_ALGORITHMS)[number];

export interface SignatureRule {
  readonly secret: string;
  /** Lower case. */
  readonly header: string;
  readonly algorithm: SignatureAlgorithm;
  readonly prefix: string;
}

/** Why the request is not from whom it should be, or null. */
export function signatureFlaw(
  rule: SignatureRule,
  body: Uint8Array,
  headers: Readonly<Record<string, unknown>>,
): string | null {
  const given = headers[rule.header];
  if (typeof given !== "string" || given === "") return `the header ${rule.header} is missing`;
  const expected =
    rule.algorithm === "plain"
      ? rule.secret
      : createHmac(rule.algorithm, rule.secret).update(body).digest("hex");
  return same(given, rule.prefix + expected) ? null : `the signature in ${rule.header} is wrong`;
}

/** In a time that tells nothing of where or how far they differ, of their lengths neither. */
function same(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
