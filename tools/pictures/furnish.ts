/** What pictures need beside demo data: one of everything that people make, so that no screen is bare. */
import { setTimeout as sleep } from "node:timers/promises";
import { DESCRIBED, failedDeployment, makeScreenIds } from "../../test/e2e/support/screen-ids.ts";
import type { ScreenIds } from "../../test/e2e/support/screens.ts";
import type { TestServer } from "../../test/e2e/support/server.ts";
import { addGallery } from "./gallery.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The whole demo on a machine that has other work too. */
const LIMIT_MS = 2_400_000;
/** What is derived from it, when it is there. */
const DERIVED_MS = 300_000;

/** What addresses of opened drawers name besides. */
export interface OpenedIds extends ScreenIds {
  /** With changes. */
  readonly deployment: string;
  /** One of its changes. */
  readonly commit: string;
  readonly auditEvent: string;
}

/** The whole of it, by the request of the button. */
export async function loadDemo(server: TestServer, say: (text: string) => void): Promise<void> {
  await server.post("/v1/demo", {});
  const began = Date.now();
  let told = began;
  for (const end = began + LIMIT_MS; Date.now() < end; await sleep(500)) {
    if (Date.now() - told > 30_000) {
      told = Date.now();
      say(`demo data: loading for ${Math.round((told - began) / 1000)} s`);
    }
    const { demo } = await server.get<{ demo: { status: string } }>("/v1/setup");
    if (demo.status === "completed") return;
    if (demo.status === "failed") throw new Error("the demo data could not be loaded");
  }
  throw new Error("the demo data is not there after forty minutes");
}

export async function furnish(server: TestServer): Promise<OpenedIds> {
  const now = Date.now();
  const ago = (ms: number): string => new Date(now - ms).toISOString();
  await server.post("/v1/templates/dora", {});
  await server.post("/v1/blueprints/service/scorecards", DESCRIBED);
  await server.post("/v1/blueprints/deployment/entities", failedDeployment(ago(0)));
  await server.post("/v1/dora/annotations", {
    ...{ day: ago(20 * DAY).slice(0, 10), text: "Moved to trunk-based development" },
    url: "https://wiki.example.com/trunk",
  });
  for (let at = 0; at < 9; at++)
    await server.post("/v1/blueprints/incident/entities", {
      ...{ identifier: `INC-${at + 1}`, title: `${["Checkout", "Search", "Ledger"][at % 3]} is slow` },
      properties: {
        ...{ severity: ["high", "low"][at % 2], status: at === 0 ? "open" : "resolved" },
        ...{ startedAt: ago(at * 9 * DAY + 6 * HOUR) },
        ...(at === 0 ? {} : { resolvedAt: ago(at * 9 * DAY + HOUR) }),
      },
      relations: { service: ["ledger-api"] },
    });
  await addPeople(server);
  await addGallery(server);
  await addActions(server);
  return { ...(await makeScreenIds(server)), ...(await openedIds(server)) };
}

async function addPeople(server: TestServer): Promise<void> {
  for (const [email, firstName, lastName] of [
    ["ada.byron@example.com", "Ada", "Byron"],
    ["bo.larsen@example.com", "Bo", "Larsen"],
    ["a.name.that.is.longer.than.most@subsidiary.example.com", "Maximiliane", "von Hohenstein"],
  ])
    await server.post("/v1/users/invite?notify=false", { invitee: { email, firstName, lastName } });
  await server.post("/v1/teams", {
    ...{ name: "Ledger people", description: "Who keep the books" },
    users: ["ada.byron@example.com", "bo.larsen@example.com"],
  });
  await server.post("/v1/apps", { name: "Reports" });
  await server.post("/v1/organization/secrets", {
    ...{ secretName: "SLACK_URL", secretValue: "https://hooks.example.com/1", description: "Of #releases" },
  });
}

async function addActions(server: TestServer): Promise<void> {
  const nowhere = { type: "WEBHOOK", url: `${server.url}/nowhere`, synchronized: true };
  const properties = {
    reason: { type: "string", title: "Reason" },
    replicas: { type: "number", title: "Replicas", default: 2, minimum: 1 },
    dry: { type: "boolean", title: "Only try" },
  };
  await server.post("/v1/actions", {
    ...{ identifier: "new_domain", title: "Open a domain", description: "For services of a new kind" },
    trigger: {
      ...{ type: "self-service", operation: "CREATE", blueprintIdentifier: "domain" },
      userInputs: {
        properties: { name: { type: "string", title: "Name" } },
        required: ["name"],
        order: ["name"],
      },
    },
    invocationMethod: {
      ...{ type: "UPSERT_ENTITY", blueprintIdentifier: "domain" },
      mapping: { identifier: "{{ .inputs.name }}", title: "{{ .inputs.name }}", properties: {} },
    },
  });
  for (const [identifier, title, requiredApproval] of [
    ["restart", "Restart", false],
    ["scale", "Scale", true],
  ] as const)
    await server.post("/v1/actions", {
      ...{ identifier, title, requiredApproval, description: `${title} a service where it runs` },
      trigger: {
        ...{ type: "self-service", operation: "DAY-2", blueprintIdentifier: "service" },
        userInputs: { properties, required: ["reason"], order: Object.keys(properties) },
      },
      invocationMethod: nowhere,
    });
  await server.post("/v1/actions", {
    ...{ identifier: "tell_failed", title: "Tell of failed deployments", publish: true },
    trigger: { type: "automation", event: { type: "ENTITY_CREATED", blueprintIdentifier: "deployment" } },
    invocationMethod: nowhere,
  });
  await server.post("/v1/alerts", {
    ...{ identifier: "failure-rate", title: "Change failure rate" },
    source: { type: "metric", metric: "changeFailureRate", window: "30d", per: "service" },
    rule: { type: "threshold", is: "above", value: 0.15, clear: 0.1 },
    recipients: { webhook: `${server.url}/nowhere` },
  });
  await server.post("/v1/actions/new_domain/runs", { properties: { name: "Loyalty" } });
  for (const [action, reason] of [
    ["scale", "Black Friday"],
    ["restart", "It is slow since the last release"],
  ])
    await server.post(`/v1/actions/${action}/runs`, { entity: "ledger-api", properties: { reason } });
}

/** What is shipped is worked out in the background: it is waited for. */
async function openedIds(server: TestServer): Promise<Omit<OpenedIds, keyof ScreenIds>> {
  const { audits } = await server.get<{ audits: readonly { identifier: string }[] }>("/v1/audit-log", {
    ...{ limit: "1", resources: "entity", action: "UPDATE" },
  });
  const auditEvent = audits[0]?.identifier ?? "";
  for (const end = Date.now() + DERIVED_MS; Date.now() < end; await sleep(1000)) {
    const { rows } = await server.get<{ rows: readonly { entity: { identifier: string } }[] }>(
      "/v1/dora/evidence",
      { metric: "deploymentFrequency", last: "365d", limit: "20" },
    );
    for (const { entity } of rows) {
      const path = `/v1/dora/deployments/${encodeURIComponent(entity.identifier)}`;
      const { changes } = await server.get<{ changes: readonly { sha: string | null }[] }>(path);
      // A part of the demo data comes without commits: the drawer then says that it was not imported.
      const commit = changes.find(({ sha }) => sha !== null)?.sha ?? "0000000000";
      if (changes.length > 0) return { deployment: entity.identifier, commit, auditEvent };
    }
  }
  // Better a picture of one without changes than none at all.
  return { deployment: "walked-and-failed", commit: "0000000000", auditEvent };
}
