/**
 * Reads of people's dashboards go to the replica where it has what they wrote. Where that is, their browser says: every write
 * of a session is answered with its place in the log, as a cookie, whichever process took it. Tokens read the database itself.
 */
import type { FastifyRequest } from "fastify";
import type { Ctx } from "../storage/context.ts";
import type { Replica } from "../storage/replica.ts";
import type { FairwayInstance, RouteDeps } from "./app-types.ts";
import { identityOf, isIdentified } from "./auth.ts";

const COOKIE = "fairway_position";
/** A replica that is further behind than this has long been passed over for what others announced since. */
const KEEP_SECONDS = 300;
const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

const readers = new WeakSet<FastifyRequest>();

/** @param replica null: there is none */
export function replicaReads(
  app: FairwayInstance,
  replica: Replica | null,
  ctxOf: (request: FastifyRequest) => Ctx,
): RouteDeps["read"] {
  if (replica === null) return (request, work) => work(ctxOf(request));
  app.addHook("onSend", async (request, reply, payload) => {
    const isWrite = !SAFE.has(request.method) && !readers.has(request) && reply.statusCode < 500;
    if (!isWrite || !isIdentified(request) || identityOf(request).sessionId === undefined) return payload;
    // When it cannot be told, the write was acknowledged all the same, and is announced within a moment.
    const position = await replica.position().catch(() => null);
    if (position !== null)
      void reply.setCookie(COOKIE, position, {
        ...{ path: "/", httpOnly: true, sameSite: "lax", maxAge: KEEP_SECONDS },
        secure: request.protocol === "https",
      });
    return payload;
  });
  return async (request, work) => {
    const ctx = ctxOf(request);
    readers.add(request);
    if (identityOf(request).sessionId === undefined) return work(ctx);
    const db = await replica.at(request.cookies[COOKIE] ?? null);
    if (db === null) return work(ctx);
    try {
      return await work({ ...ctx, db, writer: ctx.db });
    } catch (error) {
      if (!replica.isItsFault(error)) throw error;
      return work(ctx);
    }
  };
}
