import {
  listSessions,
  ownEmail,
  revokeSession,
  revokeSessions,
  type SessionRules,
  type SessionView,
} from "../../access/sessions.ts";
import * as api from "../../api/auth.ts";
import { errors, Ok } from "../../api/common.ts";
import { UserParams } from "../../api/people.ts";
import { getUser } from "../../catalog/users.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";
import { identityOf } from "../auth.ts";

const tags = ["Sessions"];
const own = { access: "member", contract: "fairway" } as const;
const admin = { access: "admin", contract: "fairway" } as const;

export function sessionRoutes(
  app: FairwayInstance,
  deps: RouteDeps & { readonly sessions: SessionRules },
): void {
  app.get(
    "/v1/sessions",
    {
      config: own,
      schema: {
        tags,
        summary: "One's own sessions on the web, the last used first",
        response: { 200: api.SessionsResponse, ...errors(401, 403) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const sessions = await listSessions(ctx, ownEmail(ctx), deps.sessions);
      return { ok: true as const, sessions: sessions.map(marked(identityOf(request).sessionId)) };
    },
  );
  app.delete(
    "/v1/sessions",
    {
      config: own,
      schema: {
        tags,
        summary: "End one's own sessions, but for the one that asks",
        response: { 200: api.EndedResponse, ...errors(401, 403) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const { sessionId = null } = identityOf(request);
      return { ok: true as const, ended: await revokeSessions(ctx, ownEmail(ctx), sessionId) };
    },
  );
  app.delete(
    "/v1/sessions/:session",
    {
      config: own,
      schema: {
        tags,
        summary: "End one of one's own sessions",
        params: api.SessionParams,
        response: { 200: Ok, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      await revokeSession(deps.ctx(request), request.params.session);
      return { ok: true as const };
    },
  );
  app.get(
    "/v1/users/:email/sessions",
    {
      config: admin,
      schema: {
        tags,
        summary: "Sessions of a user",
        params: UserParams,
        response: { 200: api.SessionsResponse, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const { identifier } = await getUser(ctx, request.params.email);
      const sessions = await listSessions(ctx, identifier, deps.sessions);
      return { ok: true as const, sessions: sessions.map(marked(identityOf(request).sessionId)) };
    },
  );
  app.delete(
    "/v1/users/:email/sessions",
    {
      config: admin,
      schema: {
        tags,
        summary: "End all sessions of a user",
        params: UserParams,
        response: { 200: api.EndedResponse, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const { identifier } = await getUser(ctx, request.params.email);
      return { ok: true as const, ended: await revokeSessions(ctx, identifier, null) };
    },
  );
}

/** The one that asks is marked. */
const marked =
  (current: string | undefined) =>
  (session: SessionView): SessionView & { isCurrent: boolean } => ({
    ...session,
    isCurrent: session.id === current,
  });
