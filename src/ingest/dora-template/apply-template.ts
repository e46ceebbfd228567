/** `POST /v1/templates/dora`: blueprints, relations, and numbers of services, made or completed; nothing is overwritten. */
import { changeBlueprint, createBlueprint, getBlueprints } from "../../catalog/define-blueprint.ts";
import { createPage } from "../../catalog/define-page.ts";
import { findPage } from "../../catalog/pages.ts";
import { createScorecard, getScorecards } from "../../catalog/scorecards.ts";
import { planOf } from "../../model/blueprint.ts";
import type { Role, Roles, RoleSettings } from "../../model/dora-roles.ts";
import { AppError, invalid } from "../../model/error.ts";
import { type JsonObject, sameJson } from "../../model/json.ts";
import type { Ctx } from "../../storage/context.ts";
import { benchmarkScorecard, SCORECARD, type ScorecardLimits } from "./benchmark-scorecard.ts";
import { planTemplate, type TemplateStep } from "./plan-template.ts";

export interface DoraTemplateInput {
  /** Blueprints of each role to be counted; all that play it unless given. */
  readonly sources?: Partial<Record<Role, readonly string[]>>;
  /** Say what would be done, and do nothing. */
  readonly dryRun?: boolean;
}

/** What was made, completed and kept. */
export interface AppliedTemplate {
  readonly dryRun: boolean;
  readonly blueprints: readonly object[];
  readonly pages: readonly object[];
  readonly scorecards: readonly object[];
  /** Blueprints that are counted. */
  readonly sources: Readonly<Record<Role, readonly string[]>>;
  readonly skipped: readonly object[];
  readonly notes: readonly string[];
}

export interface DoraTemplateSettings extends RoleSettings {
  readonly productionEnvironments: readonly string[];
}

/**
 * Twice is once.
 * @param check told which blueprints deployments come in as before anything is written; what it throws ends it
 * @throws AppError conflict (naming all that is in the way; nothing is written), invalid_request
 */
export async function applyDoraTemplate(
  ctx: Ctx,
  settings: DoraTemplateSettings,
  { sources = {}, dryRun = false }: DoraTemplateInput,
  limits: ScorecardLimits,
  check: (deployments: readonly string[]) => void,
): Promise<AppliedTemplate> {
  const roles = chosen(settings.roles, sources);
  const existing = new Map(
    (await getBlueprints(ctx)).map((document) => {
      const plan = planOf(document);
      return [plan.identifier, plan] as const;
    }),
  );
  const plan = planTemplate({ ...settings, roles, existing });
  if (plan.conflicts.length > 0)
    throw new AppError("conflict", `the template cannot be applied: ${plan.conflicts.join("; ")}`, {
      conflicts: plan.conflicts,
    });
  check(blueprintsOf(plan.roles.deployment));
  if (!dryRun) for (const step of plan.steps) await carryOut(ctx, step);
  const page = await completePage(ctx, plan.page, dryRun);
  const service = settings.service.blueprint;
  const numbers = new Set([
    ...(existing.get(service)?.properties.keys() ?? []),
    ...(existing.get(service)?.derived.keys() ?? []),
    ...plan.steps
      .filter(({ identifier }) => identifier === service)
      .flatMap(({ added, kept }) => [...added, ...kept])
      .map((name) => name.slice(name.lastIndexOf(".") + 1)),
  ]);
  const isThere = existing.has(service) || !dryRun;
  const scorecards = await completeScorecard(
    ctx,
    service,
    benchmarkScorecard(limits, (name) => numbers.has(name)),
    { dryRun, isThere },
  );
  return {
    dryRun,
    blueprints: merged(plan.steps),
    pages: [page],
    scorecards,
    sources: {
      deployment: blueprintsOf(plan.roles.deployment),
      change: blueprintsOf(plan.roles.change),
      incident: blueprintsOf(plan.roles.incident),
    },
    skipped: plan.skipped,
    notes: plan.notes,
  };
}

const blueprintsOf = (sources: Roles[Role]): string[] => sources.map(({ blueprint }) => blueprint);

async function carryOut(ctx: Ctx, { identifier, action, body }: TemplateStep): Promise<void> {
  if (action === "create") await createBlueprint(ctx, body);
  if (action === "extend") await changeBlueprint(ctx, identifier, body);
}

/** Who removed the dashboard gets it again; who changed it keeps theirs. */
async function completePage(ctx: Ctx, page: JsonObject, dryRun: boolean): Promise<object> {
  const identifier = String(page["identifier"]);
  const present = await findPage(ctx, identifier);
  if (present === null) {
    if (!dryRun) await createPage(ctx, page);
    return { identifier, action: "created", kept: [] };
  }
  const others = Object.keys(page).filter(
    (key) => key !== "identifier" && !sameJson(present.document[key], page[key]),
  );
  return { identifier, action: "unchanged", kept: others };
}

/** As with the dashboard: what is there stays as it is. */
async function completeScorecard(
  ctx: Ctx,
  blueprint: string,
  scorecard: JsonObject | null,
  { dryRun, isThere }: { readonly dryRun: boolean; readonly isThere: boolean },
): Promise<object[]> {
  const present = isThere
    ? (await getScorecards(ctx, blueprint)).find(({ identifier }) => identifier === SCORECARD)
    : undefined;
  if (present !== undefined) {
    const kept = ["title", "levels", "rules"].filter((key) => !sameJson(present[key], scorecard?.[key]));
    return [{ identifier: SCORECARD, blueprint, action: "unchanged", kept }];
  }
  if (scorecard === null) return [];
  if (!dryRun) await createScorecard(ctx, blueprint, scorecard);
  return [{ identifier: SCORECARD, blueprint, action: "created", kept: [] }];
}

const ACTIONS = { create: "created", extend: "extended", keep: "unchanged" } as const;

/** One row for each blueprint: that of services has two steps. */
function merged(steps: readonly TemplateStep[]): object[] {
  const rows = new Map<string, { action: TemplateStep["action"]; added: string[]; kept: string[] }>();
  for (const { identifier, action, added, kept } of steps) {
    const row = rows.get(identifier) ?? { action: "keep", added: [], kept: [] };
    row.action = row.action === "create" || action === "keep" ? row.action : action;
    row.added.push(...added);
    row.kept.push(...kept);
    rows.set(identifier, row);
  }
  return [...rows].map(([identifier, { action, ...row }]) => ({
    identifier,
    action: ACTIONS[action],
    ...row,
  }));
}

function chosen(roles: Roles, wanted: NonNullable<DoraTemplateInput["sources"]>): Roles {
  return Object.fromEntries(
    Object.entries(roles).map(([role, list]) => {
      const names = wanted[role as Role];
      if (names === undefined) return [role, list];
      const unknown = names.find((name) => !list.some(({ blueprint }) => blueprint === name));
      if (unknown !== undefined)
        throw invalid(
          `body.sources.${role}: ${JSON.stringify(unknown)} does not play this role; ${list.map(({ blueprint }) => blueprint).join(", ") || "nothing"} does`,
        );
      return [role, list.filter(({ blueprint }) => names.includes(blueprint))];
    }),
  ) as unknown as Roles;
}
