/** Which addresses are public, and which others an operator allows. */
import { BlockList, isIP } from "node:net";

export interface Refusal {
  /** Goes behind "… is". */
  readonly kind: string;
  /** Where clouds tell a machine its own credentials: a wider net or a name does not open it. */
  readonly isMetadata: boolean;
}

export interface AddressRules {
  /** @returns why the host must not be asked at this address; null: it may */
  refusal(host: string, address: string): Refusal | null;
}

const METADATA = listOf([
  // AWS, Azure, Google and most others; AWS for containers.
  ...["169.254.169.254", "169.254.170.2", "169.254.170.23"],
  // Alibaba, Oracle; AWS by IPv6 (machines, containers).
  ...["100.100.100.200", "192.0.0.192", "fd00:ec2::254", "fd00:ec2::23"],
]);

/** IANA's registries of special-purpose addresses. */
const IPV4: readonly (readonly [string, BlockList])[] = [
  ["an address of this machine", listOf(["127.0.0.0/8", "0.0.0.0/8"])],
  ["a link-local address", listOf(["169.254.0.0/16"])],
  ["a private address", listOf(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"])],
  [
    "an address that is not of the public internet",
    listOf([
      ...[
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
      ],
      ...["224.0.0.0/4", "240.0.0.0/4"],
    ]),
  ],
];

const IPV6: readonly (readonly [string, BlockList])[] = [
  ["an address of this machine", listOf(["::1/128", "::/128"])],
  ["a link-local address", listOf(["fe80::/10"])],
  ["a private address", listOf(["fc00::/7", "fec0::/10"])],
  // Documentation, benchmarks, and tunnels (Teredo, 6to4) that hide an IPv4 address.
  [
    "an address that is not of the public internet",
    listOf(["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"]),
  ],
];
/** All of the public internet by IPv6 is in it. */
const GLOBAL_IPV6 = listOf(["2000::/3"]);
/** IPv4 in IPv6: mapped; and as networks without IPv4 reach it (NAT64). The last 32 bits decide. */
const CARRIES_IPV4 = listOf(["::ffff:0:0/96", "64:ff9b::/96"]);

/** @param allow entries of `FAIRWAY_OUTBOUND_ALLOW`, as the settings checked them */
export function readAllowed(allow: readonly string[]): AddressRules {
  const isNet = (entry: string): boolean => isIP(entry.split("/")[0] ?? "") !== 0;
  const nets = listOf(allow.filter(isNet));
  const exact = listOf(allow.filter((entry) => isNet(entry) && isSingle(entry)));
  const names = allow.filter((entry) => !isNet(entry)).map((name) => name.toLowerCase());
  const isNamed = (host: string): boolean => {
    const name = host.toLowerCase();
    return names.some((one) => (one.startsWith("*.") ? name.endsWith(one.slice(1)) : name === one));
  };
  return {
    refusal(host, given) {
      const address = plainAddress(given);
      if (holds(METADATA, address))
        return holds(exact, address)
          ? null
          : { kind: "where clouds tell a machine its credentials", isMetadata: true };
      const kind = kindOf(address);
      return kind === null || holds(nets, address) || isNamed(host) ? null : { kind, isMetadata: false };
    },
  };
}

const isSingle = (entry: string): boolean => {
  const [address = "", bits] = entry.split("/");
  return bits === undefined || Number(bits) === (isIP(address) === 4 ? 32 : 128);
};

function kindOf(address: string): string | null {
  const family = isIP(address);
  if (family === 0) return "no address";
  const found = (family === 4 ? IPV4 : IPV6).find(([, list]) => holds(list, address));
  if (found !== undefined) return found[0];
  return family === 4 || holds(GLOBAL_IPV6, address) ? null : "an address that is not of the public internet";
}

/** Without a zone; IPv4 where IPv6 only carries it. */
function plainAddress(given: string): string {
  const address = given.replace(/%.*$/, "");
  if (isIP(address) !== 6 || !CARRIES_IPV4.check(address, "ipv6")) return address;
  const [high = 0, low = 0] = lastGroups(address);
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/** The last 32 bits, as two numbers of 16. */
function lastGroups(address: string): readonly number[] {
  // URLs write it in hexadecimal, and leave zeros out as `::`.
  const { hostname } = new URL(`http://[${address}]`);
  const written = hostname.slice(1, -1).split(":");
  return written.slice(-2).map((group) => (group === "" ? 0 : Number.parseInt(group, 16)));
}

const holds = (list: BlockList, address: string): boolean => {
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 6 ? "ipv6" : "ipv4");
};

function listOf(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = "", bits] = entry.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}
