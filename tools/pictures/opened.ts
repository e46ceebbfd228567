/** What the addresses of screens open beside the screen itself: tabs, drawers, dialogs. */
import type { OpenedIds } from "./furnish.ts";

/** Behind the address of the screen in `test/e2e/support/screens.ts`, which each key names; the rest of it is for the picture's name. */
export const OPENED: Readonly<Record<string, Readonly<Record<string, (ids: OpenedIds) => string>>>> = {
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
    everything: () => "/c/everything",
    "many-columns": () =>
      "/c/everything?cols=text,long,number,boolean,choice,time,timer,url,email,user,tags,object,link,service,others",
    "filtered-in": () =>
      `/c/service?f=${encodeURIComponent(JSON.stringify({ combinator: "and", rules: [{ property: "url", operator: "contains", value: "ledger" }] }))}`,
    "wrong-address": () => "/c/service?f=nonsense&s=!!",
    people: () => "/c/_user",
    "not-there": () => "/c/nothing",
  },
  "/c/$blueprint/$id": {
    ...Object.fromEntries(
      ["related", "graph", "graph&as=list", "scorecards", "runs", "audit", "json"].map((tab) => [
        tab.replace("&as=", "-"),
        () => `/c/service/ledger-api?tab=${tab}`,
      ]),
    ),
    "graph-two-hops": () => "/c/service/ledger-api?tab=graph&hops=2",
    everything: () => "/c/everything/one",
    "everything-empty": () => "/c/everything/empty",
    "long-word": () => "/c/everything/Zahlungsverkehrsabwicklungsschnittstellenkoordinationsstelle",
    "right-to-left": () => "/c/everything/arabic",
    "not-there": () => "/c/service/nothing",
    person: () => "/c/_user/ada.byron@example.com",
  },
  "/d/$page": {
    "every-widget": () => "/d/every_widget",
    "home-as-page": () => "/d/$home",
    "not-there": () => "/d/nothing",
  },
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
    "alert-new": () => "/automations?tab=alerts&edit=new",
    messages: () => "/automations?tab=messages",
    "messages-failed": () => "/automations?tab=messages&state=failed",
  },
  "/runs": {
    failed: () => "/runs?status=FAILURE",
    none: () => "/runs?q=nothing-is-called-this",
  },
  "/": { "no-such-page": () => "/this/is/no/page", reference: () => "/docs" },
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
