/** Permissions of blueprints: who × operation × grant (data-model.md §8.4, §8.4b, §8.5). */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { aggregateEntities } from "../../src/catalog/aggregate-entities.ts";
import { propertiesHistory } from "../../src/catalog/aggregate-history.ts";
import { auditLog } from "../../src/catalog/audit-log.ts";
import { entityRights } from "../../src/catalog/entity-rights.ts";
import { findDatasourceEntities } from "../../src/catalog/datasource-entities.ts";
import { changeBlueprint } from "../../src/catalog/define-blueprint.ts";
import { deleteEntities, deleteEntity } from "../../src/catalog/delete-entity.ts";
import { changePermissions, getPermissions, listPermissions } from "../../src/catalog/permissions.ts";
import { putEntity } from "../../src/catalog/put-entity.ts";
import { recordRefusals } from "../../src/catalog/refusals.ts";
import { getEntity, getEntityCount } from "../../src/catalog/read-entities.ts";
import { searchEverywhere, searchInBlueprint } from "../../src/catalog/search-entities.ts";
import { ensureSystemBlueprints } from "../../src/catalog/system-blueprints.ts";
import { upsertEntities } from "../../src/catalog/upsert-entity.ts";
import type { Person } from "../../src/model/actor.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { allEntities, asPerson, CREATE, define, MERGE, OVERRIDE, put, refusal } from "./fixture.ts";

let database: TestDatabase;
let ctx: Ctx;
beforeAll(async () => {
  database = await openTestDatabase();
  ({ ctx } = database);
  await ensureSystemBlueprints(ctx);
});
afterAll(() => database.close());

const as = (person: Partial<Person> = {}): Ctx => asPerson(ctx, person);
const app = (): Ctx => ({ ...ctx, actor: { kind: "machine", id: "app_1", datasource: "curl" } });

/** A blueprint for each test, with entities owned by red, by blue, and by nobody. */
let bp = "";
let count = 0;
beforeEach(async () => {
  bp = `bp${++count}`;
  await define(
    ctx,
    bp,
    { size: { type: "number" }, name: { type: "string" } },
    { ownership: { type: "Direct" }, relations: { parent: { target: bp } } },
  );
  await put(ctx, bp, { identifier: "red", title: "Red", team: ["red"], properties: { size: 1, name: "r" } });
  await put(ctx, bp, { identifier: "blue", team: ["blue"], properties: { size: 2, name: "b" } });
  await put(ctx, bp, { identifier: "free", properties: { size: 3 }, relations: { parent: "red" } });
});

const grant = (entities: object) => changePermissions(ctx, bp, { entities });
const block = (rest: object = {}) => ({ roles: [], users: [], teams: [], ownedByTeam: false, ...rest });
const outcome = (work: () => Promise<unknown>): Promise<string> =>
  work().then(
    () => "ok",
    (error: { code?: string }) => error.code ?? "crash",
  );

const WHO = {
  app: () => app(),
  system: () => ctx,
  admin: () => as({ roles: ["Admin"] }),
  moderator: () => as({ roles: ["Member", `${bp}-moderator`] }),
  otherModerator: () => as({ roles: ["Member", "other-moderator"] }),
  member: () => as(),
  ada: () => as({ email: "ada@example.com" }),
  redMember: () => as({ teams: ["red"] }),
};
type Who = keyof typeof WHO;
const EVERYBODY = Object.keys(WHO) as Who[];
const ALWAYS: readonly Who[] = ["app", "system", "admin", "moderator"];

const OPERATIONS = {
  register: (who: Ctx) => put(who, bp, { identifier: "new", team: ["red"], properties: { size: 9 } }, CREATE),
  update: (who: Ctx) => put(who, bp, { identifier: "red", properties: { size: 9 } }),
  updateOther: (who: Ctx) => put(who, bp, { identifier: "blue", properties: { size: 9 } }),
  replace: (who: Ctx) =>
    putEntity(
      who,
      { blueprint: bp, entity: "red" },
      { title: "R" },
      { present: "override", createMissing: false },
    ),
  rename: (who: Ctx) =>
    putEntity(
      who,
      { blueprint: bp, entity: "red" },
      { identifier: "r2" },
      { present: "merge", createMissing: false },
    ),
  unregister: (who: Ctx) => deleteEntity(who, bp, "red", { deleteDependents: false }),
  read: (who: Ctx) => getEntity(who, bp, "red"),
} as const;
type Operation = keyof typeof OPERATIONS;

describe("§8.4 and §8.5: who may do what", () => {
  const nobodyElse: readonly Who[] = [];
  const everybodyElse = EVERYBODY.filter((who) => !ALWAYS.includes(who));
  /** What is granted; for each operation who may do it besides those who may do everything. */
  const table: readonly (readonly [string, object, Partial<Record<Operation, readonly Who[]>>])[] = [
    ["nothing", {}, { read: everybodyElse }],
    [
      "register to Member",
      { register: block({ roles: ["Member"] }) },
      { register: everybodyElse, read: everybodyElse },
    ],
    [
      "register to a user",
      { register: block({ users: ["ada@example.com"] }) },
      { register: ["ada"], read: everybodyElse },
    ],
    [
      "register to owners",
      { register: block({ ownedByTeam: true }) },
      { register: ["redMember"], read: everybodyElse },
    ],
    [
      "update to Member",
      { update: block({ roles: ["Member"] }) },
      {
        update: everybodyElse,
        updateOther: everybodyElse,
        replace: everybodyElse,
        rename: everybodyElse,
        read: everybodyElse,
      },
    ],
    [
      "update to a team",
      { update: block({ teams: ["red"] }) },
      {
        update: ["redMember"],
        updateOther: ["redMember"],
        replace: ["redMember"],
        rename: ["redMember"],
        read: everybodyElse,
      },
    ],
    [
      "update to owners",
      { update: block({ ownedByTeam: true }) },
      { update: ["redMember"], replace: ["redMember"], rename: ["redMember"], read: everybodyElse },
    ],
    [
      "one property to a user",
      { updateProperties: { size: block({ users: ["ada@example.com"] }) } },
      { update: ["ada"], updateOther: ["ada"], read: everybodyElse },
    ],
    [
      "one property to owners",
      { updateProperties: { size: block({ ownedByTeam: true }) } },
      { update: ["redMember"], read: everybodyElse },
    ],
    [
      "the identifier to Member",
      { updateProperties: { $identifier: block({ roles: ["Member"] }) } },
      { rename: everybodyElse, read: everybodyElse },
    ],
    [
      "unregister to a team",
      { unregister: block({ teams: ["red"] }) },
      { unregister: ["redMember"], read: everybodyElse },
    ],
    [
      "unregister to owners",
      { unregister: block({ ownedByTeam: true }) },
      { unregister: ["redMember"], read: everybodyElse },
    ],
    ["read to nobody", { read: block() }, { read: nobodyElse }],
    ["read to a user", { read: block({ users: ["ada@example.com"] }) }, { read: ["ada"] }],
    ["read to owners", { read: block({ ownedByTeam: true }) }, { read: ["redMember"] }],
    [
      "read to nobody, unregister to a user: who may write may read",
      { read: block(), unregister: block({ users: ["ada@example.com"] }) },
      { unregister: ["ada"], read: ["ada"] },
    ],
    [
      "read to nobody, update to owners",
      { read: block(), update: block({ ownedByTeam: true }) },
      { update: ["redMember"], replace: ["redMember"], rename: ["redMember"], read: ["redMember"] },
    ],
  ];
  for (const [granted, entities, allowed] of table)
    test(`§8.5 granted ${granted}`, async () => {
      await grant(entities);
      for (const operation of Object.keys(OPERATIONS) as Operation[]) {
        const results: Record<string, string> = {};
        const expected: Record<string, string> = {};
        for (const who of EVERYBODY) {
          results[who] = await outcome(() => OPERATIONS[operation](WHO[who]()));
          if (results[who] === "ok" && operation !== "read") await restore();
          const isAllowed = ALWAYS.includes(who) || (allowed[operation] ?? []).includes(who);
          expected[who] = isAllowed ? "ok" : "forbidden";
        }
        expect({ operation, results }).toEqual({ operation, results: expected });
      }
      // What a form is told it may change is what a write may.
      for (const who of EVERYBODY) {
        const may = (operation: Operation) =>
          ALWAYS.includes(who) || (allowed[operation] ?? []).includes(who);
        const rights = await entityRights(WHO[who](), bp, "red").catch(() => null);
        if (!may("read")) expect([who, rights]).toEqual([who, null]);
        else
          expect([
            who,
            rights?.properties.includes("size"),
            rights?.properties.includes("$identifier"),
            rights?.unregister,
            rights?.relations.includes("parent"),
          ]).toEqual([who, may("update"), may("rename"), may("unregister"), may("replace")]);
      }
    });

  const restore = async (): Promise<void> => {
    const left = (await allEntities(ctx, bp)).map((entity) => entity.identifier);
    await deleteEntities(
      ctx,
      bp,
      left.filter((id) => !["red", "blue", "free"].includes(id)),
      { deleteDependents: false },
    );
    await put(
      ctx,
      bp,
      { identifier: "red", title: "Red", team: ["red"], properties: { size: 1, name: "r" } },
      OVERRIDE,
    );
    await put(ctx, bp, { identifier: "blue", team: ["blue"], properties: { size: 2, name: "b" } }, OVERRIDE);
  };
});

describe("§8.5 writes", () => {
  test("a refused write names what is not allowed, and writes nothing", async () => {
    await grant({ updateProperties: { size: block({ roles: ["Member"] }) } });
    const body = {
      identifier: "red",
      title: "Other",
      properties: { size: 5, name: "x" },
      relations: { parent: "blue" },
    };
    const { code, message } = await refusal(() => put(as(), bp, body));
    expect(code).toBe("forbidden");
    expect(message).toContain("$title, properties.name, relations.parent");
    expect(await getEntity(ctx, bp, "red")).toMatchObject({ title: "Red", properties: { size: 1 } });
  });

  test("PUT needs a grant for what it resets too", async () => {
    await grant({ updateProperties: { size: block({ roles: ["Member"] }) } });
    const { message } = await refusal(() =>
      put(as(), bp, { identifier: "red", properties: { size: 5 } }, OVERRIDE),
    );
    expect(message).toContain("$title, $team, properties.name");
  });

  test("`update` covers every property, whatever the single blocks say", async () => {
    await grant({ update: block({ roles: ["Member"] }), updateProperties: { size: block() } });
    await put(as(), bp, { identifier: "red", properties: { size: 5 } });
    expect(await getEntity(ctx, bp, "red")).toMatchObject({ properties: { size: 5 } });
  });

  test("a property for which others were named blocks registering with it", async () => {
    await grant({
      register: block({ roles: ["Member"] }),
      updateProperties: { size: block({ users: ["ada@example.com"] }) },
    });
    const create = (who: Ctx, identifier: string) =>
      put(who, bp, { identifier, properties: { size: 1, name: "n" } }, CREATE);
    expect((await refusal(() => create(as(), "n1"))).message).toContain("properties.size");
    await create(as({ email: "ada@example.com" }), "n2");
    await put(as(), bp, { identifier: "n3", properties: { name: "n" } }, CREATE);
    // Terraform sends the defaults too: nobody else is named by them.
    await grant({ updateProperties: { size: { ...block(), roles: [`${bp}-moderator`, "Admin"] } } });
    await create(as(), "n4");
  });

  test("in bulk each item is decided by itself", async () => {
    await grant({ update: block({ ownedByTeam: true }), register: block({ ownedByTeam: true }) });
    const { outcomes } = await upsertEntities(
      as({ teams: ["red"] }),
      bp,
      [
        { identifier: "red", properties: { size: 7 } },
        { identifier: "blue", properties: { size: 7 } },
        { identifier: "mine", team: ["red"] },
        { identifier: "theirs", team: ["blue"] },
      ],
      MERGE,
    );
    expect(outcomes.map((one) => (one.ok ? "ok" : one.error.code))).toEqual([
      "ok",
      "forbidden",
      "ok",
      "forbidden",
    ]);
  });

  test("nobody takes an entity over: the owners before the write count", async () => {
    await grant({ update: block({ ownedByTeam: true }) });
    const { code } = await refusal(() =>
      put(as({ teams: ["red"] }), bp, { identifier: "blue", team: ["red"] }),
    );
    expect(code).toBe("forbidden");
  });

  test("a write that would change nothing shows the entity to those only who may change something", async () => {
    expect((await refusal(() => put(as(), bp, { identifier: "red" }))).code).toBe("forbidden");
    await grant({ updateProperties: { size: block({ roles: ["Member"] }) } });
    expect(await put(as(), bp, { identifier: "red" })).toMatchObject({ changed: false });
  });

  test("`validation_only` answers as the write would", async () => {
    const options = { ...CREATE, validationOnly: true };
    expect((await refusal(() => put(as(), bp, { identifier: "new" }, options))).code).toBe("forbidden");
  });

  test("missing related entities need `register` on their blueprint, dependents `unregister` on theirs", async () => {
    const other = `${bp}o`;
    await define(ctx, other, {}, { relations: { to: { target: bp, required: true } } });
    await changePermissions(ctx, other, { entities: { register: block({ roles: ["Member"] }) } });
    const options = { ...CREATE, createMissing: true };
    const write = () => put(as(), other, { identifier: "o", relations: { to: "missing" } }, options);
    expect((await refusal(write)).message).toContain(`register entities of blueprint "${bp}"`);
    await grant({ register: block({ roles: ["Member"] }), unregister: block({ roles: ["Member"] }) });
    await write();
    const remove = () => deleteEntity(as(), bp, "missing", { deleteDependents: true });
    expect((await refusal(remove)).message).toContain(`unregister entities of blueprint "${other}"`);
    await changePermissions(ctx, other, { entities: { unregister: block({ roles: ["Member"] }) } });
    await remove();
  });

  test("bulk deletion deletes nothing when one of them may not be deleted", async () => {
    await grant({ unregister: block({ ownedByTeam: true }) });
    const remove = () =>
      deleteEntities(as({ teams: ["red"] }), bp, ["red", "blue"], { deleteDependents: false });
    expect((await refusal(remove)).message).toContain('"blue"');
    expect(await getEntityCount(ctx, bp)).toBe(3);
  });

  test("users and teams are for administrators, whatever was granted", async () => {
    await changePermissions(ctx, "_user", { entities: { register: block({ roles: ["Member"] }) } });
    await changePermissions(ctx, "_team", { entities: { register: block({ roles: ["Member"] }) } });
    expect((await refusal(() => put(as(), "_user", { identifier: "x@example.com" }))).code).toBe("forbidden");
    expect((await refusal(() => put(as(), "_team", { identifier: "xx" }))).code).toBe("forbidden");
    await put(as({ roles: ["Admin"] }), "_team", { identifier: "xx" });
  });
});

describe("§8.5 reads", () => {
  const found = async (who: Ctx, query: object = { combinator: "and", rules: [] }): Promise<string[]> => {
    const { entities } = await searchInBlueprint(who, bp, {
      query,
      limit: 10,
      from: null,
      include: null,
      exclude: [],
    });
    return entities.map((entity) => String(entity["identifier"]));
  };
  const foundEverywhere = async (who: Ctx): Promise<string[]> => {
    const query = {
      combinator: "and",
      rules: [
        { property: "$identifier", operator: "in", value: ["red", "blue", "free"] },
        { property: "$blueprint", operator: "=", value: bp },
      ],
    };
    const options = {
      attachTitles: false,
      excludeDerived: false,
      allowPartial: false,
      shape: { include: null, exclude: [] },
    };
    const pages: unknown[] = [];
    for await (const page of (await searchEverywhere(who, query, options)).pages) pages.push(...page);
    return pages.map((entity) => (entity as { identifier: string }).identifier);
  };
  const everywhere = async (who: Ctx): Promise<number> => {
    const aggregate = {
      func: "count",
      query: { combinator: "and", rules: [{ property: "$blueprint", operator: "=", value: bp }] },
    };
    return Number(await aggregateEntities(who, aggregate));
  };
  const policy = (rules: readonly object[]) => ({ combinator: "and", rules });

  test("a dynamic policy shows what it matches, with values of the person who asks", async () => {
    await put(ctx, "_user", { identifier: "ada@example.com", title: "b", properties: { status: "Active" } });
    const byName = { property: "name", operator: "=", value: { context: "user", property: "$title" } };
    await grant({ read: block({ policy: policy([byName]) }) });
    const ada = as({ email: "ada@example.com" });
    expect(await found(ada)).toEqual(["blue"]);
    expect(await foundEverywhere(ada)).toEqual(["blue"]);
    expect(await everywhere(ada)).toBe(1);
    expect(await getEntityCount(ada, bp)).toBe(1);
    expect((await allEntities(ada, bp)).map((entity) => entity.identifier)).toEqual(["blue"]);
    expect(await getEntity(ada, bp, "blue")).toMatchObject({ identifier: "blue" });
    expect((await refusal(() => getEntity(ada, bp, "red"))).code).toBe("forbidden");
    expect((await refusal(() => getEntity(ada, bp, "never was"))).code).toBe("forbidden");
    expect(await found(as())).toEqual([]);
    expect(await found(WHO.admin())).toHaveLength(3);
    expect(await found(app())).toHaveLength(3);
  });

  test("a policy over relations, and combined with the query of the person", async () => {
    const related = { operator: "relatedTo", blueprint: bp, value: "red" };
    await grant({ read: block({ policy: policy([related]) }) });
    expect(await found(as())).toEqual(["free"]);
    expect(await getEntityCount(as(), bp)).toBe(1);
    const either = { combinator: "or", rules: [{ property: "size", operator: ">", value: 0 }] };
    expect(await found(as(), either)).toEqual(["free"]);
  });

  test("a plain grant makes the policy meaningless; owners see theirs besides it", async () => {
    const blue = policy([{ property: "$identifier", operator: "=", value: "blue" }]);
    await grant({ read: block({ users: ["ada@example.com"], ownedByTeam: true, policy: blue }) });
    expect(await found(as({ email: "ada@example.com" }))).toHaveLength(3);
    expect(await found(as({ teams: ["red"] }))).toEqual(["red", "blue"]);
    expect(await found(as())).toEqual(["blue"]);
  });

  test("where nothing may be read, single reads are refused and searches over everything leave it out", async () => {
    await grant({ read: block() });
    for (const work of [
      () => getEntity(as(), bp, "red"),
      () => allEntities(as(), bp),
      () => getEntityCount(as(), bp),
      () => found(as()),
    ])
      expect((await refusal(work)).code).toBe("forbidden");
    expect(await foundEverywhere(as())).toEqual([]);
    expect(await everywhere(as())).toBe(0);
  });

  test("titles of related entities, history, audit log and data sources show nothing else", async () => {
    await put({ ...app(), actor: { kind: "machine", id: "app_1", datasource: `src-${bp}` } }, bp, {
      identifier: "red",
      properties: { size: 8 },
    });
    const free = policy([{ property: "$identifier", operator: "=", value: "free" }]);
    await grant({ read: block({ policy: free }) });
    const titled = await getEntity(as(), bp, "free", { attachTitles: true, excludeDerived: false });
    expect(titled.relations["parent"]).toEqual({ identifier: "red", title: null });
    const history = (entityIdentifier: string) => () =>
      propertiesHistory(as(), {
        entityIdentifier,
        blueprintIdentifier: bp,
        propertyNames: ["size"],
        timeInterval: "day",
        timeRange: { preset: "lastWeek" },
      });
    expect((await refusal(history("red"))).code).toBe("forbidden");
    expect(await auditLog(as(), { entity: "red", blueprint: bp })).toEqual([]);
    expect(await auditLog(as(), { entity: "free", blueprint: bp })).toHaveLength(1);
    // Refusals are told to the one who was refused, about what they may read.
    const [ada, other] = [as({ email: "ada@example.com" }), as({ email: "eve@example.com" })];
    for (const identifier of ["free", "red"])
      await recordRefusals(ada, [
        { ...{ kind: "entity", action: "UPDATE", blueprint: bp, identifier }, message: "forbidden: no" },
      ]);
    const refused = { blueprint: bp, status: ["FAILURE"] };
    expect(await auditLog(ada, { ...refused, entity: "free" })).toMatchObject([{ message: "forbidden: no" }]);
    expect(await auditLog(ada, { ...refused, entity: "red" })).toEqual([]);
    expect(await auditLog(other, { ...refused, entity: "free" })).toEqual([]);
    expect(await auditLog(app(), refused)).toHaveLength(2);
    const source = { datasource_prefix: "src-", datasource_suffix: bp };
    expect((await findDatasourceEntities(as(), source)).entities).toEqual([]);
    expect((await findDatasourceEntities(app(), source)).entities).toHaveLength(1);
  });

  test("a relation given as a query finds only what the person may read", async () => {
    await grant({ read: block(), register: block() });
    const other = `${bp}o`;
    await define(ctx, other, {}, { relations: { to: { target: bp } } });
    await changePermissions(ctx, other, { entities: { register: block({ roles: ["Member"] }) } });
    const to = { combinator: "and", rules: [{ property: "$title", operator: "=", value: "Red" }] };
    const { entity } = await put(as(), other, { identifier: "o", relations: { to } }, CREATE);
    expect(entity.relations["to"]).toBeNull();
  });
});

describe("§8.5 GET and PATCH permissions", () => {
  const MODERATED = () => ({ ...block(), roles: ["Admin", `${bp}-moderator`] });

  test("a new blueprint has the defaults, with every property, relation and the four metas", async () => {
    const standard = MODERATED();
    expect(await getPermissions(ctx, bp)).toEqual({
      entities: {
        register: standard,
        update: standard,
        unregister: standard,
        updateProperties: {
          $title: standard,
          $identifier: standard,
          $icon: standard,
          $team: standard,
          size: standard,
          name: standard,
        },
        updateRelations: { parent: standard },
      },
    });
  });

  test("null is empty, blocks are replaced as wholes, others stay", async () => {
    const any = policyOf();
    await grant({
      register: { roles: ["Member"], users: null, teams: null, ownedByTeam: null, policy: any },
    });
    const first = await getPermissions(ctx, bp);
    expect(first.entities.register).toEqual({ ...block(), roles: ["Member"], policy: any });
    expect(first.entities.update).toEqual(MODERATED());
    const second = await grant({
      register: { teams: ["red"] },
      update: null,
      updateRelations: { parent: { users: ["a@b.c"] } },
    });
    expect(second.entities.register).toEqual({ ...block(), teams: ["red"] });
    expect(second.entities.update).toEqual(MODERATED());
    expect(second.entities.updateRelations["parent"]).toEqual({ ...block(), users: ["a@b.c"] });
    expect(second.entities.updateProperties["size"]).toEqual(MODERATED());
  });

  const policyOf = () => ({ combinator: "and", rules: [{ property: "$title", operator: "=", value: "x" }] });

  test("a property that comes later has the default; `read` is there once it was sent, and null takes it away", async () => {
    await grant({
      read: { roles: ["Member"], policy: policyOf() },
      updateProperties: { size: { roles: ["Member"] } },
    });
    await changeBlueprint(ctx, bp, { schema: { properties: { late: { type: "string" } } } });
    const { entities } = await getPermissions(ctx, bp);
    expect(entities.updateProperties["late"]).toEqual(MODERATED());
    expect(entities.read).toEqual({ ...block(), roles: ["Member"], policy: policyOf() });
    expect((await grant({ read: null })).entities.read).toBeUndefined();
  });

  test("only administrators, moderators of the blueprint and apps may change them", async () => {
    const change = (who: Ctx) =>
      changePermissions(who, bp, { entities: { register: { roles: ["Member"] } } });
    for (const who of ["member", "otherModerator", "redMember"] as const)
      expect((await refusal(() => change(WHO[who]()))).code).toBe("forbidden");
    for (const who of ALWAYS) await change(WHO[who]());
  });

  test.each([
    [{ entities: [] }, "entities must be an object"],
    [{ entities: { delete: {} } }, "entities.delete"],
    [{ entities: { register: [] } }, "entities.register must be an object"],
    [{ entities: { register: { roles: "Admin" } } }, "entities.register.roles"],
    [{ entities: { register: { roles: [1] } } }, "entities.register.roles"],
    [{ entities: { register: { ownedByTeam: "yes" } } }, "entities.register.ownedByTeam"],
    [{ entities: { register: { who: [] } } }, '"who"'],
    [{ entities: { read: { policy: { combinator: "xor", rules: [] } } } }, "entities.read.policy.combinator"],
    [{ entities: { updateProperties: { none: {} } } }, '"none"'],
    [{ entities: { updateRelations: { size: {} } } }, '"size"'],
  ])("%j is refused", async (body, part) => {
    const { code, message } = await refusal(() => changePermissions(ctx, bp, body));
    expect(code).toBe("invalid_request");
    expect(message).toContain(part);
  });

  test("an unknown blueprint is not found", async () => {
    expect((await refusal(() => getPermissions(ctx, "nowhere"))).code).toBe("not_found");
    expect((await refusal(() => changePermissions(ctx, "nowhere", {}))).code).toBe("not_found");
  });

  test("§8.1 a change leaves one entry in the audit log, with the whole before and after; none when nothing changed", async () => {
    const before = await getPermissions(ctx, bp);
    const after = await grant({ register: { roles: ["Member"] } });
    await grant({ register: { roles: ["Member"] } });
    expect(await auditLog(ctx, { blueprint: bp, resources: ["permissions"] })).toMatchObject([
      { action: "UPDATE", status: "SUCCESS", context: { blueprint: bp }, diff: { before, after } },
    ]);
  });

  test("two changes at once lose nothing", async () => {
    await Promise.all(
      ["register", "update", "unregister"].map((name) => grant({ [name]: { roles: ["Member"] } })),
    );
    const { entities } = await getPermissions(ctx, bp);
    for (const one of [entities.register, entities.update, entities.unregister])
      expect(one.roles).toEqual(["Member"]);
  });
});

test("§8.4b the permissions of the caller", async () => {
  const of = async (who: Ctx): Promise<string[]> =>
    (await listPermissions(who))
      .filter((name) => name.endsWith(`:${bp}`))
      .map((name) => name.split(":")[0] ?? "");
  const all = ["read", "register", "update", "unregister"];
  expect(await of(app())).toEqual(all);
  expect(await of(WHO.moderator())).toEqual(all);
  expect(await of(as())).toEqual(["read"]);
  await grant({ read: block(), update: block({ ownedByTeam: true }) });
  expect(await of(as())).toEqual([]);
  expect(await of(as({ teams: ["red"] }))).toEqual(["read", "update"]);
});
