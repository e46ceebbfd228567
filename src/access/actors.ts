/** Who stands behind the ids of `createdBy`, `updatedBy` and the audit log. */
import { isAdmin } from "../model/user.ts";
import { type NamedActor, readActorNames } from "../storage/actor-names.ts";
import type { Ctx } from "../storage/context.ts";

export interface ActorName {
  readonly id: string;
  /** `former`: they were there, and are not any more. `other`: nothing is known of the id. */
  readonly kind: "user" | "app" | "source" | "system" | "former" | "other";
  readonly name: string;
}

/** Of credentials, ours and those of Port's exports. */
const CLIENT = /^([0-9a-f]{24}|app_[\w-]{16})$/;
const ADDRESS = /^[^@\s]+@[^@\s]+$/;
const SYSTEM = /^fairway(:|$)/;

/** Nobody has a longer one. */
const MAX_ID = 400;

/**
 * In the order of the ids, each once; the names are read together. Those of API credentials are told to who may list them.
 */
export async function nameActors(ctx: Ctx, ids: readonly string[]): Promise<ActorName[]> {
  const { person } = ctx.actor;
  const seesApps = person === undefined || isAdmin(person);
  const asked = [...new Set(ids)];
  const named = await readActorNames(
    ctx.db,
    ctx.org,
    asked.filter((id) => id.length <= MAX_ID && !id.includes("\u0000")),
  );
  // Sources are called as somebody likes, and may be called like the server, or like a person who is gone.
  const byId = new Map<string, NamedActor>();
  for (const one of named) {
    const isMeant =
      one.kind !== "source" || !(byId.has(one.id) || SYSTEM.test(one.id) || ADDRESS.test(one.id));
    if (isMeant) byId.set(one.id, one);
  }
  return asked.map((id) => {
    const actor = actorOf(id, byId.get(id));
    return actor.kind === "app" && !seesApps ? { ...actor, name: "API credentials" } : actor;
  });
}

function actorOf(id: string, known: NamedActor | undefined): ActorName {
  switch (known?.kind) {
    case "user":
    case "app":
    case "source":
      return { id, kind: known.kind, name: known.name || id };
    case "erased":
      return { id, kind: "former", name: "former user" };
    default:
      break;
  }
  if (SYSTEM.test(id)) return { id, kind: "system", name: "Fairway" };
  if (CLIENT.test(id)) return { id, kind: "former", name: "former API credentials" };
  if (ADDRESS.test(id)) return { id, kind: "former", name: "former user" };
  return { id, kind: "other", name: id };
}
