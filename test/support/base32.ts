const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** What RFC 4648 text without padding stands for: what an authenticator app reads. */
export function fromBase32(text: string): Buffer {
  const bits = Array.from(text, (c) => ALPHABET.indexOf(c).toString(2).padStart(5, "0")).join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
