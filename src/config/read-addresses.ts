/** Settings that are addresses of other systems. */
import { isIP } from "node:net";
import { ConfigError } from "./config-error.ts";
import type { Text } from "./read-text.ts";

export function readDatabaseUrl(name: string, text: Text): string | null {
  const value = text(name);
  if (value === null) return null;
  if (!/^postgres(ql)?:\/\//.test(value) || !URL.canParse(value))
    throw new ConfigError(
      name,
      value,
      "must be an address such as postgres://user:password@host:5432/fairway",
    );
  return value;
}

export function readBaseUrl(value: string | null): string | null {
  if (value === null) return null;
  const url = URL.canParse(value) ? new URL(value) : null;
  if (
    url === null ||
    !/^https?:$/.test(url.protocol) ||
    url.search !== "" ||
    url.hash !== "" ||
    url.pathname !== "/"
  )
    throw new ConfigError(
      "FAIRWAY_BASE_URL",
      value,
      "must be an http or https address without path or query",
    );
  return url.origin;
}

/** An address or a CIDR. */
function isNet(item: string): boolean {
  const [address = "", bits, rest] = item.split("/");
  const family = isIP(address);
  return (
    family !== 0 &&
    rest === undefined &&
    (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)))
  );
}

export function readProxies(value: string | null): string[] {
  if (value === null) return [];
  return value.split(",").map((part) => {
    const item = part.trim();
    if (!isNet(item))
      throw new ConfigError("FAIRWAY_TRUSTED_PROXIES", item, "must list addresses and CIDRs (10.0.0.0/8)");
    return item;
  });
}

export function readSecurity(text: Text): { contacts: string[]; policy: string | null } {
  const isReachable = (one: string): boolean =>
    URL.canParse(one) && !/\s/.test(one) && /^(https|mailto|tel):./.test(one);
  const contacts = (text("FAIRWAY_SECURITY_CONTACT")?.split(",") ?? []).map((part) => part.trim());
  for (const contact of contacts)
    if (!isReachable(contact))
      throw new ConfigError(
        "FAIRWAY_SECURITY_CONTACT",
        contact,
        "must list addresses such as mailto:security@example.com or https://example.com/report",
      );
  const policy = text("FAIRWAY_SECURITY_POLICY");
  if (policy !== null && !(isReachable(policy) && policy.startsWith("https:")))
    throw new ConfigError("FAIRWAY_SECURITY_POLICY", policy, "must be an https address");
  if (policy !== null && contacts.length === 0)
    throw new ConfigError("FAIRWAY_SECURITY_POLICY", policy, "needs FAIRWAY_SECURITY_CONTACT as well");
  return { contacts, policy };
}

export function readOutbound(value: string | null): string[] {
  if (value === null) return [];
  return value.split(",").map((part) => {
    const item = part.trim();
    const isHost = !item.includes("/") && /^(?=.{1,253}$)(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(item);
    if (!isNet(item) && !isHost)
      throw new ConfigError("FAIRWAY_OUTBOUND_ALLOW", item, "must list CIDRs (10.0.0.0/8) or host names");
    return item;
  });
}

export function readOrigins(value: string | null): string[] {
  if (value === null) return [];
  return value.split(",").map((part) => {
    const item = part.trim().replace(/\/$/, "");
    // They go into the policy of the pages as they are.
    if (!/^https?:\/\/[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?$/i.test(item))
      throw new ConfigError(
        "FAIRWAY_FRAME_SOURCES",
        item,
        "must list origins such as https://grafana.example.com",
      );
    return item;
  });
}
