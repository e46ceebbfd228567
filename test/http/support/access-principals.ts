/** Who asks in the authorisation matrix, and what there is to ask about: some of it only for one team. */
import { createHash } from "node:crypto";
import { SignJWT } from "jose";
import { hashSecret } from "../../../src/access/organization.ts";
import type { Database } from "../../../src/storage/db.ts";
import type { TestApp } from "../../support/app.ts";

/** The columns of the table, in its order. */
export const PRINCIPALS = [
  "anonymous",
  "expired",
  "member",
  "moderator",
  "otherTeam",
  "admin",
  "serviceAccount",
  "wrongOrg",
] as const;
export type Principal = (typeof PRINCIPALS)[number];

/** Stands in everything that team red and moderators of `vault` may read, and nobody else. */
export const SENTINEL = "s3ntinel-of-team-red";
export const MAY_READ_SENTINEL: ReadonlySet<Principal> = new Set(["member", "moderator", "admin"]);

export const KEY = "a key of the authorisation matrix, long enough";
const KEY_BYTES = createHash("sha256").update(KEY).digest();
const OTHER = { clientId: "other_organisation", clientSecret: "the secret of the other organisation" };
const SHA = "a".repeat(40);

/** Two organisations in one database: the server takes the older one, the other has credentials of its own. */
export async function addOrganisations({ kysely }: Database): Promise<void> {
  const created = (year: number) => ({ created_at: new Date(`${year}-01-01T00:00:00Z`) });
  await kysely
    .insertInto("organization")
    .values([
      { id: "org_ours", name: "Ours", ...created(2020) },
      { id: "org_other", name: "Other", ...created(2021) },
    ])
    .execute();
  const secretHash = hashSecret(OTHER.clientSecret, KEY_BYTES);
  await kysely
    .insertInto("credential")
    .values({ org: "org_other", client_id: OTHER.clientId, secret_hash: secretHash, name: "other" })
    .execute();
}

type Headers = Readonly<Record<string, string>>;
type Body = Record<string, unknown>;

/** Signs everybody in. @returns the headers of each */
export async function signIn(app: TestApp): Promise<Readonly<Record<Principal, Headers>>> {
  const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });
  const cookie = async (email: string, roles: string[], teams: string[]): Promise<Headers> => {
    const invited = await must(app, "POST", "/v1/users/invite", { invitee: { email, roles, teams } });
    const token = new URL(String(invited["signInUrl"])).searchParams.get("token");
    const { headers } = await app.send("POST", "/auth/link", { token });
    return { authorization: "", cookie: String(headers.get("set-cookie")).split(";")[0] ?? "" };
  };
  const created = await must(app, "POST", "/v1/blueprints/_user/entities", {
    identifier: "robot@serviceaccounts.example.com",
    properties: { status: "Active", port_type: "Service Account" },
  });
  const { credentials } = created["additionalData"] as { credentials: unknown };
  const robot = await must(app, "POST", "/v1/auth/access_token", credentials);
  const other = await must(app, "POST", "/v1/auth/access_token", OTHER);
  const expired = await new SignJWT({ isMachine: true, orgId: "any", version: "any" })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setSubject(app.config.clientId)
    .setIssuedAt(1)
    .setExpirationTime(2)
    .sign(KEY_BYTES);
  return {
    anonymous: { authorization: "" },
    expired: bearer(expired),
    member: await cookie("red@example.com", ["Member"], ["red"]),
    moderator: await cookie("moderator@example.com", ["Member", "vault-moderator"], []),
    otherTeam: await cookie("blue@example.com", ["Member"], ["blue"]),
    admin: await cookie("boss@example.com", ["Admin"], []),
    serviceAccount: bearer(String(robot["accessToken"])),
    wrongOrg: bearer(String(other["accessToken"])),
  };
}

/** What the requests are about. @returns values for `{names}` in paths and bodies of the table */
export async function plant(app: TestApp): Promise<Record<string, string>> {
  const text = { type: "string" };
  const owned = { ownership: { type: "Direct" } };
  const post = (path: string, body: unknown): Promise<Body> => must(app, "POST", path, body);
  for (const name of ["red", "blue"]) await post("/v1/teams", { name });
  const blueprint = (identifier: string, properties: object, rest: object): Promise<Body> =>
    post("/v1/blueprints", { identifier, title: identifier, schema: { properties }, ...rest });
  await blueprint("vault", { code: text, size: { type: "number" } }, owned);
  await blueprint("service", { repository: text }, owned);
  const service = { service: { target: "service" } };
  const deployed = { createdAt: text, deploymentStatus: text, sha: text };
  await blueprint("deployment", deployed, { relations: service });
  await blueprint("incident", { createdAt: text, resolvedAt: text }, { relations: service });
  await blueprint(
    "open",
    { note: text, mirrored: text },
    {
      relations: { vault: { target: "vault" } },
      mirrorProperties: { size: { path: "vault.size" } },
    },
  );
  const readers = { read: { roles: ["vault-moderator"], ownedByTeam: true } };
  const rights = { ...readers, update: { roles: ["vault-moderator"], ownedByTeam: true } };
  await must(app, "PATCH", "/v1/blueprints/vault/permissions", { entities: rights });
  await must(app, "PATCH", "/v1/blueprints/service/permissions", { entities: readers });
  const entity = (of: string, identifier: string, rest: object): Promise<Body> =>
    post(`/v1/blueprints/${of}/entities`, { identifier, ...rest });
  const vault = { team: ["red"], title: SENTINEL, properties: { code: SENTINEL, size: 7 } };
  await entity("vault", "red-1", vault);
  for (const who of PRINCIPALS) await entity("vault", `of-${who}`, vault);
  const secret = { title: SENTINEL, team: ["red"], properties: { repository: SENTINEL } };
  await entity("service", "shop", secret);
  await entity("deployment", "d1", {
    relations: { service: "shop" },
    properties: { createdAt: "2026-01-05T12:00:00Z", deploymentStatus: "Success", sha: SHA },
  });
  await entity("incident", "i1", {
    relations: { service: "shop" },
    properties: { createdAt: "2026-01-05T13:00:00Z", resolvedAt: "2026-01-05T14:00:00Z" },
  });
  await entity("open", "o1", { relations: { vault: "red-1" } });
  await post("/v1/dora/commits", {
    commits: [
      {
        ...{ repository: SENTINEL, sha: SHA, parents: [], author: "A <a@example.com>", message: SENTINEL },
        ...{ authoredAt: "2026-01-05T06:00:00Z", committedAt: "2026-01-05T06:00:00Z" },
      },
    ],
  });
  const run = { repository: SENTINEL, source: "git", services: ["shop"] };
  const imported = await post("/v1/dora/imports", run);
  const scorecard = {
    identifier: "safe",
    title: "Safe",
    rules: [
      {
        ...{ identifier: "coded", title: "Coded", level: "Gold" },
        query: { combinator: "and", conditions: [{ property: "code", operator: "isNotEmpty" }] },
      },
    ],
  };
  await post("/v1/blueprints/vault/scorecards", scorecard);
  const page = await post("/v1/pages", { type: "dashboard", title: SENTINEL, identifier: "secret_page" });
  await post("/v1/pages", { type: "dashboard", title: "Open", identifier: "open_page" });
  const roles = { roles: ["Admin"], users: ["red@example.com", "moderator@example.com"], teams: [] };
  await must(app, "PATCH", "/v1/pages/secret_page/permissions", { read: roles });
  await post("/v1/sidebars/catalog/folders", { identifier: "shelf", title: "Shelf" });
  await post("/v1/organization/secrets", { secretName: "TOKEN", secretValue: SENTINEL });
  const madeApp = (await post("/v1/apps", { name: SENTINEL }))["app"] as { id: string };
  await post("/v1/webhooks", { identifier: "hook", title: "Hook", enabled: true });
  await post("/v1/integration", { installationId: "ocean", installationAppType: "github" });
  const trigger = { type: "self-service", blueprintIdentifier: "vault", operation: "DAY-2" };
  const action = (identifier: string, more: object): Promise<Body> =>
    post("/v1/actions", {
      identifier,
      trigger: { ...trigger, userInputs: { properties: {} } },
      invocationMethod: { type: "KAFKA" },
      allowAnyoneToViewRuns: false,
      ...more,
    });
  await action("turn_key", { requiredApproval: true });
  const shown = { jqQuery: ".entity.properties.code" };
  await action("show", {
    trigger: { ...trigger, userInputs: { properties: { code: { type: "string", default: shown } } } },
  });
  await action("watch", {
    trigger: { type: "automation", event: { type: "ENTITY_CREATED", blueprintIdentifier: "vault" } },
    publish: false,
  });
  await must(app, "PATCH", "/v1/actions/turn_key/permissions", {
    execute: { roles: ["Admin"], ownedByTeam: true, users: ["moderator@example.com"] },
    approve: { roles: ["Admin"], users: ["moderator@example.com"] },
  });
  const started = (await post("/v1/actions/turn_key/runs", { entity: "red-1", properties: {} }))["run"];
  await app.settled();
  const audits = (await app.send<Body>("GET", "/v1/audit-log?entity=red-1")).body["audits"];
  return {
    event: (audits as { identifier: string }[])[0]?.identifier ?? "",
    app: madeApp.id,
    page: String((page["page"] as Body | undefined)?.["identifier"]),
    run: (started as { id: string }).id,
    import: String((imported["import"] as Body | undefined)?.["id"] ?? imported["id"]),
  };
}

async function must(app: TestApp, method: string, path: string, body: unknown): Promise<Body> {
  const answer = await app.send<Body>(method, path, body);
  if (answer.status >= 300)
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}
