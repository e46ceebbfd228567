import { listApiTokens } from "../../access/api-tokens.ts";
import { readPassword } from "../../access/passwords.ts";
import { readSecondFactor } from "../../access/second-factor.ts";
import { listSessions } from "../../access/sessions.ts";
import { errors } from "../../api/common.ts";
import { UserParams } from "../../api/people.ts";
import * as api from "../../api/privacy.ts";
import { erasePerson, getErasures } from "../../catalog/erase-person.ts";
import { personData } from "../../catalog/person-data.ts";
import { checkMayRead } from "../../catalog/users.ts";
import type { FairwayInstance } from "../app-types.ts";
import type { IdentityDeps } from "../identity/identity-deps.ts";
import { userView } from "../people-views.ts";

const tags = ["Privacy"];
const admin = { access: "admin", contract: "fairway" } as const;

/** What is stored of a person, and forgetting it. */
export function privacyRoutes(app: FairwayInstance, deps: IdentityDeps): void {
  app.get(
    "/v1/users/:email/data",
    {
      config: { access: "member", contract: "fairway" },
      schema: {
        tags,
        summary:
          "What is stored of a person and of what they did: one's own, or anybody's for administrators",
        params: UserParams,
        response: { 200: api.DataResponse, ...errors(401, 403, 404) },
      },
    },
    async (request, reply) => {
      const ctx = deps.ctx(request);
      const user = await checkMayRead(ctx, request.params.email);
      const email = user.identifier;
      const { state } = await readPassword(ctx.db, ctx.org, email);
      const data = {
        user: userView(user, ctx.org),
        signIn: { password: state, secondFactor: await readSecondFactor(ctx.db, ctx.org, email) },
        sessions: await listSessions(ctx, email, deps.sessions),
        tokens: await listApiTokens(ctx, email),
        ...(await personData(ctx, email)),
      };
      void reply.header("content-disposition", 'attachment; filename="my-data.json"');
      return { ok: true as const, data };
    },
  );
  app.post(
    "/v1/users/:email/erase",
    {
      config: { ...admin, audits: "user" },
      schema: {
        tags,
        summary: "Delete a user, and put a pseudonym in their place in history, audit log and runs",
        params: UserParams,
        response: { 202: api.ErasureResponse, ...errors(401, 403, 404, 409) },
      },
    },
    async (request, reply) => {
      const erasure = await erasePerson(deps.ctx(request), request.params.email);
      deps.afterWrite();
      return reply.code(202).send({ ok: true as const, erasure });
    },
  );
  app.get(
    "/v1/erasures",
    {
      config: admin,
      schema: {
        tags,
        summary: "Deletions of people for good, without who they were",
        response: { 200: api.ErasuresResponse, ...errors(401, 403) },
      },
    },
    async (request) => ({ ok: true as const, erasures: await getErasures(deps.ctx(request)) }),
  );
}
