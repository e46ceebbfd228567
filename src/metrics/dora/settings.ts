/** The DORA model of an organisation: `GET/PUT /v1/dora/settings` (dora.md section 1). */
import { createHash } from "node:crypto";
import type { Baseline, DerivationSettings } from "../../dora/facts.ts";
import {
  LIMITED,
  type Limits,
  limitsProblem,
  type LimitedMetric,
  type Thresholds,
} from "../../dora/thresholds.ts";
import {
  DEFAULT_SERVICE,
  detectRoles,
  type Role,
  type Roles,
  type ServiceSource,
} from "../../model/dora-roles.ts";
import { AppError } from "../../model/error.ts";
import { canonicalJson, checkJson } from "../../model/json.ts";
import type { Sight } from "../../model/sight.ts";
import { appendAuditEvents } from "../../storage/audit-events.ts";
import { lockDefinitions } from "../../storage/blueprints.ts";
import type { Ctx } from "../../storage/context.ts";
import { allServices } from "../../storage/dora-facts.ts";
import {
  blueprintIdentifiers,
  readSettingsDocument,
  readSettingsState,
  servicesDerivedOtherwise,
  writeSettingsDocument,
} from "../../storage/dora-settings.ts";
import { enqueue } from "../../storage/queue.ts";
import { DERIVE_QUEUE } from "../../storage/queues.ts";
import { transact } from "../../storage/transact.ts";
import { checkRoles } from "./check-roles.ts";
import { watchDerived } from "./follow-derived.ts";
import { statisticsOfSources } from "./role-entities.ts";
import { KNOWN_FIELDS } from "./roles.ts";

/** Raised when derivation itself changes: all services are derived again on the next start. */
export const DEFINITION_VERSION = 5;

export interface SettingsDocument {
  readonly roles?: Partial<Roles>;
  /** Set when the blueprint of services, or one of its fields, was renamed. */
  readonly service?: ServiceSource;
  readonly productionEnvironments: readonly string[];
  readonly failureWindowHours: number;
  readonly failureCauses: DerivationSettings["failureCauses"];
  readonly baseline: { readonly policy: Baseline["policy"]; readonly value?: string };
  readonly timezone: string;
  readonly weekStart: "monday" | "sunday";
  readonly bots: readonly string[];
  readonly excludeDraftTime: boolean;
  readonly hotfixPatterns: DerivationSettings["hotfixPatterns"];
  /** Tiers only: nothing is derived from them. */
  readonly thresholds: Thresholds;
  /** Share below which a metric says `covered: false`; nothing is derived from it. */
  readonly coverageFloor: number;
}

export interface DoraSettings extends SettingsDocument {
  readonly roles: Roles;
  readonly service: ServiceSource;
  /** Identifies everything that derivation depends on; part of every answer. */
  readonly hash: string;
}

const DEFAULTS: SettingsDocument = {
  productionEnvironments: ["Production"],
  failureWindowHours: 24,
  failureCauses: { status: true, incident: true, rollback: true, hotfix: true },
  baseline: { policy: "none" },
  timezone: "UTC",
  weekStart: "monday",
  bots: ["dependabot[bot]", "renovate[bot]", "github-actions[bot]", "greenkeeper[bot]"],
  excludeDraftTime: false,
  hotfixPatterns: { branches: ["hotfix/*", "hotfix-*"], labels: ["hotfix"], titles: ["hotfix*"] },
  thresholds: {},
  coverageFloor: 0.5,
};

/** The settings in force: defaults, what was detected, and what somebody set. */
export async function loadSettings(ctx: Pick<Ctx, "db" | "org">): Promise<DoraSettings> {
  const { document, blueprints } = await readSettingsState(ctx.db, ctx.org);
  // They are asked for by every question, and change once in a while.
  const key = `${document ?? ""}\n${blueprints}`;
  let settings = inForceBy.get(key);
  if (settings === undefined) {
    if (inForceBy.size >= MAX_IN_FORCE) inForceBy.clear();
    const stored = JSON.parse(document ?? "{}") as Partial<SettingsDocument>;
    inForceBy.set(key, (settings = inForce(stored, JSON.parse(blueprints) as string[])));
  }
  return settings;
}

/** By what is stored, as texts. */
const inForceBy = new Map<string, DoraSettings>();
const MAX_IN_FORCE = 100;

/** As `loadSettings` would give them after this update; nothing is written. @throws AppError invalid_request */
export async function settingsAfter(ctx: Ctx, update: SettingsUpdate): Promise<DoraSettings> {
  await checkUpdate(ctx, update);
  const [stored, blueprints] = await Promise.all([
    readSettingsDocument(ctx.db, ctx.org),
    blueprintIdentifiers(ctx.db, ctx.org),
  ]);
  return inForce(merged(stored ?? {}, update), blueprints);
}

function inForce(document: Partial<SettingsDocument>, blueprints: readonly string[]): DoraSettings {
  const detected = detectRoles(new Set(blueprints));
  const roles: Roles = { ...detected, ...document.roles };
  const whole = { ...DEFAULTS, ...document, roles };
  const hash = createHash("sha256")
    .update(
      canonicalJson([DEFINITION_VERSION, { ...whole, thresholds: undefined, coverageFloor: undefined }]),
    )
    .digest("hex")
    .slice(0, 16);
  return { ...whole, service: document.service ?? DEFAULT_SERVICE, hash };
}

/** The part of the settings that attribution and failure detection take. */
export function derivationSettings(settings: DoraSettings): DerivationSettings {
  const { policy, value } = settings.baseline;
  const baseline: Baseline =
    policy === "since"
      ? { policy, value: Date.parse(value ?? "") }
      : policy === "tag"
        ? { policy, value: value ?? "" }
        : { policy };
  return {
    failureWindowHours: settings.failureWindowHours,
    failureCauses: settings.failureCauses,
    baseline,
    productionEnvironments: settings.productionEnvironments,
    bots: settings.bots,
    excludeDraftTime: settings.excludeDraftTime,
    hotfixPatterns: settings.hotfixPatterns,
  };
}

/** As the API shows it: the settings in force, and what each source contributes, as far as it may be seen. */
export async function settingsView(ctx: Ctx, sight: Sight | null): Promise<object> {
  const { hash, ...settings } = await loadSettings(ctx);
  const detected = detectRoles(new Set(await blueprintIdentifiers(ctx.db, ctx.org)));
  const sources = await statisticsOfSources(
    ctx,
    (Object.keys(KNOWN_FIELDS) as Role[]).flatMap((role) =>
      settings.roles[role]
        .filter((one) => sight?.isWhole(one.blueprint) !== false)
        .map((source) => ({ role, source })),
    ),
  );
  return { ...settings, detected, sources, definitionVersion: DEFINITION_VERSION, settingsHash: hash };
}

/** Marks the services that were derived under other settings or an older definition. */
export async function deriveOutdated(ctx: Ctx): Promise<void> {
  const settings = await loadSettings(ctx);
  const { hash } = settings;
  await watchDerived(ctx, settings);
  await enqueue(ctx.db, ctx.org, DERIVE_QUEUE, await servicesDerivedOtherwise(ctx.db, ctx.org, hash));
}

/** Keys that are left out keep their value. */
export type SettingsUpdate = Partial<
  Omit<SettingsDocument, "failureCauses" | "hotfixPatterns" | "roles" | "baseline" | "thresholds">
> & {
  thresholds?: ThresholdsUpdate;
  roles?: unknown;
  baseline?: { policy: Baseline["policy"]; value?: string };
  failureCauses?: Partial<SettingsDocument["failureCauses"]>;
  hotfixPatterns?: Partial<SettingsDocument["hotfixPatterns"]>;
};

/** All services are derived again. @throws AppError invalid_request */
export async function putSettings(ctx: Ctx, update: SettingsUpdate): Promise<void> {
  await transact(ctx, async (tx) => {
    // The roles name blueprints: a rename that follows into them must not meet this half-way.
    await lockDefinitions(tx.db, tx.org);
    await checkUpdate(tx, update);
    const stored = ((await readSettingsDocument(tx.db, tx.org)) ?? {}) as Partial<SettingsDocument>;
    const next = merged(stored, update);
    await writeSettingsDocument(tx.db, tx.org, next, tx.actor.id, tx.now());
    await appendAuditEvents(tx, [{ kind: "dora_settings", action: "UPDATE", before: stored, after: next }]);
    const settings = await loadSettings(tx);
    const { service } = settings;
    await watchDerived(tx, settings);
    await enqueue(tx.db, tx.org, DERIVE_QUEUE, await allServices(tx.db, tx.org, service.blueprint));
  });
}

async function checkUpdate(ctx: Ctx, update: SettingsUpdate): Promise<void> {
  checkJson(update, "body");
  validate(update);
  if (update.roles !== undefined) await checkRoles(ctx, update.roles);
}

function merged(stored: Partial<SettingsDocument>, update: SettingsUpdate): Partial<SettingsDocument> {
  const { thresholds, roles, failureCauses, hotfixPatterns, ...plain } = update;
  return {
    ...stored,
    ...plain,
    ...(failureCauses && {
      failureCauses: { ...DEFAULTS.failureCauses, ...stored.failureCauses, ...failureCauses },
    }),
    ...(hotfixPatterns && {
      hotfixPatterns: { ...DEFAULTS.hotfixPatterns, ...stored.hotfixPatterns, ...hotfixPatterns },
    }),
    ...(thresholds && { thresholds: thresholdsAfter(stored.thresholds, thresholds) }),
    ...(roles !== undefined && { roles: { ...stored.roles, ...(roles as Partial<Roles>) } }),
  };
}

type ThresholdsUpdate = Pick<Thresholds, "benchmark"> &
  Partial<Readonly<Record<LimitedMetric, Limits | null>>>;

/** Metrics that are left out keep their limits; null takes them away. */
function thresholdsAfter(stored: Thresholds | undefined, update: ThresholdsUpdate): Thresholds {
  const merged = { ...stored, ...update };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
}

function validate(update: {
  timezone?: string;
  baseline?: { policy: string; value?: string };
  thresholds?: ThresholdsUpdate;
}): void {
  const refuse = (message: string): never => {
    throw new AppError("invalid_request", message);
  };
  if (update.timezone !== undefined && !isTimeZone(update.timezone))
    refuse(`body.timezone (value ${JSON.stringify(update.timezone)}) must be an IANA time zone`);
  const { policy, value } = update.baseline ?? {};
  if (policy === "since" && Number.isNaN(Date.parse(value ?? "")))
    refuse(`body.baseline.value (value ${JSON.stringify(value)}) must be a date when the policy is "since"`);
  if (policy === "tag" && (value ?? "") === "")
    refuse(`body.baseline.value must name a tag when the policy is "tag"`);
  for (const metric of LIMITED) {
    const limits = update.thresholds?.[metric] ?? null;
    const problem = limits === null ? null : limitsProblem(metric, limits);
    if (problem !== null) refuse(`body.thresholds.${metric} (value ${JSON.stringify(limits)}) ${problem}`);
  }
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
