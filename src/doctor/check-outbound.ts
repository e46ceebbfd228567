/** What FAIRWAY_OUTBOUND_ALLOW opens besides public addresses. */
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { type Finding, ok, reasonOf, warning } from "./finding.ts";

export type Resolve = (host: string) => Promise<unknown>;
const TIMEOUT_MS = 3000;
/** Wider nets than a private network has (10.0.0.0/8, fc00::/7). */
const WIDEST = { 4: 8, 6: 7 } as const;

const bySystem: Resolve = async (host) => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("no answer in time")), TIMEOUT_MS);
  });
  try {
    return await Promise.race([lookup(host), late]);
  } finally {
    clearTimeout(timer);
  }
};

export async function checkOutbound(
  allow: readonly string[],
  resolve: Resolve = bySystem,
): Promise<Finding[]> {
  const id = "outbound.allow";
  if (allow.length === 0)
    return [ok(id, "only public addresses are asked (FAIRWAY_OUTBOUND_ALLOW is empty)")];
  const findings: Finding[] = [];
  for (const entry of allow) {
    const [address = "", bits] = entry.split("/");
    const family = isIP(address);
    if ((family === 4 || family === 6) && bits !== undefined && Number(bits) < WIDEST[family])
      findings.push(
        warning(
          id,
          `FAIRWAY_OUTBOUND_ALLOW opens ${entry}, which is nearly everything`,
          "whoever may write an action or a webhook can ask every machine in your network",
          "list the hosts or small nets that are needed",
        ),
      );
    else if (family === 0 && !entry.startsWith("*."))
      await resolve(entry).catch((error: unknown) =>
        findings.push(
          warning(
            id,
            `the host ${entry} of FAIRWAY_OUTBOUND_ALLOW cannot be looked up: ${reasonOf(error)}`,
            "what is to be asked there fails",
            "correct the name, or the name server of this machine",
          ),
        ),
      );
  }
  return findings.length > 0
    ? findings
    : [ok(id, `besides public addresses may be asked: ${allow.join(", ")}`)];
}
