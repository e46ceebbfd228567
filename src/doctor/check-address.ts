/** The address that goes into links, mails and webhooks: is it the one that browsers end up at? */
import type { Config } from "../config.ts";
import { isObject } from "../model/json.ts";
import type { LocalServer } from "./ask-server.ts";
import { failed, type Finding, notChecked, ok, reasonOf, warning } from "./finding.ts";

const TIMEOUT_MS = 5000;
const LOCAL = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** @param server what runs on this machine with the same data folder; null: nothing */
export async function checkAddress(
  { baseUrl, host, trustedProxies }: Pick<Config, "baseUrl" | "host" | "trustedProxies">,
  server: LocalServer | null,
): Promise<Finding[]> {
  if (baseUrl === null) return [unset(host, server)];
  const findings: Finding[] = [];
  if (server !== null && new URL(server.page).origin !== baseUrl)
    findings.push(
      warning(
        "address.setting",
        `the running server gives out ${server.page}, and FAIRWAY_BASE_URL is ${baseUrl}`,
        "it was started with other settings than those of this shell",
        "restart it, or run fairway doctor with its settings",
      ),
    );
  if (baseUrl.startsWith("http:") && !LOCAL.test(new URL(baseUrl).hostname))
    findings.push(
      warning(
        "address.tls",
        `${baseUrl} is not encrypted`,
        "passwords and sessions can be read on the way, and cookies are not restricted to https",
        "put a proxy with TLS in front and set FAIRWAY_BASE_URL to its https address (docs/configuration.md, Behind a proxy)",
      ),
    );
  if (baseUrl.startsWith("https:")) findings.push(proxy(trustedProxies));
  return [...findings, await reach(baseUrl, server !== null)];
}

/** Fairway speaks no TLS: with an https address there is a proxy in front. */
function proxy(trusted: readonly string[]): Finding {
  const id = "address.proxy";
  if (trusted.length > 0) return ok(id, `FAIRWAY_TRUSTED_PROXIES names ${trusted.join(", ")}`);
  return warning(
    id,
    "FAIRWAY_TRUSTED_PROXIES is not set, and something in front of Fairway speaks TLS for it",
    "all requests seem to come from its address: ten wrong passwords a minute by a stranger keep everybody, people and programs, from signing in",
    "set FAIRWAY_TRUSTED_PROXIES to the address it comes from (docs/configuration.md, Behind a proxy)",
  );
}

function unset(host: string, server: LocalServer | null): Finding {
  const id = "address.setting";
  const page = server === null ? "the address it listens on" : server.page;
  if (LOCAL.test(host)) return ok(id, `FAIRWAY_BASE_URL is not set: links lead to ${page}, on this machine`);
  return warning(
    id,
    `FAIRWAY_BASE_URL is not set, and the server listens on ${host}: links lead to ${page}`,
    "what is in mails, and the addresses of webhooks, may lead nowhere for others; cookies are not restricted to https",
    "set FAIRWAY_BASE_URL to what people type into the browser",
  );
}

async function reach(baseUrl: string, isRunning: boolean): Promise<Finding> {
  const id = "address.reach";
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const health = await fetch(`${baseUrl}/healthz`, { signal, redirect: "manual" });
    if (health.status >= 300 && health.status < 400)
      return warning(
        id,
        `${baseUrl} sends browsers on to ${health.headers.get("location") ?? "another address"}`,
        "forms and webhooks are sent to an address that only redirects, and most senders do not follow",
        "set FAIRWAY_BASE_URL to where they are sent on to",
      );
    const answer: unknown = await health.json().catch(() => null);
    if (!health.ok || !isObject(answer) || answer["ok"] !== true)
      return failed(
        id,
        `what answers at ${baseUrl} is not Fairway (status ${health.status})`,
        "people and webhooks end up elsewhere",
        "let the proxy hand everything under this address to Fairway, or correct FAIRWAY_BASE_URL",
      );
    return ok(id, `${baseUrl} answers, and browsers stay there`);
  } catch (error) {
    if (!isRunning)
      return notChecked(
        id,
        `${baseUrl} does not answer, and no server runs on this machine (${reasonOf(error)})`,
      );
    return failed(
      id,
      `${baseUrl} cannot be reached from this machine: ${reasonOf(error)}`,
      "people and webhooks cannot reach the portal, unless only this machine may not ask that address",
      "look at the name, the certificate and the proxy; or correct FAIRWAY_BASE_URL",
    );
  }
}
