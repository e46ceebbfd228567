/**
 * Deleting a person for good: the account goes at once, and the worker puts a pseudonym in the place of their address in
 * history, audit log and runs, so that what happened can still be told, and not who it was.
 */
import { randomBytes } from "node:crypto";
import { AppError, notFound } from "../model/error.ts";
import { isEntityIdentifier } from "../model/identifier.ts";
import { USER_BLUEPRINT } from "../model/user.ts";
import type { Ctx } from "../storage/context.ts";
import {
  type Erasure,
  insertErasure,
  isDeletionUnread,
  listErasures,
  moveErasure,
  openErasure,
  takeErasure,
  usersSpelled,
} from "../storage/erasures.ts";
import { erasePiece } from "../storage/erase-piece.ts";
import { appendAuditEvents } from "../storage/audit-events.ts";
import { enqueue, type Job } from "../storage/queue.ts";
import { ERASURES_QUEUE } from "../storage/queues.ts";
import { transact } from "../storage/transact.ts";
import { deleteEntities } from "./delete-entity.ts";

export interface ErasureView {
  /** What stands in the place of the address. */
  readonly id: string;
  readonly status: "RUNNING" | "COMPLETED";
  readonly requestedAt: string;
  readonly finishedAt: string | null;
}

const view = ({ id, requestedAt, finishedAt }: Erasure): ErasureView => ({
  id,
  status: finishedAt === null ? "RUNNING" : "COMPLETED",
  requestedAt: requestedAt.toISOString(),
  finishedAt: finishedAt?.toISOString() ?? null,
});

/**
 * Also of somebody who was deleted before. Asked again while it is on its way, it is the same. The account goes and the
 * erasure is written together, or neither. @throws AppError has_dependents, forbidden, not_found
 */
export async function erasePerson(ctx: Ctx, email: string): Promise<ErasureView> {
  if (!isEntityIdentifier(email) || !email.includes("@")) throw notFound("User", email);
  if (ctx.actor.person?.email.toLowerCase() === email.toLowerCase())
    throw new AppError("forbidden", "nobody can delete themselves: another administrator can");
  return transact(ctx, async (inner) => {
    const users = await usersSpelled(inner.db, ctx.org, email);
    if (users.length > 0) await deleteEntities(inner, USER_BLUEPRINT, users, { deleteDependents: false });
    const id = `erased-${randomBytes(6).toString("hex")}`;
    const row = { id, email, requestedAt: ctx.now(), requestedBy: ctx.actor.id };
    if (!(await insertErasure(inner.db, ctx.org, row))) {
      const open = await openErasure(inner.db, ctx.org, email);
      // It was done in between: nobody is left to be erased by this one.
      if (open === undefined) throw new AppError("conflict", "this user has just been erased");
      return view(open);
    }
    await appendAuditEvents(inner, [
      { kind: "user", action: "DELETE", identifier: id, after: { isErased: true, pseudonym: id } },
    ]);
    await enqueue(inner.db, ctx.org, ERASURES_QUEUE, [id]);
    return view({ ...row, finishedAt: null, place: "" });
  });
}

export async function getErasures(ctx: Ctx): Promise<ErasureView[]> {
  return (await listErasures(ctx.db, ctx.org)).map(view);
}

/** How long one waits for those who follow the changes, of whom one may stand still, and how often it is looked. */
const WAITS_FOR_READERS_MS = 600_000;
const LOOKS_EVERY_MS = 1000;

/** For the worker: one piece a job, in the transaction that settles it. @returns when to look again, where it waits */
export async function eraseNext(tx: Ctx, job: Job): Promise<{ readonly againInMs: number } | undefined> {
  const erasure = await takeErasure(tx.db, tx.org, job.key);
  if (erasure === undefined || erasure.email === null) return undefined;
  const isYoung = tx.now().getTime() - erasure.requestedAt.getTime() < WAITS_FOR_READERS_MS;
  if (erasure.place === "" && isYoung && (await isDeletionUnread(tx.db, tx.org, erasure.email)))
    return { againInMs: LOOKS_EVERY_MS };
  const who = { org: tx.org, email: erasure.email, pseudonym: erasure.id };
  const place = await erasePiece(tx.db, who, erasure.place);
  if (place === null) {
    await moveErasure(tx.db, tx.org, erasure.id, { place: "", finishedAt: tx.now() });
    return undefined;
  }
  await moveErasure(tx.db, tx.org, erasure.id, { place, finishedAt: null });
  await enqueue(tx.db, tx.org, ERASURES_QUEUE, [erasure.id]);
  return undefined;
}
