/** Whole documents for the routes whose schema leaves the inside to the use case: what is spoilt in them goes deep. */
const text = { type: "string" };
const and = (...rules: unknown[]) => ({ combinator: "and", rules });
const rule = (property: unknown, operator: string, value?: unknown) =>
  value === undefined ? { property, operator } : { property, operator, value };

const QUERIES: readonly unknown[] = [
  and(rule("tier", "=", "gold"), { combinator: "or", rules: [rule("count", ">", 1)] }),
  and(rule("$createdAt", "between", { preset: "lastWeek" }), rule("$title", "contains", "s")),
  and(rule("$updatedAt", "notBetween", { from: "2026-01-01", to: "2026-02-01" }), rule("title", "isEmpty")),
  and({ operator: "relatedTo", blueprint: "service", value: ["s1"], direction: "upstream", required: false }),
  and(rule({ path: ["service", { relation: "of", maxHops: 3 }] }, "matchAny", ["s1"])),
  and(
    rule({ path: ["$team"], fromBlueprint: "service" }, "matchAny", {
      context: "userTeams",
      property: "$team",
    }),
  ),
  and({ relation: "service", targetProperty: "$title", operator: "beginsWith", value: "s" }),
  and({ propertySchema: { type: "string", format: "url" }, operator: "=", value: "https://a" }),
  and(rule({ context: "user", property: "$team" }, "containsAny", ["red"]), rule("at", "isExpired")),
  {
    combinator: "or",
    rules: [rule("list", "containsAny", ["a", 1]), rule("$datasource", "endsWith", "x")],
    timeZone: "Europe/Berlin",
  },
];

const BLUEPRINT = {
  ...{ identifier: "thing", title: "Thing", description: "", icon: "Box", includeInGlobalSearch: true },
  schema: {
    properties: {
      s: { type: "string", enum: ["a", "b"], enumColors: { a: "red" }, default: "a" },
      at: { type: "string", format: "timer" },
      n: { type: "number", minimum: 0, exclusiveMaximum: 9 },
      l: { type: "array", items: { type: "string", format: "url" }, minItems: 1, uniqueItems: true },
      o: { type: "object", properties: { a: text }, required: ["a"], additionalProperties: false },
      p: { type: "string", pattern: "^(a|b)+$", minLength: 1, maxLength: 9 },
      e: { type: "string", format: "url", spec: "embedded-url" },
    },
    required: ["s"],
  },
  relations: {
    service: { target: "service", many: false, required: false },
    all: { target: "team", many: true },
  },
  mirrorProperties: { m: { path: "service.tier" }, owners: { path: "service.$team.$title" } },
  calculationProperties: {
    c: { type: "string", calculation: '.properties.s + "x"', colorized: true, colors: { a: "red" } },
  },
  aggregationProperties: {
    g: {
      ...{ title: "G", target: "deployment", type: "number", query: QUERIES[0] },
      calculationSpec: { calculationBy: "property", func: "average", property: "count", averageOf: "week" },
      pathFilter: [{ path: ["service"], fromBlueprint: "deployment" }],
    },
  },
  ownership: { type: "Inherited", path: "service", title: "Owners" },
  teamInheritance: { path: "service" },
  changelogDestination: { type: "WEBHOOK", url: "https://example.com/hook", agent: false },
};
const ENTITY = {
  ...{ identifier: "s3", title: "S", icon: null, team: ["red"] },
  properties: { title: "x", tier: "gold", count: 1, at: "2030-01-01T00:00:00Z", list: ["a", 1, null] },
  relations: { service: "s1", of: QUERIES[0] },
};
const BLOCK = {
  roles: ["Member"],
  users: ["admin@example.com"],
  teams: ["red"],
  ownedByTeam: true,
  policy: QUERIES[0],
};
const MAPPED = {
  blueprint: "'service'",
  filter: ".properties.count > 0",
  itemsToParse: ".properties.list",
  entity: {
    ...{ identifier: ".item", title: ".title", team: ".team" },
    properties: { tier: ".properties.tier" },
    relations: { of: ".relations.of" },
  },
};
/** In mappings of data sources every constant of a search is jq. */
const FOUND = {
  combinator: "'and'",
  rules: [{ property: "'$title'", operator: "'='", value: ".body.title" }],
};
const MAPPED_SEARCH = { ...MAPPED.entity, relations: { of: FOUND } };
const HOOK = {
  ...{ title: "Hook", enabled: true, icon: "X", description: null, integrationType: "custom" },
  mappings: [
    {
      ...MAPPED,
      entity: MAPPED_SEARCH,
      blueprint: "service",
      filter: ".body.ok",
      operation: { type: "create" },
    },
    { blueprint: "service", operation: "delete", entity: { identifier: ".body.id" } },
  ],
  security: {
    secret: "hush",
    signatureHeaderName: "X-Sig",
    signatureAlgorithm: "sha256",
    signaturePrefix: "p=",
    requestIdentifierPath: ".body.id",
  },
};
const CONFIG = {
  ...{
    createMissingRelatedEntities: true,
    deleteDependentEntities: true,
    enableMergeEntity: true,
    entityDeletionThreshold: 0.9,
  },
  resources: [
    {
      kind: "repository",
      selector: { query: "true" },
      port: {
        entity: { mappings: { ...MAPPED_SEARCH, blueprint: "'service'" } },
        itemsToParse: ".list",
        itemsToParseName: "one",
      },
    },
  ],
};
const RANGE = { preset: "lastWeek", timeZone: "Europe/Berlin" };
const OVER_TIME = {
  blueprint: "service",
  timeRange: RANGE,
  timeInterval: "day",
  query: QUERIES[1],
  measureTimeBy: "$createdAt",
};
const SHA = "a".repeat(40);
const TIME = "2026-03-04T05:06:07Z";

/** By method and path of the description. */
export const SAMPLE_BODIES: Readonly<Record<string, readonly unknown[]>> = {
  "POST /v1/blueprints": [BLUEPRINT],
  "PUT /v1/blueprints/{blueprint}": [
    BLUEPRINT,
    { ...BLUEPRINT, identifier: undefined, ownership: { type: "Direct" } },
  ],
  "PATCH /v1/blueprints/{blueprint}": [
    {
      relations: { of: { target: "service", many: true } },
      aggregationProperties: BLUEPRINT.aggregationProperties,
    },
    { schema: { properties: { count: null, tier: { title: "Tier" } } }, ownership: BLUEPRINT.ownership },
  ],
  "PATCH /v1/blueprints/{blueprint}/permissions": [
    {
      entities: {
        read: BLOCK,
        register: { ...BLOCK, roles: null },
        update: BLOCK,
        unregister: BLOCK,
        updateProperties: { tier: BLOCK, $team: BLOCK },
        updateRelations: { service: BLOCK },
      },
    },
    { entities: { read: null } },
  ],
  "POST /v1/blueprints/{blueprint}/entities": [
    ENTITY,
    { ...ENTITY, identifier: QUERIES[0], team: QUERIES[7] },
  ],
  "PUT /v1/blueprints/{blueprint}/entities/{entity}": [ENTITY],
  "PATCH /v1/blueprints/{blueprint}/entities/{entity}": [ENTITY],
  "POST /v1/blueprints/{blueprint}/entities/bulk": [
    {
      entities: [ENTITY, { ...ENTITY, identifier: "s1" }, { identifier: "d9", relations: { service: "s3" } }],
    },
  ],
  "POST /v1/blueprints/{blueprint}/entities/search": QUERIES.map((query) => ({
    query,
    limit: 2,
    include: ["$identifier", "tier"],
    sort: [{ property: "tier", direction: "desc" }],
  })),
  "POST /v1/entities/search": QUERIES,
  "POST /v1/entities/aggregate": [
    { func: "count", query: QUERIES[3] },
    {
      func: "average",
      property: "count",
      averageOf: "week",
      measureTimeBy: "$createdAt",
      calculationBy: "property",
      query: QUERIES[1],
    },
    { func: "countValues", relation: "service", query: and() },
  ],
  "POST /v1/entities/aggregate-over-time": [
    { ...OVER_TIME, aggregationType: "countEntities", func: "average", breakdownProperty: "tier" },
    { ...OVER_TIME, aggregationType: "aggregatePropertiesValues", func: "last", properties: ["count"] },
  ],
  "POST /v1/entities/properties-history": [
    {
      entityIdentifier: "s1",
      blueprintIdentifier: "service",
      propertyNames: ["count"],
      timeInterval: "month",
      timeRange: RANGE,
    },
  ],
  "POST /v1/migrations": [{ sourceBlueprint: "service", mapping: MAPPED }],
  "POST /v1/webhooks": [HOOK],
  "PUT /v1/webhooks/{identifier}": [HOOK],
  "PATCH /v1/webhooks/{identifier}": [HOOK],
  "POST /v1/integration": [
    {
      installationId: "ocean",
      installationAppType: "github",
      version: "1",
      config: CONFIG,
      changelogDestination: {},
    },
  ],
  "PATCH /v1/integration/{id}": [{ config: CONFIG, title: "T" }],
  "PATCH /v1/integration/{id}/config": [{ config: CONFIG }, { config: JSON.stringify(CONFIG) }],
  "POST /v1/mapping/test": [
    {
      type: "integration",
      mapping: CONFIG,
      payload: { identifier: "x", list: [1, { a: null }] },
      kind: "repository",
      event: "live",
      validate: true,
    },
    {
      type: "webhook",
      mapping: [HOOK.mappings[0]],
      payload: { ok: true, properties: { list: ["a"] } },
      headers: { a: "b" },
      validate: true,
    },
  ],
  "PATCH /v1/pages/{page}/permissions": [
    { read: { roles: ["Admin"], users: null, teams: ["red"] }, update: { users: ["admin@example.com"] } },
  ],
  "POST /v1/teams": [{ name: "red", description: "d", users: ["admin@example.com"] }],
  "POST /v1/users/invite": [
    { invitee: { email: "eve@example.com", roles: ["Member", "service-moderator"], teams: ["red"] } },
  ],
  "PATCH /v1/organization": [
    {
      name: "O",
      settings: { hiddenBlueprints: ["team"], portalTitle: "P" },
      announcement: { enabled: true, content: "c", link: null, color: "red" },
    },
  ],
  "PUT /v1/dora/settings": [
    {
      roles: {
        deployment: [
          {
            blueprint: "deployment",
            fields: { service: "relations.service", finished: "$createdAt", status: "properties.tier" },
            values: { status: { gold: "success" } },
          },
        ],
      },
      ...{
        timezone: "UTC",
        baseline: { policy: "since", value: "2026-01-01" },
        productionEnvironments: ["Production"],
      },
    },
  ],
  "POST /v1/dora/commits": [
    {
      commits: [
        {
          repository: "r",
          sha: SHA,
          parents: [],
          authoredAt: TIME,
          committedAt: TIME,
          author: "A <a@b>",
          message: "m",
        },
      ],
    },
  ],
  "POST /v1/jq/test": [{ program: ".a | map(.b) | add", input: { a: [{ b: 1 }] } }],
};

/** What exists, by the name of the path parameter it fits. */
export const KNOWN_PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  blueprint: ["service", "deployment", "team", "thing", "_user", "_team"],
  entity: ["s1", "s2", "s3", "d1", "red", "admin@example.com"],
  property: ["tier", "count", "title", "s"],
  relation: ["service", "of"],
  mirror: ["m"],
  page: ["services", "deployments", "things"],
  name: ["red"],
  email: ["admin@example.com", "eve@example.com"],
  identifier: ["hook"],
  id: ["ocean", "app_none", "d1"],
  secretName: ["TOKEN"],
};
