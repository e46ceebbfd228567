/**
 * What of the subjects of alerts is worth a look: entities that the change feed names since the last one. Everything is looked at
 * when the alert is new here, when more changed than is read at once, and from time to time, for time itself and values
 * that change without a row in the feed.
 */
import type { Alert } from "../../model/alert.ts";
import { type BlueprintPlan, planOf } from "../../model/blueprint.ts";
import { readBlueprint, readGeneration } from "../../storage/blueprints.ts";
import { changedSubjects, endOfFeed, type FeedPlace } from "../../storage/changed-subjects.ts";
import type { Ctx } from "../../storage/context.ts";

/** Everything is looked at this often. */
const WHOLE_MS = 30_000;
/** Of so many changes at once everything is as good. */
const MAX_CHANGES = 5000;

/** Entities that are to be looked at; "all" of them. */
export type Scope = ReadonlySet<string> | "all";

interface Looked {
  readonly document: string;
  readonly at: number;
}

export class AlertWatch {
  #place: FeedPlace | null = null;
  /** By blueprint; null: everything. */
  #changed: Map<string, Set<string>> | null = null;
  readonly #looked = new Map<string, Looked>();
  readonly #plans = new Map<string, { readonly generation: number; readonly plan: BlueprintPlan }>();

  #isResting = false;

  /** How far it has read: changes behind it belong to transactions that are younger than one that still runs. */
  get seq(): number {
    return this.#isResting ? Number.POSITIVE_INFINITY : (this.#place?.seq ?? -1);
  }

  /** There is no alert that it is about: the first one looks at everything. */
  rest(): void {
    this.#isResting = true;
    [this.#place, this.#changed] = [null, null];
  }

  /** Reads on in the feed: what follows is about what changed since the last call. */
  async advance(ctx: Ctx): Promise<void> {
    const end = await endOfFeed(ctx.db, ctx.org);
    const from = this.#place;
    this.#place = end;
    this.#isResting = false;
    if (from === null) return;
    const rows = await changedSubjects(ctx.db, ctx.org, from, end, MAX_CHANGES);
    this.#changed = new Map();
    for (const { blueprint, identifier, former } of rows) {
      const known = this.#changed.get(blueprint) ?? new Set<string>();
      this.#changed.set(blueprint, known.add(identifier));
      if (former !== null) known.add(former);
    }
    if (rows.length < MAX_CHANGES) return;
    this.#changed = null;
    this.#looked.clear();
  }

  /** null: nothing of it changed. */
  async scopeOf(ctx: Ctx, alert: Alert, document: string, now: number): Promise<Scope | null> {
    const { source, identifier } = alert;
    const looked = this.#looked.get(identifier);
    const isDue = looked?.document !== document || now >= looked.at + WHOLE_MS;
    // Each look at DORA's numbers is about all of them, and what is silent tells nothing.
    if (isDue || this.#changed === null || !("blueprint" in source) || source.type === "silence")
      return "all";
    if (source.type === "property" && (await this.#isQuiet(ctx, source.blueprint, source.property)))
      return "all";
    const changed = this.#changed.get(source.blueprint);
    if (changed === undefined) return null;
    if (alert.entity === null) return changed;
    return changed.has(alert.entity) ? new Set([alert.entity]) : null;
  }

  /** @param isWhole whether everything was looked at; false where nothing was, for somebody else was at it */
  note(alert: Alert, document: string, now: number, isWhole: boolean): void {
    if (isWhole) this.#looked.set(alert.identifier, { document, at: now });
    else this.#looked.delete(alert.identifier);
  }

  /** Mirrors and calculations may change without a row in the feed. */
  async #isQuiet(ctx: Ctx, blueprint: string, property: string): Promise<boolean> {
    const generation = await readGeneration(ctx.db, ctx.org, blueprint, "none");
    if (generation === null) return false;
    let known = this.#plans.get(blueprint);
    if (known?.generation !== generation) {
      const found = await readBlueprint(ctx.db, ctx.org, blueprint);
      if (found === null) return false;
      known = { generation: found.generation, plan: planOf(found.document) };
      this.#plans.set(blueprint, known);
    }
    const kind = known.plan.derived.get(property);
    return kind === "mirror" || kind === "calculation";
  }
}
