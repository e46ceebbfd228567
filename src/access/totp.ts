/** Codes that change with time (RFC 6238, over RFC 4226): SHA-1, six digits, thirty seconds, as authenticator apps have it. */
import { createHmac } from "node:crypto";
import { sameText } from "./organization.ts";

const STEP_SECONDS = 30;
/** Steps before and after now that are taken too: clocks differ, and typing takes time. */
const TOLERANCE = 1;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

export const stepAt = (now: Date): number => Math.floor(now.getTime() / 1000 / STEP_SECONDS);

export function codeOf(secret: Buffer, step: number, digits = 6): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", secret).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  const number = mac.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, "0");
}

/** The step whose code this is, at about this time; null: it is none. */
export function stepOfCode(secret: Buffer, code: string, now: Date): number | null {
  const middle = stepAt(now);
  let found: number | null = null;
  for (let step = middle - TOLERANCE; step <= middle + TOLERANCE; step += 1)
    if (sameText(codeOf(secret, step), code)) found = step;
  return found;
}

/**
 * The last step that was used, as it counts now. One that is further ahead than a code can be is of a clock that was
 * wrong, and would refuse every code until then.
 */
export function lastStepAt(stored: number, now: Date): number {
  const latest = stepAt(now) + TOLERANCE;
  return stored > latest ? latest - 2 * TOLERANCE - 1 : stored;
}

/** RFC 4648, without padding: what authenticator apps take. */
export function base32(bytes: Buffer): string {
  let text = "";
  let value = 0;
  let bits = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET.charAt((value >>> bits) & 31);
    }
    value &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + ALPHABET.charAt((value << (5 - bits)) & 31);
}

/** What the picture that apps scan says. */
export function otpauthUri(issuer: string, account: string, secret: Buffer): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  return `otpauth://totp/${label}?secret=${base32(secret)}&issuer=${encodeURIComponent(issuer)}`;
}
