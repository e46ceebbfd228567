/** Writes that are refused leave an entry in the audit log: what, by whom, and why (data-model.md §8.1). */
import type { FastifyRequest } from "fastify";
import { recordRefusals } from "../catalog/refusals.ts";
import { AppError } from "../model/error.ts";
import { isOn } from "../api/common.ts";
import type { FairwayInstance, RouteDeps } from "./app-types.ts";
import { isIdentified } from "./auth.ts";
import { type Problem, problemOf } from "./errors.ts";

const ACTIONS: Readonly<Record<string, "CREATE" | "UPDATE" | "DELETE">> = {
  POST: "CREATE",
  PUT: "UPDATE",
  PATCH: "UPDATE",
  DELETE: "DELETE",
};
/** What a writer is told of their own request; the rest is not about what they wanted to write. */
const REFUSED = new Set([403, 404, 409, 422]);

/** Call before the routes are added: those with `audits` are watched. */
export function auditRefusals(app: FairwayInstance, deps: RouteDeps): void {
  app.addHook("onError", async (request, _reply, error) => {
    const { audits: kind } = request.routeOptions.config;
    const action = ACTIONS[request.method];
    if (kind === undefined || action === undefined || !isIdentified(request)) return;
    // Who only asks whether it would go has not tried.
    if (isOn((request.query as { validation_only?: unknown }).validation_only)) return;
    const problem = problemOf(error, request);
    if (!REFUSED.has(new AppError(problem.code, "").status)) return;
    await recordRefusals(deps.ctx(request), [
      { kind, action, ...subjectOf(request), message: messageOf(problem) },
    ]);
  });
}

const messageOf = ({ code, message }: Problem): string => `${code}: ${message}`;

function subjectOf(request: FastifyRequest): { blueprint: string | null; identifier: string | null } {
  const params = request.params as Readonly<Record<string, string | undefined>>;
  const body = (request.body ?? {}) as Readonly<Record<string, unknown>>;
  // Of a folder its own name, not that of the sidebar.
  const { blueprint, entity, sidebar: _, ...rest } = params;
  if (request.routeOptions.config.audits === "blueprint")
    return { blueprint: blueprint ?? textOf(body["identifier"]), identifier: null };
  const invitee = (body["invitee"] ?? {}) as Readonly<Record<string, unknown>>;
  const named = entity ?? Object.values(rest)[0];
  const sent = [
    body["identifier"],
    body["name"],
    body["secretName"],
    body["installationId"],
    invitee["email"],
  ].map(textOf);
  return { blueprint: blueprint ?? null, identifier: named ?? sent.find((text) => text !== null) ?? null };
}

const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null);
