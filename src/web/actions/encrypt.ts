/** What nobody but the receiver is to read (workflows.md §3.2.2): IV of 12 bytes, the wrapped key, the ciphertext; base64. */
export async function encryptFor(pem: string, text: string): Promise<string> {
  const der = Uint8Array.from(atob(pem.replace(/-----[^-]+-----|\s/g, "")), (char) => char.charCodeAt(0));
  const { subtle } = crypto;
  const wrapping = await subtle.importKey("spki", der, { name: "RSA-OAEP", hash: "SHA-256" }, false, [
    "encrypt",
  ]);
  const key = await subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const body = await subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(text));
  const wrapped = await subtle.encrypt({ name: "RSA-OAEP" }, wrapping, await subtle.exportKey("raw", key));
  const all = [...iv, ...new Uint8Array(wrapped), ...new Uint8Array(body)];
  return btoa(all.map((byte) => String.fromCharCode(byte)).join(""));
}

/** The key of an input that the browser encrypts; null: it does not. */
export function keyOf(encryption: unknown): string | null {
  if (typeof encryption !== "object" || encryption === null) return null;
  const { algorithm, key } = encryption as { algorithm?: unknown; key?: unknown };
  return algorithm === "client-side" && typeof key === "string" ? key : null;
}
