const KEPT = /[\p{L}0-9@_.+:\\/-]/u;
const encoder = new TextEncoder();

/**
 * A name as an entity identifier: characters that an identifier cannot hold (and `=` itself, so that two names never
 * become one) are written `=XX`, their UTF-8 bytes in hex.
 */
export function toIdentifier(name: string): string {
  if (name === "." || name === "..") return name.replaceAll(".", "=2E");
  let result = "";
  for (const char of name)
    result += KEPT.test(char)
      ? char
      : [...encoder.encode(char)]
          .map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, "0")}`)
          .join("");
  return result;
}
