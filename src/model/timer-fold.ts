/**
 * Timers (workflows.md §3.8) as a fold over the change feed: which values wait, and which of them passed while they were
 * replaced or deleted. What waits fires when its time comes; nothing depends on when anybody looks.
 */
import { isObject, type JsonObject } from "./json.ts";
import { parseInstant } from "./instant.ts";

export interface Timer {
  readonly blueprint: string;
  readonly identifier: string;
  readonly property: string;
  /** As it was written. */
  readonly value: string;
  /** Milliseconds since 1970. */
  readonly due: number;
  readonly hasFired: boolean;
}

/** A timer that has passed, with the entity as it was then. */
export interface Expiry {
  readonly timer: Timer;
  readonly entity: unknown;
}

/** A row of the change feed about an entity. */
export interface EntityChange {
  readonly blueprint: string;
  readonly identifier: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly at: Date;
}

export const timerKey = ({
  blueprint,
  identifier,
  property,
}: Omit<Timer, "value" | "due" | "hasFired">): string => `${blueprint}\u0000${identifier}\u0000${property}`;

/**
 * Applies changes in their order.
 * @param timers by `timerKey`, of all entities that the changes name; changed in place
 * @param properties the timer properties of each blueprint
 * @returns what passed before it was replaced, and has not fired yet
 */
export function foldTimers(
  timers: Map<string, Timer>,
  changes: readonly EntityChange[],
  properties: ReadonlyMap<string, readonly string[]>,
): Expiry[] {
  const expired: Expiry[] = [];
  for (const change of changes) {
    const { blueprint, identifier, before, after, at } = change;
    const former = nameOf(before) ?? identifier;
    for (const property of properties.get(blueprint) ?? []) {
      const from = timerKey({ blueprint, identifier: former, property });
      const known = timers.get(from);
      const value = valueOf(after, property);
      if (known !== undefined && former !== identifier) {
        timers.delete(from);
        timers.set(timerKey({ blueprint, identifier, property }), { ...known, identifier });
      }
      // Only what this change replaces: it may have been read from the entity already that another value follows.
      const isChange = after === null || before === null || valueOf(before, property) !== value;
      if (!isChange || known?.value === value) continue;
      if (known !== undefined && !known.hasFired && known.due <= at.getTime())
        expired.push({ timer: { ...known, identifier }, entity: before });
      const to = timerKey({ blueprint, identifier, property });
      const due = value === null ? null : parseInstant(value);
      if (value === null || due === null) timers.delete(to);
      else timers.set(to, { blueprint, identifier, property, value, due, hasFired: false });
    }
  }
  return expired;
}

function nameOf(entity: unknown): string | null {
  const { identifier } = objectOf(entity);
  return typeof identifier === "string" ? identifier : null;
}

/** The value of a timer property of an entity as the API shows it; null: none. */
export function valueOf(entity: unknown, property: string): string | null {
  const properties = objectOf(objectOf(entity)["properties"]);
  const value = Object.hasOwn(properties, property) ? properties[property] : null;
  return typeof value === "string" ? value : null;
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
