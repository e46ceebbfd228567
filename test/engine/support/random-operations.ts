/** Random operations on a catalog, through the same use cases as the API. What is refused is no operation. */
import { changeBlueprint, createBlueprint } from "../../../src/catalog/define-blueprint.ts";
import { deleteBlueprint } from "../../../src/catalog/delete-blueprint.ts";
import { deleteEntities } from "../../../src/catalog/delete-entity.ts";
import { putEntity } from "../../../src/catalog/put-entity.ts";
import { renameMember } from "../../../src/catalog/rename-blueprint.ts";
import { ensureSystemBlueprints } from "../../../src/catalog/system-blueprints.ts";
import { upsertEntities } from "../../../src/catalog/upsert-entity.ts";
import { type BlueprintPlan, planOf } from "../../../src/model/blueprint.ts";
import { AppError } from "../../../src/model/error.ts";
import { listBlueprints } from "../../../src/storage/blueprints.ts";
import type { Ctx } from "../../../src/storage/context.ts";
import type { Random } from "./random.ts";
import {
  emptyBlueprint,
  PROPERTIES,
  randomDerived,
  randomOwnership,
  randomRelation,
} from "./random-definitions.ts";

type Definition = Readonly<Record<string, unknown>>;
type Plans = ReadonlyMap<string, BlueprintPlan>;

export interface Clock {
  /** Milliseconds. */
  at: number;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const IDENTIFIERS = ["e1", "e2", "e3", "e4", "e5", "e6", "e7"];
const TEAMS = ["t1", "t2", "t3"];
const FLAGS = { createMissing: false, validationOnly: false, closed: false } as const;

/** Blueprints of the user, and `_team`. */
async function plansOf(ctx: Ctx): Promise<Plans> {
  const stored = (await listBlueprints(ctx.db, ctx.org)).map(({ document }) => planOf(document));
  const used = stored.filter((plan) => plan.identifier === "_team" || !plan.identifier.startsWith("_"));
  return new Map(used.map((plan) => [plan.identifier, plan]));
}

/** @returns whether it was done; a refusal with a code of the table is none */
async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code !== "internal_error") return false;
    throw error;
  }
}

/** Some blueprints with relations between them, derived properties over these, and teams. */
export async function randomModel(ctx: Ctx, random: Random, clock: Clock, isLarge: boolean): Promise<void> {
  await ensureSystemBlueprints(ctx);
  const count = isLarge ? 2 + random.below(3) : 2;
  for (let i = 0; i < count; i++)
    await attempt(() => createBlueprint(ctx, emptyBlueprint(random, `b${i}`), { withPage: false }));
  for (let i = 0; i < count * 3; i++) await addRelation(ctx, random);
  const plans = await plansOf(ctx);
  for (const plan of plans.values())
    if (random.chance(0.5)) {
      const ownership = randomOwnership(random, plans, plan);
      await attempt(() => changeBlueprint(ctx, plan.identifier, { ownership }));
    }
  for (let i = 0; i < count * (isLarge ? 5 : 4); i++) await addDerived(ctx, random);
  await upsertEntities(
    ctx,
    "_team",
    TEAMS.map((identifier) => ({ identifier, title: identifier.toUpperCase() })),
    { ...FLAGS, present: "merge", absent: "create" },
  );
  for (const plan of (await plansOf(ctx)).values()) {
    const bodies = IDENTIFIERS.map(() => upsert(random, clock, plan));
    await write(ctx, plan, bodies, "merge", true);
  }
}

async function addRelation(ctx: Ctx, random: Random): Promise<boolean> {
  const plans = await plansOf(ctx);
  const on = random.pick([...plans.keys()]);
  const relations = { [`r${random.below(3)}`]: randomRelation(random, plans) };
  return attempt(() => changeBlueprint(ctx, on, { relations }));
}

async function addDerived(ctx: Ctx, random: Random): Promise<boolean> {
  const plans = await plansOf(ctx);
  const plan = random.pick([...plans.values()]);
  return attempt(() => changeBlueprint(ctx, plan.identifier, randomDerived(random, plans, plan)));
}

const SUBSET = 0.6;

function randomBody(random: Random, plan: BlueprintPlan, now: number): Definition {
  const values: Readonly<Record<string, () => unknown>> = {
    number: () => random.pick([null, 0, 1, 2.5, 10, -3, 0.1]),
    string: () => random.pick([null, "x", "y", "Xy", "e1"]),
    array: () => random.pick([null, [], ["x"], ["x", "y", 1], [1, null]]),
    boolean: () => random.pick([null, true, false]),
    object: () => random.pick([null, {}, { k: 1 }]),
  };
  const properties = [...plan.properties.values()]
    .filter(() => random.chance(SUBSET))
    .map(({ identifier, type, format }) => [
      identifier,
      format === "date-time" ? randomTime(random, now) : values[type]?.(),
    ]);
  const relations = [...plan.relations.values()]
    .filter((relation) => relation.required || random.chance(SUBSET))
    .map(({ identifier, many, target }) => [identifier, randomTargets(random, many, target)]);
  return {
    properties: Object.fromEntries(properties),
    relations: Object.fromEntries(relations),
    ...(random.chance(0.3) && { title: random.pick(["T1", "T2", null]) }),
    ...(plan.ownership === "direct" && random.chance(0.5) && { team: random.several(TEAMS, 2) }),
  };
}

function randomTargets(random: Random, many: boolean, target: string): unknown {
  const identifiers = target === "_team" ? TEAMS : IDENTIFIERS;
  if (many) return random.several(identifiers, 4);
  return random.chance(0.15) ? null : random.pick(identifiers);
}

/** Whole hours around now: edges of windows and periods meet. */
function randomTime(random: Random, now: number): string | null {
  const hours = random.pick([-1, -2, -23, -24, -25, -7 * 24, -8 * 24, -30 * 24, -31 * 24, -400 * 24, 5, 48]);
  return random.chance(0.1) ? null : new Date(Math.floor(now / HOUR) * HOUR + hours * HOUR).toISOString();
}

type Operation = (ctx: Ctx, random: Random, clock: Clock, plans: Plans) => Promise<boolean>;

const anyPlan = (random: Random, plans: Plans): BlueprintPlan =>
  random.chance(0.06)
    ? (plans.get("_team") ?? random.pick([...plans.values()]))
    : random.pick([...plans.values()]);
const anyIdentifier = (random: Random, plan: BlueprintPlan): string =>
  random.pick(plan.identifier === "_team" ? TEAMS : IDENTIFIERS);

async function write(
  ctx: Ctx,
  plan: BlueprintPlan,
  bodies: readonly Definition[],
  present: "merge" | "override",
  createMissing: boolean,
): Promise<boolean> {
  const { changed } = await upsertEntities(ctx, plan.identifier, bodies, {
    ...FLAGS,
    present,
    createMissing,
    absent: "create",
  });
  return changed;
}

function upsert(random: Random, clock: Clock, plan: BlueprintPlan): Definition {
  return { identifier: anyIdentifier(random, plan), ...randomBody(random, plan, clock.at) };
}

const OPERATIONS: readonly (readonly [weight: number, name: string, operation: Operation])[] = [
  [
    30,
    "upsert",
    (ctx, random, clock, plans) => {
      const plan = anyPlan(random, plans);
      return write(
        ctx,
        plan,
        [upsert(random, clock, plan)],
        random.chance(0.75) ? "merge" : "override",
        random.chance(0.6),
      );
    },
  ],
  [
    8,
    "bulk",
    (ctx, random, clock, plans) => {
      const plan = anyPlan(random, plans);
      const bodies = Array.from({ length: 2 + random.below(4) }, () => upsert(random, clock, plan));
      return write(ctx, plan, bodies, random.chance(0.7) ? "merge" : "override", true);
    },
  ],
  [
    14,
    "move",
    (ctx, random, _, plans) => {
      const plan = anyPlan(random, plans);
      const relation = random.some([...plan.relations.values()]);
      if (relation === undefined) return Promise.resolve(false);
      const targets = randomTargets(random, relation.many, relation.target);
      const body = { identifier: anyIdentifier(random, plan), relations: { [relation.identifier]: targets } };
      return write(ctx, plan, [body], "merge", random.chance(0.3));
    },
  ],
  [
    5,
    "own",
    (ctx, random, _, plans) => {
      const owned = random.some([...plans.values()].filter((plan) => plan.ownership === "direct"));
      if (owned === undefined) return Promise.resolve(false);
      return write(
        ctx,
        owned,
        [{ identifier: random.pick(IDENTIFIERS), team: random.several(TEAMS, 3) }],
        "merge",
        true,
      );
    },
  ],
  [
    5,
    "put",
    (ctx, random, clock, plans) => {
      const plan = anyPlan(random, plans);
      const key = { blueprint: plan.identifier, entity: anyIdentifier(random, plan) };
      return attempt(() =>
        putEntity(ctx, key, randomBody(random, plan, clock.at), { present: "override", createMissing: true }),
      );
    },
  ],
  [
    9,
    "delete",
    (ctx, random, _, plans) => {
      const plan = anyPlan(random, plans);
      const identifiers = random.several(plan.identifier === "_team" ? TEAMS : IDENTIFIERS, 2);
      return attempt(() =>
        deleteEntities(ctx, plan.identifier, identifiers, { deleteDependents: random.chance(0.7) }),
      );
    },
  ],
  [
    4,
    "rename entity",
    (ctx, random, _, plans) => {
      const plan = anyPlan(random, plans);
      const key = { blueprint: plan.identifier, entity: anyIdentifier(random, plan) };
      const body = { identifier: anyIdentifier(random, plan) };
      return attempt(() => putEntity(ctx, key, body, { present: "merge", createMissing: false }));
    },
  ],
  [5, "derive", (ctx, random) => addDerived(ctx, random)],
  [2, "relate", (ctx, random) => addRelation(ctx, random)],
  [
    3,
    "underive",
    (ctx, random, _, plans) => {
      const plan = anyPlan(random, plans);
      const [id, kind] = random.some([...plan.derived]) ?? [];
      if (id === undefined) return Promise.resolve(false);
      return attempt(() => changeBlueprint(ctx, plan.identifier, { [`${kind}Properties`]: { [id]: null } }));
    },
  ],
  [
    2,
    "edit",
    (ctx, random, _, plans) => {
      const plan = anyPlan(random, plans);
      const [id, definition] = random.pick(Object.entries(PROPERTIES));
      const relation = random.some([...plan.relations.values()]);
      const patch = random.pick<Definition>([
        { schema: { properties: { [id]: plan.properties.has(id) ? null : definition } } },
        { schema: { properties: { [id]: plan.properties.has(id) ? null : definition } } },
        { ownership: randomOwnership(random, plans, plan) },
        { ownership: randomOwnership(random, plans, plan) },
        { relations: relation === undefined ? {} : { [relation.identifier]: null } },
        {
          relations:
            relation === undefined
              ? {}
              : { [relation.identifier]: { target: relation.target, many: !relation.many } },
        },
      ]);
      return attempt(() => changeBlueprint(ctx, plan.identifier, patch));
    },
  ],
  [
    2,
    "rename member",
    (ctx, random, _, plans) => {
      const plan = random.pick([...plans.values()]);
      const member = random.pick(["property", "mirror", "relation"] as const);
      const mirrors = [...plan.derived].filter(([, kind]) => kind === "mirror").map(([id]) => id);
      const from = random.some(
        { property: [...plan.properties.keys()], mirror: mirrors, relation: [...plan.relations.keys()] }[
          member
        ],
      );
      if (from === undefined) return Promise.resolve(false);
      const to = random.pick(["n", "m", "s", "z", "r0", "r1", "r2", "q", "mirror0", "mirror1"]);
      return attempt(() => renameMember(ctx, plan.identifier, member, { from, to, field: "name" }));
    },
  ],
  [
    1,
    "rename blueprint",
    (ctx, random, _, plans) => {
      const names = [...plans.keys()].filter((id) => id !== "_team");
      return attempt(() => changeBlueprint(ctx, random.pick(names), { identifier: `b${random.below(6)}` }));
    },
  ],
  [
    1,
    "delete blueprint",
    async (ctx, random, _, plans) => {
      const plan = random.pick([...plans.values()]);
      if (plan.identifier === "_team" || plans.size < 4) return false;
      await attempt(() => deleteEntities(ctx, plan.identifier, IDENTIFIERS, { deleteDependents: true }));
      return attempt(() => deleteBlueprint(ctx, plan.identifier));
    },
  ],
  [
    1,
    "create blueprint",
    (ctx, random) =>
      attempt(() => createBlueprint(ctx, emptyBlueprint(random, `b${random.below(6)}`), { withPage: false })),
  ],
  [
    6,
    "clock",
    (_, random, clock) => {
      clock.at += random.pick([1, 1000, 60_000, HOUR, HOUR + 1, DAY, 7 * DAY, 40 * DAY]);
      return Promise.resolve(true);
    },
  ],
];

/** @returns its name, and whether it did anything */
export async function randomOperation(ctx: Ctx, random: Random, clock: Clock): Promise<string> {
  // The use cases' `updatedAt` must differ from write to write, as it does in life.
  clock.at += 1 + random.below(5);
  const [name, operation] = random.weighted(
    OPERATIONS.map(([weight, name, operation]) => [weight, [name, operation] as const]),
  );
  const done = await operation(ctx, random, clock, await plansOf(ctx));
  return done ? name : `${name} (nothing)`;
}
