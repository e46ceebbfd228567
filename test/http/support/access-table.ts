/**
 * What everybody gets who asks: by method and address of the route. `answers` has the columns of PRINCIPALS: anonymous,
 * expired token, member (of team red), moderator of `vault`, member of team blue, administrator, service account,
 * credentials of another organisation. The lines are asked in their order: reads, writes, deletions.
 */
import { IDENTITY_DELETIONS, IDENTITY_READS, IDENTITY_WRITES } from "./access-identity.ts";

export interface AccessLine {
  /** A status for each of PRINCIPALS. */
  readonly answers: string;
  readonly body?: unknown;
  /** The address to ask, when filling NEEDS in does not give it. `{who}` is who asks. */
  readonly path?: string;
  /** Where PostgreSQL gives other answers. */
  readonly onPostgres?: string;
  /** The sentinel is in the answer by design; the reason stands beside it. */
  readonly told?: true;
}

/** What stands for a parameter of an address. */
export const NEEDS: Readonly<Record<string, string>> = {
  blueprint: "vault",
  entity: "red-1",
  action: "turn_key",
  run: "{run}",
  scorecard: "safe",
  page: "secret_page",
  name: "red",
  email: "red@example.com",
  id: "ocean",
  identifier: "hook",
  event: "none",
  kind: "repository",
  secretName: "TOKEN",
  sidebar: "catalog",
  folder: "shelf",
  sha: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
  member: "a",
  alert: "none",
  initiative: "none",
  template: "none",
  setting: "view:vault",
  session: "none",
  token: "none",
  scim: "none",
};

export const ACCESS_TABLE: Readonly<Record<string, AccessLine>> = {
  "GET /docs": { answers: "401 401 200 200 200 200 200 200" },
  "GET /docs/static/index.html": { answers: "401 401 302 302 302 302 302 302" },
  "GET /docs/static/swagger-initializer.js": { answers: "401 401 200 200 200 200 200 200" },
  "GET /docs/json": { answers: "401 401 200 200 200 200 200 200" },
  "GET /docs/yaml": { answers: "401 401 200 200 200 200 200 200" },
  "GET /docs/static/theme/colours.css": { answers: "401 401 200 200 200 200 200 200" },
  "GET /docs/static/theme/theme.js": { answers: "401 401 200 200 200 200 200 200" },
  "GET /docs/static/*": { answers: "401 401 404 404 404 404 404 404" },
  "GET /healthz": { answers: "200 200 200 200 200 200 200 200" },
  "GET /readyz": { answers: "200 200 200 200 200 200 200 200" },
  "GET /metrics": { answers: "401 401 200 200 200 200 200 200" },
  "GET /auth/me": { answers: "401 401 200 200 200 200 401 401" },
  "GET /v1/organization": { answers: "401 401 200 200 200 200 200 200" },
  "GET /v1/organization/secrets": { answers: "401 401 403 403 403 200 403 200" },
  "GET /v1/organization/secrets/:secretName": { answers: "401 401 403 403 403 200 403 404" },
  "GET /v1/apps": { answers: "401 401 403 403 403 200 403 200" },
  "GET /v1/teams": { answers: "401 401 200 200 200 200 200 200" },
  "GET /v1/teams/:name": { answers: "401 401 200 200 200 200 200 404" },
  "GET /v1/blueprints/:blueprint/permissions": { answers: "401 401 200 200 200 200 200 404" },
  "GET /v1/own-settings": { answers: "401 401 200 200 200 200 200 403" },
  "GET /v1/auth/permissions": { answers: "401 401 200 200 200 200 200 200" },
  ...IDENTITY_READS,
  "GET /v1/users": { answers: "401 401 200 200 200 200 200 200" },
  "GET /v1/users/:email": { answers: "401 401 200 200 200 200 200 404" },
  "GET /v1/blueprints": { answers: "401 401 200 200 200 200 200 200" },
  "GET /v1/blueprints/:blueprint": { answers: "401 401 200 200 200 200 200 404" },
  "GET /v1/blueprints/system/:blueprint(^_.*$)/structure": {
    answers: "401 401 200 200 200 200 200 404",
    path: "/v1/blueprints/system/_user/structure",
  },
  "GET /v1/scorecards": { answers: "401 401 200 200 200 200 200 200" },
  "GET /v1/blueprints/:blueprint/scorecards": { answers: "401 401 200 200 200 200 200 404" },
  "GET /v1/blueprints/:blueprint/scorecards/:scorecard": { answers: "401 401 200 200 200 200 200 404" },
  "GET /v1/blueprints/:blueprint/scorecards/:scorecard/history": {
    answers: "401 401 200 200 200 200 403 404",
  },
  "GET /v1/blueprints/:blueprint/scorecards/:scorecard/moves": {
    answers: "401 401 200 200 200 200 403 404",
  },
  "GET /v1/actions": { answers: "401 401 200 200 200 200 200 200" },
  "GET /v1/blueprints/:blueprint/actions": { answers: "401 401 200 200 200 200 200 200" },
  "GET /v1/blueprints/:blueprint/actions/:action": { answers: "401 401 200 200 200 200 404 404" },
  "GET /v1/actions/:action": { answers: "401 401 200 200 200 200 404 404" },
  "GET /v1/actions/:action/permissions": { answers: "401 401 200 200 200 200 404 404" },
  "GET /v1/actions/:action/access": {
    answers: "401 401 200 200 403 200 404 404",
    path: "/v1/actions/turn_key/access?entity=red-1",
  },
  "GET /v1/actions/runs": { answers: "401 401 200 200 200 200 200 200" },
  "GET /v1/actions/runs/:run": { answers: "401 401 404 200 404 200 404 404" },
  "GET /v1/actions/runs/:run/logs/live": { answers: "401 401 404 200 404 200 404 404" },
  "GET /v1/actions/runs/:run/logs": { answers: "401 401 404 200 404 200 404 404" },
  "GET /v1/actions/runs/:run/approvers": {
    answers: "401 401 404 200 404 200 404 404",
    path: "/v1/actions/runs/{run}/approvers?include_pending_approvers=true",
  },
  "GET /v1/approvals": { answers: "401 401 200 200 200 200 200 200" },
  "GET /v1/webhooks": { answers: "401 401 403 403 403 200 403 200" },
  "GET /v1/webhooks/templates": { answers: "401 401 403 403 403 200 403 200" },
  "GET /v1/webhooks/metadata": { answers: "401 401 200 200 200 200 200 200" },
  "GET /v1/webhooks/:identifier": { answers: "401 401 403 403 403 200 403 404" },
  "GET /v1/webhooks/:identifier/events": { answers: "401 401 403 403 403 200 403 404" },
  "GET /v1/webhooks/:identifier/events-count": { answers: "401 401 403 403 403 200 403 404" },
  "GET /v1/webhooks/:identifier/events/:event": { answers: "401 401 403 403 403 404 403 404" },
  "GET /v1/integration": { answers: "401 401 403 403 403 200 403 200" },
  "GET /v1/integration/metadata": { answers: "401 401 200 200 200 200 200 200" },
  "GET /v1/integration/provision-enabled": { answers: "401 401 403 403 403 200 403 200" },
  "GET /v1/integration/:id": { answers: "401 401 403 403 403 200 403 404" },
  "GET /v1/integration/:id/resync-request": { answers: "401 401 403 403 403 200 403 404" },
  "GET /v1/integration/:id/kinds": { answers: "401 401 403 403 403 200 403 404" },
  "GET /v1/integration/:id/cursor": { answers: "401 401 403 403 403 422 403 404" },
  "GET /v1/integration/:id/logs": {
    answers: "401 401 403 403 403 200 403 404",
    path: "/v1/integration/ocean/logs?limit=10",
  },
  "GET /v1/integration/:id/syncMetrics": { answers: "401 401 403 403 403 200 403 404" },
  "GET /v1/integration/:id/syncsMetadata": { answers: "401 401 403 403 403 200 403 404" },
  "GET /v1/migrations": { answers: "401 401 403 403 403 200 403 200" },
  "GET /v1/migrations/:id": { answers: "401 401 403 403 403 404 403 404" },
  "GET /v1/pages": { answers: "401 401 200 200 200 200 200 200" },
  "GET /v1/pages/:page": { answers: "401 401 200 200 403 200 403 404" },
  "GET /v1/pages/:page/permissions": { answers: "401 401 200 200 403 200 403 404" },
  "GET /v1/sidebars/:sidebar": { answers: "401 401 200 200 200 200 200 200", path: "/v1/sidebars/catalog" },
  "GET /v1/blueprints/:blueprint/entities/:entity": { answers: "401 401 200 200 403 200 403 404" },
  "GET /v1/blueprints/:blueprint/entities": { answers: "401 401 200 200 200 200 403 404" },
  "GET /v1/blueprints/:blueprint/entities-count": { answers: "401 401 200 200 200 200 403 404" },
  "GET /v1/audit-log": { answers: "401 401 200 200 200 200 200 200", path: "/v1/audit-log?entity=red-1" },
  "GET /v1/data-sources/types": { answers: "401 401 403 403 403 200 403 200" },
  "GET /v1/data-sources": { answers: "401 401 403 403 403 200 403 200" },
  "GET /v1/data-sources/:id": { answers: "401 401 403 403 403 404 403 404", path: "/v1/data-sources/none" },
  "GET /v1/data-sources/:id/events": {
    answers: "401 401 403 403 403 404 403 404",
    path: "/v1/data-sources/none/events",
  },
  "GET /v1/data-sources/:id/events-count": {
    answers: "401 401 403 403 403 404 403 404",
    path: "/v1/data-sources/none/events-count",
  },
  "GET /v1/data-sources/:id/events/:event": {
    answers: "401 401 403 403 403 404 403 404",
    path: "/v1/data-sources/none/events/none",
  },
  "GET /v1/data-sources/:id/names": {
    answers: "401 401 403 403 403 404 403 404",
    path: "/v1/data-sources/none/names",
  },
  "GET /v1/webhooks/:identifier/names": { answers: "401 401 403 403 403 200 403 404" },
  "GET /v1/blueprints/:blueprint/derivation": { answers: "401 401 200 200 200 200 403 404" },
  "GET /v1/dora/incidents": {
    answers: "401 401 200 200 200 200 200 200",
    path: "/v1/dora/incidents?from=2026-01-01&to=2026-02-01",
  },
  "GET /v1/dora/incidents/:id": { answers: "401 401 404 404 404 404 404 404", path: "/v1/dora/incidents/i1" },
  "GET /v1/dora/export": {
    answers: "401 401 200 200 200 200 200 200",
    path: "/v1/dora/export?format=csv&metric=deploymentFrequency&from=2026-01-01&to=2026-02-01",
  },
  "GET /v1/dora/candidates": {
    answers: "401 401 200 200 200 200 200 200",
    path: "/v1/dora/candidates?from=2026-01-01&to=2026-02-01",
  },
  "GET /v1/dora/benchmarks": {
    answers: "401 401 200 200 200 200 200 200",
    path: "/v1/dora/benchmarks?from=2026-01-01&to=2026-02-01",
  },
  "GET /v1/dora/commits/:sha": { answers: "401 401 200 200 404 200 404 404" },
  "GET /v1/dora/imports": { answers: "401 401 200 200 200 200 200 200" },
  "GET /v1/dora/status": { answers: "401 401 200 200 200 200 200 200" },
  "GET /v1/dora/metrics": {
    answers: "401 401 200 200 200 200 200 404",
    path: "/v1/dora/metrics?blueprint=service&from=2026-01-01&to=2026-02-01",
  },
  "GET /v1/dora/evidence": {
    answers: "401 401 200 200 200 200 200 200",
    path: "/v1/dora/evidence?metric=deploymentFrequency&environment=&from=2026-01-01&to=2026-02-01",
  },
  "GET /v1/dora/annotations": {
    answers: "401 401 200 200 200 200 200 200",
    path: "/v1/dora/annotations?from=2026-01-01&to=2026-02-01",
  },
  "GET /v1/dora/annotations/:id": {
    answers: "401 401 404 404 404 404 404 404",
    path: "/v1/dora/annotations/none",
  },
  "GET /v1/dora/explain": {
    answers: "401 401 200 200 200 200 200 200",
    path: "/v1/dora/explain?metric=deploymentFrequency&from=2026-01-01&to=2026-02-01",
  },
  "GET /v1/dora/deployments/:id": {
    answers: "401 401 200 200 404 200 404 404",
    path: "/v1/dora/deployments/d1",
  },
  "GET /v1/dora/settings": { answers: "401 401 200 200 200 200 200 200" },
  "GET /v1/setup": { answers: "401 401 200 200 200 200 200 200" },
  "GET /v1/live": { answers: "401 401 200 200 200 200 200 200" },
  "GET /openapi.json": { answers: "401 401 200 200 200 200 200 200" },
  "GET /v1/actions/runs/:run/entities": { answers: "401 401 404 200 404 200 404 404" },
  "GET /v1/alerts": { answers: "401 401 403 403 403 200 403 200" },
  "GET /v1/alerts/:alert": { answers: "401 401 403 403 403 404 403 404" },
  "GET /v1/alerts/:alert/status": { answers: "401 401 403 403 403 404 403 404" },
  "GET /v1/notifications": { answers: "401 401 403 403 403 200 403 200" },
  "GET /v1/blueprints/:blueprint/entities/:entity/rights": { answers: "401 401 200 200 403 200 403 404" },
  "GET /v1/entities/find": {
    answers: "401 401 200 200 200 200 200 200",
    path: "/v1/entities/find?text=s3ntinel",
  },
  "GET /v1/templates/actions": { answers: "401 401 200 200 200 200 200 200" },
  "GET /v1/templates/automations": { answers: "401 401 200 200 200 200 200 200" },
  "GET /v1/workflows/nodes/runs": { answers: "401 401 200 200 200 200 200 200" },
  "POST /v1/auth/access_token": {
    answers: "200 200 200 200 200 200 200 200",
    body: { clientId: "other_organisation", clientSecret: "the secret of the other organisation" },
  },
  "POST /auth/login": {
    answers: "200 200 200 200 200 200 200 200",
    body: { email: "admin@example.com", password: "correct horse battery" },
  },
  "POST /auth/link": { answers: "401 401 401 401 401 401 401 401", body: { token: "none" } },
  "PUT /v1/organization": { answers: "401 401 403 403 403 200 403 200", body: { name: "Ours" } },
  "PATCH /v1/organization": { answers: "401 401 403 403 403 200 403 200", body: { name: "Ours" } },
  "POST /v1/organization/secrets": {
    answers: "401 401 403 403 403 200 403 200",
    body: { secretName: "T2", secretValue: "x" },
  },
  "PATCH /v1/organization/secrets/:secretName": {
    answers: "401 401 403 403 403 200 403 404",
    body: { description: "x" },
  },
  "POST /v1/apps": { answers: "401 401 403 403 403 200 403 200", body: { name: "new" } },
  // Names of people stand at /v1/users too; that of the credentials is the sentinel until it is changed.
  "POST /v1/actors": {
    answers: "401 401 200 200 200 200 200 200",
    body: { ids: ["red@example.com", "{app}"] },
  },
  "PUT /v1/apps/:id": {
    answers: "401 401 403 403 403 200 403 404",
    body: { name: "renamed" },
    path: "/v1/apps/{app}",
  },
  "POST /v1/apps/:id/rotate-secret": {
    answers: "401 401 403 403 403 200 403 404",
    path: "/v1/apps/{app}/rotate-secret",
  },
  "POST /v1/apps/:id/permissions": {
    answers: "401 401 403 403 403 200 403 404",
    body: { permissions: [] },
    path: "/v1/apps/{app}/permissions",
  },
  "POST /v1/teams": { answers: "401 401 403 403 403 200 403 404", body: { name: "green" } },
  "PUT /v1/teams/:name": {
    answers: "401 401 403 403 403 200 403 404",
    body: { name: "green", description: "x" },
    path: "/v1/teams/green",
  },
  "PATCH /v1/teams/:name": {
    answers: "401 401 403 403 403 200 403 404",
    body: { description: "y" },
    path: "/v1/teams/green",
  },
  "PATCH /v1/blueprints/:blueprint/permissions": {
    answers: "401 401 403 200 403 200 403 404",
    body: { entities: {} },
  },
  "POST /v1/users/invite": {
    answers: "401 401 403 403 403 200 403 404",
    body: { invitee: { email: "eve@example.com" } },
  },
  "POST /v1/users/:email/sign-in-link": {
    answers: "401 401 403 403 403 200 403 404",
    path: "/v1/users/eve@example.com/sign-in-link",
  },
  ...IDENTITY_WRITES,
  "PATCH /v1/users/:email": {
    answers: "401 401 403 403 403 200 403 404",
    body: { roles: ["Member"] },
    path: "/v1/users/eve@example.com",
  },
  "POST /v1/rotate-credentials/:email": {
    answers: "401 401 403 403 403 200 403 404",
    path: "/v1/rotate-credentials/admin@example.com",
  },
  "POST /v1/blueprints": {
    answers: "401 401 403 403 403 201 403 201",
    body: {
      identifier: "thing",
      title: "Thing",
      schema: { properties: { a: { type: "string" } } },
      relations: { r: { target: "thing" } },
      mirrorProperties: { m: { path: "r.$title" } },
    },
  },
  "PUT /v1/blueprints/:blueprint": {
    answers: "401 401 403 403 403 200 403 200",
    body: {
      identifier: "thing",
      title: "Thing",
      schema: { properties: { a: { type: "string" } } },
      relations: { r: { target: "thing" } },
      mirrorProperties: { m: { path: "r.$title" } },
    },
    path: "/v1/blueprints/thing",
  },
  "PATCH /v1/blueprints/:blueprint": {
    answers: "401 401 403 403 403 200 403 200",
    body: { title: "Thing" },
    path: "/v1/blueprints/thing",
  },
  "PATCH /v1/blueprints/:blueprint/properties/:member/rename": {
    answers: "401 401 403 403 403 200 403 200",
    body: { newPropertyName: "b" },
    path: "/v1/blueprints/thing/properties/a/rename",
  },
  "PATCH /v1/blueprints/:blueprint/mirror/:member/rename": {
    answers: "401 401 403 403 403 200 403 200",
    body: { newMirrorName: "n" },
    path: "/v1/blueprints/thing/mirror/m/rename",
  },
  "PATCH /v1/blueprints/:blueprint/relations/:member/rename": {
    answers: "401 401 403 403 403 200 403 200",
    body: { newRelationIdentifier: "s" },
    path: "/v1/blueprints/thing/relations/r/rename",
  },
  "POST /v1/blueprints/:blueprint/scorecards": {
    answers: "401 401 403 403 403 201 403 404",
    body: {
      identifier: "safer",
      title: "Safe",
      rules: [
        {
          identifier: "coded",
          title: "Coded",
          level: "Gold",
          query: { combinator: "and", conditions: [{ property: "code", operator: "isNotEmpty" }] },
        },
      ],
    },
  },
  "PUT /v1/blueprints/:blueprint/scorecards": {
    answers: "401 401 403 403 403 200 403 404",
    body: [
      {
        identifier: "safe",
        title: "Safe",
        rules: [
          {
            identifier: "coded",
            title: "Coded",
            level: "Gold",
            query: { combinator: "and", conditions: [{ property: "code", operator: "isNotEmpty" }] },
          },
        ],
      },
    ],
  },
  "PUT /v1/blueprints/:blueprint/scorecards/:scorecard": {
    answers: "401 401 403 403 403 200 403 404",
    body: {
      identifier: "safe",
      title: "Safe",
      rules: [
        {
          identifier: "coded",
          title: "Coded",
          level: "Gold",
          query: { combinator: "and", conditions: [{ property: "code", operator: "isNotEmpty" }] },
        },
      ],
    },
  },
  "PATCH /v1/blueprints/:blueprint/scorecards/:scorecard": {
    answers: "401 401 403 403 403 200 403 404",
    body: { title: "Safe" },
  },
  "POST /v1/actions": {
    answers: "401 401 403 201 403 201 403 404",
    body: {
      identifier: "new_{who}",
      trigger: {
        type: "self-service",
        operation: "CREATE",
        blueprintIdentifier: "vault",
        userInputs: { properties: {} },
      },
      invocationMethod: { type: "KAFKA" },
    },
  },
  "POST /v1/blueprints/:blueprint/actions": {
    answers: "401 401 403 201 403 201 403 404",
    body: {
      identifier: "old_{who}",
      trigger: "CREATE",
      userInputs: { properties: {} },
      invocationMethod: { type: "KAFKA" },
    },
  },
  "POST /v1/blueprints/:blueprint/actions/:action/runs": {
    answers: "401 401 202 202 403 202 404 404",
    body: { entity: "red-1", properties: {} },
  },
  "POST /v1/blueprints/:blueprint/entities/:entity/actions/:action/runs": {
    answers: "401 401 202 202 403 202 404 404",
    body: { properties: {} },
  },
  "PUT /v1/blueprints/:blueprint/actions/:action": {
    answers: "401 401 403 200 403 200 403 404",
    body: {
      identifier: "old_moderator",
      trigger: "CREATE",
      userInputs: { properties: {} },
      invocationMethod: { type: "KAFKA" },
    },
    path: "/v1/blueprints/vault/actions/old_moderator",
  },
  "PUT /v1/actions/:action": {
    answers: "401 401 403 200 403 200 403 404",
    body: {
      identifier: "show",
      trigger: {
        type: "self-service",
        operation: "DAY-2",
        blueprintIdentifier: "vault",
        userInputs: {
          properties: { code: { type: "string", default: { jqQuery: ".entity.properties.code" } } },
        },
      },
      invocationMethod: { type: "KAFKA" },
      allowAnyoneToViewRuns: false,
    },
    path: "/v1/actions/show",
  },
  "PATCH /v1/actions/:action/permissions": {
    answers: "401 401 403 200 403 200 403 404",
    body: { execute: {} },
  },
  "POST /v1/actions/:action/form": {
    answers: "401 401 200 200 403 200 403 404",
    body: { entity: "red-1", properties: {} },
    path: "/v1/actions/show/form",
  },
  "POST /v1/actions/:action/runs": {
    answers: "401 401 202 202 403 202 404 404",
    body: { entity: "red-1", properties: {} },
  },
  "PATCH /v1/actions/runs/:run": { answers: "401 401 404 200 404 200 404 404", body: { statusLabel: "x" } },
  "PATCH /v1/actions/runs/:run/response": {
    answers: "401 401 404 200 404 200 404 404",
    body: { response: {} },
  },
  "POST /v1/actions/runs/:run/logs": { answers: "401 401 404 201 404 201 404 404", body: { message: "x" } },
  "POST /v1/actions/runs/claim-pending": {
    answers: "401 401 403 403 403 403 403 200",
    body: { installationId: "ocean", limit: 1 },
  },
  "POST /v1/mapping/test": {
    answers: "401 401 200 200 200 200 200 200",
    body: {
      type: "webhook",
      mapping: [{ blueprint: "vault", entity: { identifier: ".body.id" } }],
      payload: { id: "red-1" },
      validate: true,
    },
  },
  "POST /v1/webhooks": {
    answers: "401 401 403 403 403 201 403 201",
    body: { identifier: "hook2", title: "Hook", enabled: true },
  },
  "PUT /v1/webhooks/:identifier": {
    answers: "401 401 403 403 403 200 403 404",
    body: { identifier: "hook", title: "Hook", enabled: true },
  },
  "PATCH /v1/webhooks/:identifier": { answers: "401 401 403 403 403 200 403 404", body: { title: "Hook" } },
  "POST /v1/webhooks/:identifier/events/:event/replay": { answers: "401 401 403 403 403 404 403 404" },
  "POST /v1/webhooks/:identifier/replay": { answers: "401 401 403 403 403 200 403 404", body: {} },
  "POST /v1/integration": {
    answers: "401 401 403 403 403 201 403 201",
    body: { installationId: "ocean2", installationAppType: "github" },
  },
  "PATCH /v1/integration/:id": { answers: "401 401 403 403 403 200 403 404", body: { title: "x" } },
  "PATCH /v1/integration/:id/config": {
    answers: "401 401 403 403 403 200 403 404",
    body: { config: { resources: [] } },
  },
  "PATCH /v1/integration/:id/resync-state": {
    answers: "401 401 403 403 403 200 403 404",
    body: { status: "completed" },
  },
  "POST /v1/integration/:id/kinds/:kind/examples": {
    answers: "401 401 403 403 403 200 403 404",
    body: { examples: [] },
  },
  "POST /v1/integration/:id/cursor": { answers: "401 401 403 403 403 422 403 404", body: {} },
  "PUT /v1/integration/:id/cursor": { answers: "401 401 403 403 403 422 403 404", body: {} },
  "POST /v1/integration/:id/logs": { answers: "401 401 403 403 403 200 403 404", body: { logs: [] } },
  "POST /v1/integration/:id/metrics/syncMetrics": {
    answers: "401 401 403 403 403 200 403 404",
    body: { syncKindsMetrics: [] },
  },
  "PUT /v1/integration/:id/metrics/syncMetrics/resync/:event/kind/:kind": {
    answers: "401 401 403 403 403 200 403 404",
    body: { syncKindMetrics: {} },
  },
  "POST /v1/integration/:id/metrics/heartbeat": { answers: "401 401 403 403 403 200 403 404", body: {} },
  "POST /v1/templates/dora": { answers: "401 401 403 403 403 200 403 200", body: { dryRun: true } },
  "POST /v1/migrations": {
    answers: "401 401 403 403 403 201 403 201",
    body: {
      sourceBlueprint: "thing",
      mapping: { blueprint: '"thing"', entity: { identifier: ".identifier" } },
    },
  },
  "POST /v1/migrations/:id/cancel": { answers: "401 401 403 403 403 404 403 404", body: {} },
  "POST /v1/pages": { answers: "401 401 403 403 403 201 403 201", body: { type: "dashboard", title: "New" } },
  "PUT /v1/pages/:page": {
    answers: "401 401 403 403 403 200 403 404",
    body: { type: "dashboard", title: "Open", identifier: "open_page" },
    path: "/v1/pages/open_page",
  },
  "PATCH /v1/pages/:page": {
    answers: "401 401 403 403 403 200 403 404",
    body: { description: "x" },
    path: "/v1/pages/open_page",
  },
  "PATCH /v1/pages/:page/widgets/:widget": {
    answers: "401 401 403 403 403 404 403 404",
    body: { title: "x" },
    path: "/v1/pages/open_page/widgets/none",
  },
  "PATCH /v1/pages/:page/permissions": { answers: "401 401 403 403 403 200 403 404", body: { read: {} } },
  "PUT /v1/own-settings/:setting": {
    answers: "401 401 200 200 200 200 200 403",
    body: { value: { q: "x" } },
  },
  "POST /v1/sidebars/:sidebar/folders": {
    answers: "401 401 403 403 403 201 403 201",
    body: { title: "Next", identifier: "next" },
  },
  "PATCH /v1/sidebars/:sidebar/folders/:folder": {
    answers: "401 401 403 403 403 200 403 404",
    body: { title: "Shelf" },
  },
  "PUT /v1/sidebars/:sidebar/order": {
    answers: "401 401 403 403 403 200 403 200",
    body: { parent: null, items: [] },
  },
  "POST /v1/blueprints/:blueprint/entities": {
    answers: "401 401 403 201 403 201 403 404",
    body: { identifier: "new-{who}", team: ["blue"], properties: {} },
  },
  "POST /v1/blueprints/:blueprint/entities/bulk": {
    answers: "401 401 207 200 207 200 207 404",
    body: { entities: [{ identifier: "bulk-{who}" }] },
  },
  "PUT /v1/blueprints/:blueprint/entities/:entity": {
    answers: "401 401 200 200 403 200 403 404",
    body: {
      identifier: "red-1",
      title: "s3ntinel-of-team-red",
      team: ["red"],
      properties: { code: "s3ntinel-of-team-red", size: 7 },
    },
  },
  "PATCH /v1/blueprints/:blueprint/entities/:entity": {
    answers: "401 401 200 200 403 200 403 404",
    body: { properties: { size: 7 } },
  },
  "POST /v1/blueprints/entities/datasource-entities": {
    answers: "401 401 200 200 200 200 200 200",
    body: { datasource_prefix: "", datasource_suffix: "" },
  },
  "POST /v1/blueprints/:blueprint/entities/import": {
    answers: "401 401 200 200 200 200 200 404",
    body: '{"identifier":"imported-{who}"}',
  },
  "POST /v1/data-sources": { answers: "401 401 403 403 403 422 403 422", body: { type: "none" } },
  "POST /v1/data-sources/check": { answers: "401 401 403 403 403 422 403 422", body: { type: "none" } },
  "PATCH /v1/data-sources/:id": {
    answers: "401 401 403 403 403 404 403 404",
    body: { title: "x" },
    path: "/v1/data-sources/none",
  },
  "POST /v1/data-sources/:id/resync": {
    answers: "401 401 403 403 403 404 403 404",
    body: {},
    path: "/v1/data-sources/none/resync",
  },
  "POST /v1/data-sources/:id/stop": {
    answers: "401 401 403 403 403 404 403 404",
    path: "/v1/data-sources/none/stop",
  },
  "POST /v1/data-sources/:id/check": {
    answers: "401 401 403 403 403 404 403 404",
    path: "/v1/data-sources/none/check",
  },
  "POST /v1/data-sources/:id/strategies/preview": {
    answers: "401 401 403 403 403 404 403 404",
    body: {},
    path: "/v1/data-sources/none/strategies/preview",
  },
  "POST /v1/data-sources/:id/retry-events": {
    answers: "401 401 403 403 403 404 403 404",
    path: "/v1/data-sources/none/retry-events",
  },
  "POST /v1/data-sources/:id/events/:event/replay": {
    answers: "401 401 403 403 403 404 403 404",
    path: "/v1/data-sources/none/events/none/replay",
  },
  "POST /v1/data-sources/:id/replay": {
    answers: "401 401 403 403 403 404 403 404",
    body: {},
    path: "/v1/data-sources/none/replay",
  },
  "PUT /v1/data-sources/:id/names": {
    answers: "401 401 403 403 403 404 403 404",
    body: { names: [] },
    path: "/v1/data-sources/none/names",
  },
  "PUT /v1/webhooks/:identifier/names": { answers: "401 401 403 403 403 200 403 404", body: { names: [] } },
  "POST /v1/entities/search": {
    answers: "401 401 200 200 200 200 200 200",
    body: { combinator: "and", rules: [] },
  },
  "POST /v1/blueprints/:blueprint/entities/search": {
    answers: "401 401 200 200 200 200 403 404",
    body: { query: { combinator: "and", rules: [] } },
  },
  "POST /v1/entities/aggregate": {
    answers: "401 401 200 200 200 200 200 200",
    body: {
      func: "countValues",
      property: "code",
      query: { combinator: "and", rules: [{ property: "$blueprint", operator: "=", value: "vault" }] },
    },
  },
  "POST /v1/entities/aggregate-over-time": {
    answers: "401 401 200 200 200 200 403 404",
    body: {
      blueprint: "vault",
      timeRange: { preset: "lastWeek", timeZone: "UTC" },
      timeInterval: "day",
      query: { combinator: "and", rules: [] },
      measureTimeBy: "$createdAt",
      aggregationType: "countEntities",
      func: "average",
      breakdownProperty: "code",
    },
  },
  "POST /v1/entities/properties-history": {
    answers: "401 401 200 200 403 200 403 404",
    body: {
      entityIdentifier: "red-1",
      blueprintIdentifier: "vault",
      propertyNames: ["size"],
      timeInterval: "day",
      timeRange: { preset: "lastWeek", timeZone: "UTC" },
    },
  },
  "POST /v1/derivation/rebuild": { answers: "401 401 403 403 403 200 403 200", body: {} },
  "POST /v1/jq/test": { answers: "401 401 200 200 200 200 200 200", body: { program: ".", input: 1 } },
  "PUT /v1/dora/incidents/:id/cause": {
    answers: "401 401 200 200 404 200 404 404",
    body: { deployment: "d1", reason: "x" },
    path: "/v1/dora/incidents/i1/cause",
  },
  "POST /v1/dora/annotations": {
    answers: "401 401 201 201 403 201 403 422",
    body: {
      identifier: "of-{who}",
      day: "2026-01-05",
      text: "x",
      scope: { blueprint: "vault", entity: "red-1" },
    },
  },
  "PUT /v1/dora/annotations/:id": {
    answers: "401 401 403 200 404 200 404 404",
    body: { day: "2026-01-06", text: "y" },
    path: "/v1/dora/annotations/of-moderator",
  },
  "POST /v1/dora/preview": {
    answers: "401 401 200 200 200 200 200 200",
    body: { settings: { failureWindowHours: 1 } },
  },
  "POST /v1/dora/commits": {
    answers: "401 401 403 403 403 202 403 202",
    body: {
      commits: [
        {
          repository: "r",
          sha: "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
          parents: [],
          authoredAt: "2026-01-05T06:00:00Z",
          committedAt: "2026-01-05T06:00:00Z",
          author: "A <a@example.com>",
          message: "m",
        },
      ],
    },
  },
  "POST /v1/dora/imports": {
    answers: "401 401 403 403 403 201 403 201",
    body: { repository: "r", source: "git", services: [] },
  },
  "PATCH /v1/dora/imports/:id": {
    answers: "401 401 403 403 403 200 403 404",
    body: { sent: { commits: 1 } },
    path: "/v1/dora/imports/{import}",
  },
  "PUT /v1/dora/settings": { answers: "401 401 403 403 403 200 403 200", body: { failureWindowHours: 24 } },
  "POST /ingest/:webhookKey": { answers: "404 404 404 404 404 404 404 404", path: "/ingest/none" },
  "POST /rest/plugins/webhook/*": {
    answers: "404 404 404 404 404 404 404 404",
    path: "/rest/plugins/webhook/1/deployments",
  },
  "POST /api/rest/plugins/webhook/*": {
    answers: "404 404 404 404 404 404 404 404",
    path: "/api/rest/plugins/webhook/1/deployments",
  },
  "POST /ingest/connectors/:key": {
    answers: "404 404 404 404 404 404 404 404",
    path: "/ingest/connectors/none",
  },
  "POST /v1/actions/:action/test": {
    answers: "401 401 404 200 404 200 404 404",
    body: { eventId: "{event}" },
    path: "/v1/actions/watch/test",
  },
  "GET /v1/initiatives": { answers: "401 401 200 200 200 200 200 200" },
  "GET /v1/initiatives/:initiative": { answers: "401 401 404 404 404 404 404 404" },
  "GET /v1/initiatives/:initiative/progress": { answers: "401 401 404 404 404 404 404 404" },
  "POST /v1/initiatives": { answers: "401 401 403 403 403 422 403 422", body: {} },
  "PUT /v1/initiatives/:initiative": { answers: "401 401 403 403 403 422 403 422", body: {} },
  "POST /v1/alerts": { answers: "401 401 403 403 403 422 403 422", body: {} },
  "POST /v1/alerts/preview": { answers: "401 401 403 403 403 422 403 422", body: {} },
  "PUT /v1/alerts/:alert": { answers: "401 401 403 403 403 422 403 422", body: {} },
  "POST /v1/templates/actions/:template": { answers: "401 401 403 403 403 404 403 404", body: {} },
  "POST /v1/blueprints/:blueprint/preview-property": {
    answers: "401 401 403 403 403 422 403 422",
    body: {},
  },
  "POST /v1/templates/automations/:template": {
    answers: "401 401 403 403 403 404 403 404",
    body: { parameters: {} },
  },
  "POST /v1/workflows/runs/claim-pending": { answers: "401 401 200 200 200 200 200 200", body: {} },
  "PATCH /v1/actions/runs/:run/approval": {
    answers: "401 401 404 201 404 422 404 404",
    body: { status: "APPROVE" },
  },
  "PATCH /v1/actions/runs/ack": { answers: "401 401 403 403 403 403 403 404", body: { runId: "{run}" } },
  "DELETE /v1/dora/annotations/:id": {
    answers: "401 401 200 200 404 200 404 404",
    path: "/v1/dora/annotations/of-{who}",
  },
  "DELETE /v1/organization/secrets/:secretName": {
    answers: "401 401 403 403 403 200 403 200",
    path: "/v1/organization/secrets/T2",
  },
  "DELETE /v1/apps/:id": { answers: "401 401 403 403 403 200 403 404", path: "/v1/apps/{app}" },
  "DELETE /v1/teams/:name": { answers: "401 401 403 403 403 200 403 404", path: "/v1/teams/green" },
  ...IDENTITY_DELETIONS,
  "DELETE /v1/users/:email": {
    answers: "401 401 403 403 403 200 403 404",
    path: "/v1/users/eve@example.com",
  },
  "DELETE /v1/blueprints/:blueprint/scorecards/:scorecard": { answers: "401 401 403 403 403 200 403 404" },
  "DELETE /v1/blueprints/:blueprint/actions/:action": {
    answers: "401 401 404 200 404 200 404 404",
    path: "/v1/blueprints/vault/actions/old_{who}",
  },
  "DELETE /v1/actions/:action": { answers: "401 401 403 200 403 404 403 404", path: "/v1/actions/show" },
  "DELETE /v1/webhooks/:identifier": { answers: "401 401 403 403 403 200 403 404" },
  "DELETE /v1/integration/:id": { answers: "401 401 403 403 403 200 403 404" },
  "DELETE /v1/blueprints/:blueprint/all-entities": {
    answers: "401 401 403 403 403 200 403 200",
    path: "/v1/blueprints/thing/all-entities",
  },
  "DELETE /v1/pages/:page": { answers: "401 401 403 403 403 200 403 404", path: "/v1/pages/open_page" },
  "DELETE /v1/pages/:page/widgets/:widget": {
    answers: "401 401 404 404 404 404 404 404",
    path: "/v1/pages/open_page/widgets/none",
  },
  "DELETE /v1/own-settings/:setting": { answers: "401 401 200 200 200 200 200 403" },
  "DELETE /v1/sidebars/:sidebar/folders/:folder": { answers: "401 401 403 403 403 200 403 404" },
  "DELETE /v1/blueprints/:blueprint/entities/:entity": {
    answers: "401 401 403 200 403 200 403 404",
    path: "/v1/blueprints/vault/entities/of-{who}",
  },
  "POST /v1/blueprints/:blueprint/bulk/entities/delete": {
    answers: "401 401 403 200 403 200 403 404",
    body: { entities: ["red-1"] },
  },
  "DELETE /v1/data-sources/:id": {
    answers: "401 401 403 403 403 404 403 404",
    path: "/v1/data-sources/none",
  },
  "DELETE /v1/dora/incidents/:id/cause": {
    answers: "401 401 200 200 404 200 404 404",
    path: "/v1/dora/incidents/i1/cause",
  },
  "GET /v1/backups": { answers: "401 401 403 403 403 200 403 403" },
  "POST /v1/backups": {
    answers: "401 401 403 403 403 200 403 403",
    onPostgres: "401 401 403 403 403 422 403 403",
  },
  "POST /v1/demo": { answers: "401 401 403 403 403 409 403 409" },
  "DELETE /v1/initiatives/:initiative": { answers: "401 401 403 403 403 404 403 404" },
  "DELETE /v1/alerts/:alert": { answers: "401 401 403 403 403 404 403 404" },
  "DELETE /v1/blueprints/:blueprint": {
    answers: "401 401 403 403 403 200 403 200",
    path: "/v1/blueprints/thing",
  },
  "POST /auth/logout": { answers: "200 200 200 200 200 200 200 200" },
};
