/** What the addresses of screens open beside the screen itself: tabs, drawers, dialogs. */
import type { OpenedIds } from "./furnish.ts";

/** Behind the address of the screen in `test/e2e/support/screens.ts`, which each key names; the rest of it is for the picture's name. */
export const OPENED: Readonly<Record<string, Readonly<Record<string, (ids: OpenedIds) => string>>>> = {
  "/login": { password: () => "/login?password=none", sso: () => "/login?sso=failed" },
  "/dora": {
    evidence: () => "/dora?ev=changeFailureRate",
    "left-out": () => "/dora?ev=changeLeadTime&out=all",
    explain: () => "/dora?why=changeLeadTime",
    "note-new": () => "/dora?note=new",
    service: () => "/dora?scope=service:ledger-api",
    "no-such-scope": () => "/dora?scope=service:nowhere",
    "before-data": () => "/dora?from=2015-01-01&to=2015-03-31",
  },
  "/dora/compare": {
    services: () => "/dora/compare?scope=service:ledger-api&with=service:ledger-postings",
  },
  "/dora/incidents": {
    all: () => "/dora/incidents?show=all",
    cause: () => "/dora/incidents?show=all&correct=incident:INC-3",
  },
  "/dora/deployments/$id": {
    whole: ({ deployment }) => `/dora/deployments/${encodeURIComponent(deployment)}`,
    commit: ({ deployment, commit }) =>
      `/dora/deployments/${encodeURIComponent(deployment)}?commit=${encodeURIComponent(commit)}`,
  },
  "/c/$blueprint": {
    deployments: () => "/c/deployment?s=-createdAt",
    grouped: () => "/c/deployment?g=deploymentStatus",
    filtered: () => `/c/service?q=none-is-called-this`,
    people: () => "/c/_user",
    "not-there": () => "/c/nothing",
  },
  "/c/$blueprint/$id": Object.fromEntries(
    ["related", "graph", "graph&as=list", "scorecards", "runs", "audit", "json"].map((tab) => [
      tab.replace("&as=", "-"),
      () => `/c/service/ledger-api?tab=${tab}`,
    ]),
  ),
  "/builder": {
    graph: () => "/builder?view=graph",
    new: () => "/builder?new=blueprint",
  },
  "/builder/$blueprint": {
    permissions: () => "/builder/service?tab=permissions",
    json: () => "/builder/service?tab=json",
    property: () => "/builder/service?open=property%20url",
    aggregation: () => "/builder/service?open=new%20aggregation",
  },
  "/sources/$id": { failed: ({ source }) => `/sources/${source}?events=failed` },
  "/self-serve": {
    run: () => "/self-serve?action=restart",
    edit: () => "/self-serve?edit=restart",
    new: () => "/self-serve?edit=new",
  },
  "/automations": {
    new: () => "/automations?edit=new",
    edit: () => "/automations?edit=tell_failed",
    alerts: () => "/automations?tab=alerts",
    alert: () => "/automations?tab=alerts&edit=failure-rate",
  },
  "/settings/users": {
    invite: () => "/settings/users?open=invite",
    user: () => "/settings/users?open=ada.byron@example.com",
  },
  "/settings/teams": { new: () => "/settings/teams?open=new" },
  "/audit": {
    event: ({ auditEvent }) => `/audit?event=${auditEvent}`,
    none: () => "/audit?entity=nobody",
  },
};
