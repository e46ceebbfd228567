/** What connectors never ask, whatever address they are given: where clouds tell a machine its own credentials. */
import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";

const NEVER = new BlockList();
// Link-local; the metadata of AWS, Azure, Google and most others is at 169.254.169.254.
NEVER.addSubnet("169.254.0.0", 16, "ipv4");
NEVER.addSubnet("fe80::", 10, "ipv6");
// AWS by IPv6, Alibaba, Oracle.
NEVER.addAddress("fd00:ec2::254", "ipv6");
NEVER.addAddress("100.100.100.200", "ipv4");
NEVER.addAddress("192.0.0.192", "ipv4");

export type Resolve = (host: string) => Promise<readonly string[]>;

const bySystem: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address);

/**
 * @returns the address behind the host that must not be asked, or null. A host that has no address is none of it. A name
 * that answers otherwise a moment later is not noticed.
 */
export async function forbiddenAddress(host: string, resolve: Resolve = bySystem): Promise<string | null> {
  const bare = host.replace(/^\[|\]$/g, "");
  const addresses = isIP(bare) === 0 ? await resolve(bare).catch(() => []) : [bare];
  return addresses.find((address) => NEVER.check(address, isIP(address) === 6 ? "ipv6" : "ipv4")) ?? null;
}
