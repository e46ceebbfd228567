/** Events of webhooks that come late: what they tell of an entity is left out when something newer is known of it. */
import type { EntityKey } from "../model/entity.ts";
import { isBlueprintIdentifier, isEntityIdentifier } from "../model/identifier.ts";
import type { Ctx } from "../storage/context.ts";
import { type KnownVersion, putWebhookVersions, readWebhookVersions } from "../storage/webhook-versions.ts";
import type { Outcome } from "./apply-mapped.ts";
import type { Mapped, MappedDelete, MappedEntity } from "./mapping.ts";
import { compareVersions, showVersion } from "./version.ts";

export interface Guarded {
  /** Without what is older than what is known. */
  readonly mapped: readonly Mapped[];
  /** For each event, what was left out and why. */
  readonly warnings: readonly (readonly string[])[];
  /** Keeps the versions of what was written. To be called in the transaction that wrote it. */
  note(outcomes: readonly Outcome[]): Promise<void>;
}

interface Versioned extends EntityKey {
  readonly version: string;
  readonly isDelete: boolean;
}

const nameOf = ({ blueprint, identifier }: EntityKey): string => `${blueprint}\n${identifier}`;

/** @param mapped of one source, in the order in which the events came; only one job at a time writes for a source */
export async function leaveOutLate(ctx: Ctx, source: string, mapped: readonly Mapped[]): Promise<Guarded> {
  const all = mapped.map(versionedOf);
  const keys = [...new Map(all.flat().map((one) => [nameOf(one), one])).values()];
  if (keys.length === 0) return { mapped, warnings: mapped.map(() => []), note: () => Promise.resolve() };
  const stored = await readWebhookVersions(ctx.db, ctx.org, source, keys);
  const known = new Map(stored.map((one) => [nameOf(one), one]));
  const warnings: string[][] = [];
  const accepted: Versioned[][] = [];
  const left = mapped.map((event, index) => {
    const late = new Set<string>();
    const own: string[] = [];
    const taken: Versioned[] = [];
    for (const one of all[index] ?? []) {
      const before = known.get(nameOf(one));
      if (before !== undefined && isLate(one, before)) {
        late.add(`${one.isDelete} ${one.version}\n${nameOf(one)}`);
        own.push(
          `${one.blueprint} ${one.identifier}: left out, the event is of ${showVersion(one.version)} and ${before.gone ? "its deletion" : "a state"} of ${showVersion(before.version)} is known`,
        );
        continue;
      }
      taken.push(one);
      known.set(nameOf(one), stateOf(one));
    }
    warnings.push(own);
    accepted.push(taken);
    return late.size === 0 ? event : without(event, late);
  });
  const note = async (outcomes: readonly Outcome[]): Promise<void> => {
    // What could not be written is not known: an older state is better than none until the mapping is mended.
    const written = accepted.flatMap((taken, index) => writtenOf(taken, outcomes[index]));
    const latest = new Map(stored.map((one) => [nameOf(one), one]));
    const changed = new Map<string, KnownVersion>();
    for (const one of written) {
      const before = latest.get(nameOf(one));
      if (before !== undefined && isLate(one, before)) continue;
      const state = stateOf(one);
      latest.set(nameOf(one), state);
      if (before?.version !== state.version || before.gone !== state.gone) changed.set(nameOf(one), state);
    }
    await putWebhookVersions(ctx.db, ctx.org, source, [...changed.values()]);
  };
  return { mapped: left, warnings, note };
}

/** An error that names no part of the mapping and no entity is of the whole event: nothing was written. */
function writtenOf(taken: readonly Versioned[], outcome: Outcome | undefined): readonly Versioned[] {
  const lost = outcome?.errors.filter((error) => error.lost) ?? [];
  if (lost.some(({ blueprint, key }) => blueprint === null && key === "")) return [];
  const failed = new Set(
    lost.map(({ blueprint, identifier }) =>
      nameOf({ blueprint: blueprint ?? "", identifier: identifier ?? "" }),
    ),
  );
  return taken.filter((one) => !failed.has(nameOf(one)));
}

const stateOf = ({ blueprint, identifier, version, isDelete }: Versioned): KnownVersion => ({
  ...{ blueprint, identifier, version, gone: isDelete },
});

/** The same version is taken again: the mapping may have changed. But not what brings a deleted entity back. */
function isLate({ version, isDelete }: Versioned, known: KnownVersion): boolean {
  const order = compareVersions(version, known.version);
  return order < 0 || (known.gone && !isDelete && order === 0 && version === known.version);
}

/**
 * In the order of the mappings. Entities that are found by a search have no name to remember, and what is no identifier
 * names no entity: the database might not even store it.
 */
function versionedOf({ entities, deletes }: Mapped): Versioned[] {
  const found: (Versioned & { readonly resource: number })[] = [];
  const isName = (blueprint: string, identifier: unknown): identifier is string =>
    typeof identifier === "string" &&
    isBlueprintIdentifier(blueprint) &&
    isEntityIdentifier(identifier, blueprint);
  for (const { resource, blueprint, body, version } of entities)
    if (version !== undefined && isName(blueprint, body["identifier"]))
      found.push({ resource, blueprint, identifier: body["identifier"], version, isDelete: false });
  for (const { resource, blueprint, identifier, version } of deletes)
    if (version !== undefined && isName(blueprint, identifier))
      found.push({ resource, blueprint, identifier, version, isDelete: true });
  return found.sort((a, b) => a.resource - b.resource);
}

function without(event: Mapped, late: ReadonlySet<string>): Mapped {
  const isKept = (one: MappedEntity | MappedDelete, identifier: unknown, isDelete: boolean): boolean =>
    one.version === undefined ||
    typeof identifier !== "string" ||
    !late.has(`${isDelete} ${one.version}\n${nameOf({ blueprint: one.blueprint, identifier })}`);
  return {
    ...event,
    entities: event.entities.filter((one) => isKept(one, one.body["identifier"], false)),
    deletes: event.deletes.filter((one) => isKept(one, one.identifier, true)),
  };
}
