import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest, RawServerDefault } from "fastify";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Ctx } from "../storage/context.ts";

export type FairwayInstance = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** What routes get from the composition root. */
export interface RouteDeps {
  /** The context of an authenticated request (401 otherwise is raised before any handler runs). */
  readonly ctx: (request: FastifyRequest) => Ctx;
  /**
   * Reads for a dashboard: from the replica, where there is one that has what the caller wrote, or else as `ctx`. The work must
   * not write but through `ctx.writer`, and may be done twice.
   */
  readonly read: <T>(request: FastifyRequest, work: (ctx: Ctx) => Promise<T>) => Promise<T>;
  /** Call after a successful write: wakes the worker and the live pages. */
  readonly afterWrite: () => void;
}
