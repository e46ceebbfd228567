const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const latin1 = new TextDecoder("windows-1252");

/**
 * Text of unknown encoding: the one that the commit names, else UTF-8, else Windows-1252 (every byte has a meaning
 * there). NUL becomes U+FFFD: neither JSON columns nor PostgreSQL text can hold it.
 */
export function decodeText(bytes: Uint8Array, encoding: string | null = null): string {
  return decode(bytes, encoding).replaceAll("\0", "\uFFFD");
}

function decode(bytes: Uint8Array, encoding: string | null): string {
  if (encoding !== null && !/^utf-?8$/i.test(encoding)) {
    try {
      return new TextDecoder(encoding).decode(bytes);
    } catch {
      // A name that is no encoding: as if none were given.
    }
  }
  try {
    return utf8.decode(bytes);
  } catch {
    return latin1.decode(bytes);
  }
}
