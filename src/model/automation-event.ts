/** What automations are told of: a row of the change feed as an event (workflows.md §4.1, §4.2). */
import { isObject, type JsonObject, sameJson } from "./json.ts";

/** A row of the change feed, as far as events need it. */
export interface ChangeLike {
  readonly kind: string;
  readonly action: string;
  readonly blueprint: string | null;
  readonly identifier: string | null;
  readonly before: unknown;
  readonly after: unknown;
  readonly actor: string;
  readonly actorKind: string;
  readonly origin: string;
  /** True when it only follows from a change of another entity: a target that went or got another name. */
  readonly follows: boolean;
  readonly at: Date;
}

export interface AutomationEvent {
  readonly action: string;
  readonly resourceType: "entity" | "run" | "alert" | "initiative";
  readonly trigger: {
    readonly by: JsonObject;
    readonly origin: string;
    /** ISO; of a timer when it expired. */
    readonly at: string;
  };
  readonly context: JsonObject;
  readonly diff: { readonly before: unknown; readonly after: unknown };
}

/** Kinds of rows that are no change of an entity, and yet events. */
export const TIMER_KIND = "timer";
export const RUN_KIND = "run";
export const ALERT_KIND = "alert";
export const INITIATIVE_KIND = "initiative";
export const TIMER_EXPIRED = "TIMER_EXPIRED";
/** What `changelogDestination` of a blueprint waits for: no trigger that anybody can write. */
export const CHANGELOG = "CHANGELOG";

/** `before` of the row of an expired timer; `after` is the entity as it was then. */
export interface ExpiredTimer {
  readonly propertyIdentifier: string;
  readonly value: string;
  /** ISO. */
  readonly expiredAt: string;
}

/** @returns null where nothing happened that automations are told of */
export function eventOf(orgId: string, row: ChangeLike): AutomationEvent | null {
  const by = row.actorKind === "system" ? { orgId, byPort: true } : { orgId, userId: row.actor };
  const trigger = { by, origin: row.origin, at: row.at.toISOString() };
  const { action, blueprint, identifier, before, after } = row;
  switch (row.kind) {
    case "entity":
      if (row.follows || (action === "UPDATE" && sameJson(before, after))) return null;
      return {
        ...{ action, resourceType: "entity", trigger },
        context: { blueprintIdentifier: blueprint, entityIdentifier: identifier },
        diff: { before, after },
      };
    case TIMER_KIND: {
      const { propertyIdentifier, expiredAt } = objectOf(before);
      return {
        ...{ action: TIMER_EXPIRED, resourceType: "entity" },
        trigger: { by: { orgId, byPort: true }, origin: "API", at: String(expiredAt) },
        context: { blueprintIdentifier: blueprint, entityIdentifier: identifier, propertyIdentifier },
        diff: { before: after, after },
      };
    }
    case RUN_KIND:
      return {
        ...{ action, resourceType: "run", trigger },
        context: {
          runId: identifier,
          actionIdentifier: actionOfRun(after) ?? actionOfRun(before),
          ...(blueprint === null ? {} : { blueprintIdentifier: blueprint }),
        },
        diff: { before, after },
      };
    case ALERT_KIND:
      return {
        ...{ action, resourceType: "alert", trigger },
        context: {
          alertIdentifier: identifier,
          ...(blueprint === null ? {} : { blueprintIdentifier: blueprint }),
          ...subjectOf(after),
        },
        diff: { before, after },
      };
    case INITIATIVE_KIND:
      return {
        ...{ action, resourceType: "initiative", trigger },
        context: { initiativeIdentifier: identifier, blueprintIdentifier: blueprint },
        diff: { before, after },
      };
    default:
      return null;
  }
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function actionOfRun(run: unknown): string | null {
  const { action } = objectOf(run);
  if (typeof action === "string") return action;
  const { identifier } = objectOf(action);
  return typeof identifier === "string" ? identifier : null;
}

function subjectOf(state: unknown): JsonObject {
  const { entity } = objectOf(objectOf(state)["subject"]);
  return typeof entity === "string" ? { entityIdentifier: entity } : {};
}

const BY_ACTION: Readonly<Record<string, string>> = {
  CREATE: "CREATED",
  UPDATE: "UPDATED",
  DELETE: "DELETED",
};

/**
 * The events of triggers that the event is, each with what it is of: `ENTITY_UPDATED service`. `triggerKey` gives the same
 * of a trigger; texts meet in one look-up.
 */
export function keysOfEvent({ action, resourceType, context }: AutomationEvent): string[] {
  const { blueprintIdentifier, actionIdentifier, propertyIdentifier, alertIdentifier } = context;
  if (resourceType === "alert") {
    const of = String(alertIdentifier);
    const isChange = action === "FIRED" || action === "RESOLVED";
    return [`ALERT_${action} ${of}`, ...(isChange ? [`ANY_ALERT_CHANGE ${of}`] : [])];
  }
  if (resourceType === "initiative") {
    const of = String(context["initiativeIdentifier"]);
    return [`INITIATIVE_${action} ${of}`, `ANY_INITIATIVE_CHANGE ${of}`];
  }
  if (action === TIMER_EXPIRED)
    return [
      `TIMER_PROPERTY_EXPIRED ${String(blueprintIdentifier)} ${String(propertyIdentifier)}`,
      `${CHANGELOG} ${String(blueprintIdentifier)}`,
    ];
  const suffix = BY_ACTION[action];
  if (suffix === undefined) return [];
  if (resourceType === "run") {
    const of = String(actionIdentifier);
    // A run that goes with its action is no event.
    return suffix === "DELETED" ? [] : [`RUN_${suffix} ${of}`, `ANY_RUN_CHANGE ${of}`];
  }
  const of = String(blueprintIdentifier);
  return [`ENTITY_${suffix} ${of}`, `ANY_ENTITY_CHANGE ${of}`, `${CHANGELOG} ${of}`];
}

/** What a trigger's event waits for; null: nothing that the change feed tells. */
export function triggerKey(event: JsonObject): string | null {
  const { type, blueprintIdentifier, actionIdentifier, propertyIdentifier, alertIdentifier } = event;
  if (typeof type !== "string") return null;
  if (type === "TIMER_PROPERTY_EXPIRED")
    return `${type} ${String(blueprintIdentifier)} ${String(propertyIdentifier)}`;
  if (type === CHANGELOG) return `${type} ${String(blueprintIdentifier)}`;
  if (type.includes("ALERT")) return `${type} ${String(alertIdentifier)}`;
  if (type.includes("INITIATIVE")) return `${type} ${String(event["initiativeIdentifier"])}`;
  if (type.includes("RUN")) return `${type} ${String(actionIdentifier)}`;
  if (type.includes("ENTITY")) return `${type} ${String(blueprintIdentifier)}`;
  return null;
}
