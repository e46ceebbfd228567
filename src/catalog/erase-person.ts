/**
 * Deleting a person for good: the account goes at once, and the worker puts a pseudonym in the place of their address in
 * history, audit log and runs, so that what happened can still be told, and not who it was.
 */
import { randomBytes } from "node:crypto";
import { AppError, notFound } from "../model/error.ts";
import { isEntityIdentifier } from "../model/identifier.ts";
import { USER_BLUEPRINT } from "../model/user.ts";
import type { Ctx } from "../storage/context.ts";
import { existingKeys } from "../storage/entities.ts";
import {
  type Erasure,
  eraseSome,
  insertErasure,
  listErasures,
  moveErasure,
  openErasure,
  takeErasure,
} from "../storage/erasures.ts";
import { appendAuditEvents } from "../storage/audit-events.ts";
import { enqueue, type Job } from "../storage/queue.ts";
import { ERASURES_QUEUE } from "../storage/queues.ts";
import { transact } from "../storage/transact.ts";
import { deleteUser } from "./users.ts";

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

/** Also of somebody who was deleted before. Asked again while it is on its way, it is the same. @throws AppError has_dependents, forbidden, conflict */
export async function erasePerson(ctx: Ctx, email: string): Promise<ErasureView> {
  if (!isEntityIdentifier(email) || !email.includes("@")) throw notFound("User", email);
  if (ctx.actor.person?.email === email)
    throw new AppError("forbidden", "nobody can delete themselves: another administrator can");
  const key = `${USER_BLUEPRINT}\u0000${email}`;
  const keys = [{ blueprint: USER_BLUEPRINT, identifier: email }];
  if ((await existingKeys(ctx.db, ctx.org, keys)).has(key)) await deleteUser(ctx, email);
  return transact(ctx, async (inner) => {
    const open = await openErasure(inner.db, ctx.org, email);
    if (open !== undefined) return view(open);
    const id = `erased-${randomBytes(6).toString("hex")}`;
    const row = { id, email, requestedAt: ctx.now(), requestedBy: ctx.actor.id };
    await insertErasure(inner.db, ctx.org, row);
    await appendAuditEvents(inner, [
      { kind: "user", action: "DELETE", identifier: id, after: { isErased: true, pseudonym: id } },
    ]);
    await enqueue(inner.db, ctx.org, ERASURES_QUEUE, [id]);
    return view({ ...row, finishedAt: null, step: 0, place: "" });
  });
}

export async function getErasures(ctx: Ctx): Promise<ErasureView[]> {
  return (await listErasures(ctx.db, ctx.org)).map(view);
}

/** For the worker: one piece a job, in the transaction that settles it. */
export async function eraseNext(tx: Ctx, job: Job): Promise<void> {
  const erasure = await takeErasure(tx.db, tx.org, job.key);
  if (erasure === undefined || erasure.email === null) return;
  const who = { org: tx.org, email: erasure.email, pseudonym: erasure.id };
  const next = await eraseSome(tx.db, who, erasure);
  if (next === null) {
    await moveErasure(tx.db, tx.org, erasure.id, { step: 0, place: "", finishedAt: tx.now() });
    return;
  }
  await moveErasure(tx.db, tx.org, erasure.id, { ...next, finishedAt: null });
  await enqueue(tx.db, tx.org, ERASURES_QUEUE, [erasure.id]);
}
