/** Lines of the access table about sign-in, sessions and what people prove themselves with. */
import type { AccessLine } from "./access-table.ts";

type Lines = Readonly<Record<string, AccessLine>>;

export const IDENTITY_READS: Lines = {
  "GET /.well-known/security.txt": { answers: "404 404 404 404 404 404 404 404" },
  // Only whoever is signed in on the web.
  "GET /auth/account": { answers: "401 401 200 200 200 200 403 403" },
  // Credentials of an organisation have no sessions.
  "GET /v1/sessions": { answers: "401 401 200 200 200 200 200 403" },
  "GET /v1/users/:email/second-factor": { answers: "401 401 403 403 403 200 403 404" },
  "GET /auth/sso/start": { answers: "404 404 404 404 404 404 404 404" },
  "GET /auth/sso/callback": { answers: "404 404 404 404 404 404 404 404" },
  "GET /scim/v2/ServiceProviderConfig": { answers: "401 401 403 403 403 200 403 200" },
  "GET /scim/v2/ResourceTypes": { answers: "401 401 403 403 403 200 403 200" },
  "GET /scim/v2/Schemas": { answers: "401 401 403 403 403 200 403 200" },
  "GET /scim/v2/Users": { answers: "401 401 403 403 403 200 403 200" },
  "GET /scim/v2/Users/:scim": { answers: "401 401 403 403 403 404 403 404" },
  "GET /scim/v2/Groups": { answers: "401 401 403 403 403 200 403 200" },
  "GET /scim/v2/Groups/:scim": { answers: "401 401 403 403 403 404 403 404" },
  "GET /v1/erasures": { answers: "401 401 403 403 403 200 403 200" },
  // One's own, and red's for administrators.
  "GET /v1/users/:email/data": { answers: "401 401 200 403 403 200 403 404" },
  "GET /v1/tokens": { answers: "401 401 200 200 200 200 200 200" },
  "GET /v1/organization/sign-in": { answers: "401 401 403 403 403 200 403 200" },
  "GET /v1/users/:email/sessions": { answers: "401 401 403 403 403 200 403 404" },
};

export const IDENTITY_WRITES: Lines = {
  "POST /v1/users/:email/password-link": {
    answers: "401 401 403 403 403 200 403 404",
    path: "/v1/users/eve@example.com/password-link",
  },
  "POST /auth/forgot-password": {
    answers: "409 409 409 409 409 409 409 409",
    body: { email: "eve@example.com" },
  },
  "POST /auth/reset-password": {
    answers: "422 422 422 422 422 422 422 422",
    body: {},
  },
  "POST /auth/second-factor": { answers: "422 422 422 422 422 422 422 422", body: {} },
  // Who has no password is not asked for one.
  "POST /auth/second-factor/setup": { answers: "401 401 200 200 200 200 403 403", body: {} },
  "POST /auth/second-factor/confirm": { answers: "401 401 422 422 422 422 422 422", body: {} },
  "POST /auth/second-factor/recovery-codes": { answers: "401 401 422 422 422 422 422 422", body: {} },
  "POST /auth/second-factor/off": { answers: "401 401 422 422 422 422 422 422", body: {} },
  "POST /scim/v2/Users": { answers: "401 401 403 403 403 400 403 400", body: {} },
  "PUT /scim/v2/Users/:scim": { answers: "401 401 403 403 403 404 403 404", body: {} },
  "PATCH /scim/v2/Users/:scim": {
    answers: "401 401 403 403 403 404 403 404",
    body: { Operations: [{ op: "replace", path: "active", value: false }] },
  },
  "POST /scim/v2/Groups": { answers: "401 401 403 403 403 400 403 400", body: {} },
  "PUT /scim/v2/Groups/:scim": { answers: "401 401 403 403 403 404 403 404", body: {} },
  "PATCH /scim/v2/Groups/:scim": {
    answers: "401 401 403 403 403 404 403 404",
    body: { Operations: [{ op: "add", path: "members", value: [] }] },
  },
  "POST /v1/users/:email/erase": {
    answers: "401 401 403 403 403 202 403 202",
    path: "/v1/users/nobody-knows@example.com/erase",
  },
  // Credentials of an organisation are nobody.
  "POST /v1/tokens": {
    answers: "401 401 200 200 200 200 200 403",
    body: { name: "new", scopes: ["dora:read"] },
  },
  "POST /v1/tokens/:token/rotate": { answers: "401 401 404 404 404 404 404 404" },
  "PUT /v1/organization/sign-in": {
    answers: "401 401 403 403 403 200 403 200",
    body: { secondFactor: "optional" },
  },
  "PUT /auth/password": {
    answers: "401 401 422 422 422 422 403 403",
    body: { password: "short" },
  },
};

export const IDENTITY_DELETIONS: Lines = {
  "DELETE /v1/sessions": { answers: "401 401 200 200 200 200 200 403" },
  "DELETE /v1/sessions/:session": { answers: "401 401 404 404 404 404 404 403" },
  "DELETE /scim/v2/Users/:scim": { answers: "401 401 403 403 403 404 403 404" },
  "DELETE /scim/v2/Groups/:scim": { answers: "401 401 403 403 403 404 403 404" },
  "DELETE /v1/users/:email/provider": {
    answers: "401 401 403 403 403 404 403 404",
    path: "/v1/users/eve@example.com/provider",
  },
  "DELETE /v1/tokens/:token": { answers: "401 401 404 404 404 404 404 404" },
  "DELETE /v1/users/:email/second-factor": {
    answers: "401 401 403 403 403 404 403 404",
    path: "/v1/users/eve@example.com/second-factor",
  },
  "DELETE /v1/users/:email/sessions": {
    answers: "401 401 403 403 403 200 403 404",
    path: "/v1/users/eve@example.com/sessions",
  },
};
