/** Tries a mapping on a payload, for editors: nothing is stored. */
import type { Ctx } from "../storage/context.ts";
import { type AppliedError, applyMapped } from "./apply-mapped.ts";
import {
  compileIntegrationMapping,
  compileWebhookMapping,
  type MapOptions,
  type Mapped,
  mapPayload,
} from "./mapping.ts";

export interface MappingTrial {
  readonly type: "webhook" | "integration";
  readonly mapping: unknown;
  readonly payload: unknown;
  readonly kind?: string | undefined;
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
  readonly queryParams?: Readonly<Record<string, unknown>> | undefined;
  readonly event?: MapOptions["mode"] | undefined;
  readonly validate?: boolean | undefined;
}

export interface TrialResult extends Omit<Mapped, "errors"> {
  readonly errors: readonly AppliedError[];
  readonly warnings: readonly string[];
}

/** @throws AppError `invalid_request` with `details` when the mapping is not one */
export async function testMapping(ctx: Ctx, trial: MappingTrial): Promise<TrialResult> {
  const mapped = map(trial, ctx.now());
  if (trial.validate !== true)
    return {
      ...mapped,
      errors: mapped.errors.map((error) => ({ ...error, blueprint: null, identifier: null, code: null })),
      warnings: [],
    };
  const [outcome] = await applyMapped(
    ctx,
    {
      ...{ id: ctx.actor.id, datasource: "mapping-test", title: "mapping test" },
      ...{ createMissingRelatedEntities: true, enableMergeEntity: true, deletesOwnOnly: false },
      validationOnly: true,
      // What a search in a mapping finds is told in warnings: only what the person may read.
      person: ctx.actor.person,
    },
    [mapped],
  );
  return { ...mapped, errors: outcome?.errors ?? [], warnings: outcome?.warnings ?? [] };
}

function map({ type, mapping, payload, kind, headers, queryParams, event }: MappingTrial, now: Date): Mapped {
  if (type === "integration") {
    const plan = compileIntegrationMapping(mapping);
    // One kind is meant when there is only one.
    const [only, ...others] = new Set(plan.resources.map((resource) => resource.kind));
    const meant = kind ?? (others.length === 0 ? (only ?? "") : "");
    return mapPayload(plan, meant, payload, { now, mode: event ?? "upsert" });
  }
  const lowered = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  const root = { body: payload, headers: Object.fromEntries(lowered), queryParams: queryParams ?? {} };
  return mapPayload(compileWebhookMapping(mapping), null, root, { now });
}
