import { createApiToken, deleteApiToken, listApiTokens, rotateApiToken } from "../../access/api-tokens.ts";
import { errors, Ok } from "../../api/common.ts";
import * as api from "../../api/tokens.ts";
import { getUser } from "../../catalog/users.ts";
import { AppError } from "../../model/error.ts";
import { isAdmin, SERVICE_ACCOUNT, typeOf } from "../../model/user.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

const tags = ["Tokens"];
const config = { access: "member", contract: "fairway" } as const;
const DEFAULT_DAYS = 90;
type Ctx = ReturnType<RouteDeps["ctx"]>;

export function tokenRoutes(app: FairwayInstance, deps: RouteDeps): void {
  app.get(
    "/v1/tokens",
    {
      config,
      schema: {
        tags,
        summary: "One's own tokens, without their text; of others for administrators",
        querystring: api.TokensQuery,
        response: { 200: api.TokensResponse, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const tokens = await listApiTokens(ctx, whose(ctx, request.query.of));
      return { ok: true as const, tokens: tokens.map((token) => ({ ...token, scopes: [...token.scopes] })) };
    },
  );
  app.post(
    "/v1/tokens",
    {
      config,
      schema: {
        tags,
        summary: "Make a token; its text is told once",
        body: api.TokenRequest,
        response: { 200: api.NewTokenResponse, ...errors(401, 403, 404, 409, 422) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const { expiresInDays = DEFAULT_DAYS, person, ...rest } = request.body;
      const made = await createApiToken(ctx, {
        ...rest,
        expiresInDays,
        person: await holderOf(ctx, person),
      });
      return { ok: true as const, token: { ...made, scopes: [...made.scopes] } };
    },
  );
  app.post(
    "/v1/tokens/:token/rotate",
    {
      config,
      schema: {
        tags,
        summary:
          "A new text for one's own token, or that of a service account, told once; the old one ends at once",
        params: api.TokenParams,
        response: { 200: api.NewTokenResponse, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      const made = await rotateApiToken(deps.ctx(request), request.params.token);
      return { ok: true as const, token: { ...made, scopes: [...made.scopes] } };
    },
  );
  app.delete(
    "/v1/tokens/:token",
    {
      config,
      schema: {
        tags,
        summary: "Delete a token: it is refused from now on",
        params: api.TokenParams,
        response: { 200: Ok, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      await deleteApiToken(deps.ctx(request), request.params.token);
      return { ok: true as const };
    },
  );
}

/** Whose tokens are asked for; null: everybody's. @throws AppError forbidden */
function whose({ actor: { person } }: Ctx, of: string | undefined): string | null {
  if (of === undefined) return person?.email ?? null;
  if (person !== undefined && !isAdmin(person) && of !== person.email)
    throw new AppError("forbidden", "only administrators see the tokens of others");
  return of === "everybody" ? null : of;
}

/** Who a new token is to act as. Nobody makes one that acts as another person. @throws AppError forbidden, not_found */
async function holderOf(ctx: Ctx, asked: string | undefined): Promise<string> {
  const { person } = ctx.actor;
  if (asked === undefined || asked === person?.email) {
    if (person !== undefined) return person.email;
    throw new AppError(
      "forbidden",
      "credentials of the organisation are nobody: name a service account as `person`",
    );
  }
  if (person !== undefined && !isAdmin(person))
    throw new AppError("forbidden", "only administrators make tokens for service accounts");
  const user = await getUser(ctx, asked);
  if (typeOf(user) !== SERVICE_ACCOUNT)
    throw new AppError("forbidden", `"${asked}" is a person: people make their tokens themselves`);
  return user.identifier;
}
