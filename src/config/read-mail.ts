import { ConfigError } from "./config-error.ts";
import type { Text } from "./read-text.ts";

export function readSmtp(text: Text): { readonly url: string; readonly from: string } | null {
  const [url, from] = [text("FAIRWAY_SMTP_URL"), text("FAIRWAY_SMTP_FROM")];
  if (url === null && from === null) return null;
  if (from !== null && !/^[^\s@]+@[^\s@]+$/.test(from))
    throw new ConfigError("FAIRWAY_SMTP_FROM", from, "must be an e-mail address");
  if (url === null || !URL.canParse(url) || !/^smtps?:$/.test(new URL(url).protocol))
    throw new ConfigError("FAIRWAY_SMTP_URL", url ?? "", "must be smtp://… or smtps://…");
  if (from === null)
    throw new ConfigError("FAIRWAY_SMTP_FROM", "", "must be an e-mail address when FAIRWAY_SMTP_URL is set");
  return { url, from };
}
