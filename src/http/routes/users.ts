import { renewPersonalCredentials } from "../../access/personal-credentials.ts";
import { errors, isOff, Ok } from "../../api/common.ts";
import * as api from "../../api/people.ts";
import * as users from "../../catalog/users.ts";
import { createLink } from "../../access/sign-in.ts";
import type { FairwayInstance } from "../app-types.ts";
import type { IdentityDeps } from "../identity/identity-deps.ts";
import { invitationMail, trySend } from "../identity/mails.ts";
import { checkMayHavePassword } from "../identity/may-have-password.ts";
import { listedUserView, pickFields, userView } from "../people-views.ts";
import { passwordUrl } from "./passwords.ts";

const tags = ["Users"];
const read = { access: "member", contract: "port" } as const;
const write = { access: "admin", contract: "port", audits: "user" } as const;

export function userRoutes(app: FairwayInstance, deps: IdentityDeps): void {
  const { db, org, now } = deps;
  /** Where only the provider lets people in, they go there. */
  const signInUrl = async (email: string): Promise<string> =>
    deps.mayUseLocal(email)
      ? `${deps.publicUrl()}/login?token=${await createLink(db, org, email, "sign-in", now())}`
      : `${deps.publicUrl()}/login`;
  app.get(
    "/v1/users",
    {
      config: read,
      schema: {
        tags,
        summary: "All users and service accounts",
        querystring: api.FieldsQuery,
        response: { 200: api.UsersResponse, ...errors(401) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const found = await users.listUsers(ctx);
      return {
        ok: true as const,
        users: found.map((user) => pickFields(listedUserView(user, ctx.org), request.query.fields)),
      };
    },
  );
  app.get(
    "/v1/users/:email",
    {
      config: read,
      schema: {
        tags,
        summary: "One user, by e-mail",
        params: api.UserParams,
        response: { 200: api.UserResponse, ...errors(401, 404) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      return { ok: true as const, user: userView(await users.getUser(ctx, request.params.email), ctx.org) };
    },
  );
  app.post(
    "/v1/users/invite",
    {
      config: write,
      schema: {
        tags,
        summary:
          "Invite a user; the answer carries the address that signs them in, and an e-mail does, if there is a mail server",
        querystring: api.InviteQuery,
        body: api.InviteRequest,
        response: { 200: api.InviteResponse, ...errors(401, 403, 404, 409, 422) },
      },
    },
    async (request) => {
      const { email, ...change } = request.body.invitee;
      const ctx = deps.ctx(request);
      const invited = await users.inviteUser(ctx, email, change);
      const user = userView(invited, ctx.org);
      deps.afterWrite();
      const url = await signInUrl(invited.identifier);
      const isMailed =
        !isOff(request.query.notify) && (await trySend(deps, invitationMail(invited.identifier, url)));
      return { ok: true as const, user, signInUrl: url, isMailed };
    },
  );
  app.post(
    "/v1/users/:email/sign-in-link",
    {
      config: { access: "admin", contract: "fairway" },
      schema: {
        tags,
        summary: "A new address that signs this user in once, within a day; older ones end",
        params: api.UserParams,
        response: { 200: api.SignInLinkResponse, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      const email = await users.recordSignInLink(deps.ctx(request), request.params.email);
      return { ok: true as const, signInUrl: await signInUrl(email) };
    },
  );
  app.post(
    "/v1/users/:email/password-link",
    {
      config: { access: "admin", contract: "fairway" },
      schema: {
        tags,
        summary: "An address where this user chooses a new password, once, within two hours",
        params: api.UserParams,
        response: { 200: api.PasswordLinkResponse, ...errors(401, 403, 404, 409) },
      },
    },
    async (request) => {
      const email = await users.recordSignInLink(deps.ctx(request), request.params.email);
      await checkMayHavePassword(deps, email);
      const token = await createLink(db, org, email, "password", now());
      return { ok: true as const, passwordUrl: passwordUrl(deps, token) };
    },
  );
  app.patch(
    "/v1/users/:email",
    {
      config: write,
      schema: {
        tags,
        summary: "Change roles or teams of a user: each list that is sent is the whole list",
        params: api.UserParams,
        body: api.PatchUserRequest,
        response: { 200: api.PatchUserResponse, ...errors(401, 403, 404, 422) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const user = await users.changeUser(ctx, request.params.email, request.body);
      deps.afterWrite();
      return { ok: true as const, ...userView(user, ctx.org) };
    },
  );
  app.delete(
    "/v1/users/:email",
    {
      config: write,
      schema: {
        tags,
        summary: "Delete a user: sessions, credentials and tokens end at once",
        params: api.UserParams,
        response: { 200: Ok, ...errors(401, 403, 404, 409) },
      },
    },
    async (request) => {
      await users.deleteUser(deps.ctx(request), request.params.email);
      deps.afterWrite();
      return { ok: true as const };
    },
  );
  app.post(
    "/v1/rotate-credentials/:email",
    {
      config: read,
      schema: {
        tags,
        summary: "New personal credentials, told once; one's own, or anybody's for administrators",
        params: api.UserParams,
        response: { 200: api.CredentialsResponse, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const email = await users.checkMayRotate(ctx, request.params.email);
      return { ok: true as const, credentials: await renewPersonalCredentials(ctx, deps.key, email) };
    },
  );
}
