/** Secrets of webhooks are told once, by the answer to the creation: kept until the page is left or loaded anew. */
const secrets = new Map<string, string>();

export function keepSecret(source: string, secret: string): void {
  secrets.clear();
  secrets.set(source, secret);
}

export const secretOf = (source: string): string | null => secrets.get(source) ?? null;
