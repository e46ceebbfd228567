/**
 * What a quick run asks for: of every kind that can tell, everything that changed since is listed, and not everything
 * there is. Without a catalog: only the connectors and the servers that stand in for their systems.
 */
import { describe, expect, test } from "vitest";
import type { Kind, RawObject, Session } from "../../src/integrations/connector.ts";
import { connectors } from "../../src/integrations/index.ts";
import type { JsonObject } from "../../src/model/json.ts";
import { AzureServer } from "./azure-devops/azure-server.ts";
import { BitbucketServer } from "./bitbucket/bitbucket-server.ts";
import { CircleciServer } from "./circleci/circleci-server.ts";
import type { Vendor } from "./connector-suite.ts";
import { JenkinsServer } from "./jenkins/jenkins-server.ts";
import { LOOPBACK } from "./vendor-server.ts";

type Times = Readonly<Record<string, (payload: JsonObject) => unknown>>;

/** When an object last changed, by kind, and a time in the middle of what the server has. */
const SYSTEMS: readonly (readonly [string, () => Vendor, string, Times])[] = [
  [
    "azure-devops",
    () => new AzureServer(),
    "2026-03-12T00:00:00.000Z",
    {
      // Open ones are listed always; they may have changed.
      "pull-request": ({ status, closedDate }) => (status === "active" ? "9999" : closedDate),
      build: ({ finishTime }) => finishTime,
      release: ({ modifiedOn }) => modifiedOn,
      "release-deployment": ({ lastModifiedOn }) => lastModifiedOn,
      "environment-deployment": ({ finishTime }) => finishTime,
    },
  ],
  [
    "bitbucket",
    () => new BitbucketServer(),
    "2026-03-06T00:00:00.000Z",
    {
      "pull-request": (pull) => pull["updated_on"],
      pipeline: (pipeline) => pipeline["completed_on"],
      deployment: ({ state }) => (state as JsonObject)["completed_on"],
    },
  ],
  [
    "jenkins",
    () => new JenkinsServer(),
    "2026-03-05T20:00:00.000Z",
    { build: ({ timestamp }) => new Date(Number(timestamp)).toISOString() },
  ],
  [
    "circleci",
    () => new CircleciServer(),
    "2026-03-06T00:00:00.000Z",
    {
      pipeline: (pipeline) => pipeline["updated_at"],
      workflow: (workflow) => workflow["stopped_at"],
      job: (job) => job["stopped_at"],
    },
  ],
];

async function listed(
  session: Session,
  kind: Kind,
  parents: readonly (RawObject | null)[],
  since: string | null,
): Promise<RawObject[]> {
  const found: RawObject[] = [];
  for (const above of parents) {
    const parent = above === null ? null : { key: above.key, ref: above.ref ?? {} };
    let cursor: string | null = null;
    do {
      const page = await kind.list(session, { parent, cursor, since });
      found.push(...page.objects);
      cursor = page.next;
    } while (cursor !== null);
  }
  return found;
}

describe.each(SYSTEMS)("%s", (type, vendorOf, since, times) => {
  test("lists all that changed since, and not all there is", async () => {
    const connector = connectors.get(type);
    if (connector === undefined) throw new Error(`no connector ${type}`);
    const vendor = vendorOf();
    const server = await vendor.start([]);
    const usual = connector.settings.flatMap((one) =>
      one.default === undefined ? [] : [[one.name, one.default]],
    );
    const settings = { ...Object.fromEntries(usual), ...vendor.settings(server.url) };
    const session = connector.open(settings, LOOPBACK);
    const objects = new Map<string, RawObject[]>();
    let changes = 0;
    for (const kind of connector.kinds) {
      const parents = kind.under === undefined ? [null] : (objects.get(kind.under) ?? []);
      const all = await listed(session, kind, parents, null);
      objects.set(kind.kind, all);
      const time = times[kind.kind];
      if (time === undefined) continue;
      expect(kind.incremental).toBe(true);
      const quick = await listed(session, kind, parents, since);
      const keys = new Set(quick.map(({ key }) => key));
      const changed = all.filter(({ payload }) => String(time(payload)) >= since);
      expect(changed.filter(({ key }) => !keys.has(key))).toEqual([]);
      expect({ kind: kind.kind, fewer: keys.size < all.length }).toEqual({ kind: kind.kind, fewer: true });
      changes += changed.length;
    }
    expect(changes).toBeGreaterThan(0);
    await server.stop();
  });

  test("refuses what its system does not send", () => {
    const delivery = { headers: {}, body: { hello: "world" } };
    expect(() => connectors.get(type)?.webhook.changes(delivery, {})).toThrow(/missing|neither/);
  });
});
