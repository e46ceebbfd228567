/** Questions about people, credentials, secrets and the organisation, and writing them. */
import { queryOptions } from "@tanstack/react-query";
import { deleteJson, getJson, postJson, sendJson } from "../api/client.ts";
import type { Credentials } from "./told-once.tsx";

export interface UserDoc {
  readonly email: string;
  readonly name: string;
  readonly status: "Staged" | "Invited" | "Active" | "Disabled";
  readonly type: string;
  readonly roles: readonly { readonly name: string }[];
  readonly teams: readonly { readonly name: string }[];
  readonly createdAt: string;
}

export const SERVICE_ACCOUNT = "Service Account";

/** People and service accounts, oldest first. */
export const usersQuery = queryOptions({
  queryKey: ["entities", "_user", "people"],
  queryFn: ({ signal }) => getJson<{ users: UserDoc[] }>("/v1/users", {}, signal),
  select: (answer) => answer.users,
});

export interface TeamDoc {
  readonly name: string;
  readonly description: string | null;
  readonly users: readonly { readonly email: string; readonly status: string }[];
  readonly createdAt: string;
}

export const teamsQuery = queryOptions({
  queryKey: ["entities", "_team", "teams"],
  queryFn: ({ signal }) => getJson<{ teams: TeamDoc[] }>("/v1/teams", {}, signal),
  select: (answer) => answer.teams,
});

const userPath = (email: string, rest = "") => `/v1/users/${encodeURIComponent(email)}${rest}`;
const userEntity = (email: string) => `/v1/blueprints/_user/entities/${encodeURIComponent(email)}`;
const teamPath = (name: string) => `/v1/teams/${encodeURIComponent(name)}`;

export interface Membership {
  readonly roles: readonly string[];
  readonly teams: readonly string[];
}

export const inviteUser = (email: string, membership: Membership) =>
  postJson<{ signInUrl: string; isMailed: boolean }>("/v1/users/invite", {
    invitee: { email, ...membership },
  });

export const changeUser = (email: string, membership: Membership) =>
  sendJson("PATCH", userPath(email), membership);

export const changeStatus = (email: string, status: UserDoc["status"]) =>
  sendJson("PATCH", userEntity(email), { properties: { status } });

export const makeSignInLink = (email: string) =>
  postJson<{ signInUrl: string }>(userPath(email, "/sign-in-link"));

/** @param isErased their name and address go from history and audit log as well */
export const removeUser = (email: string, isErased: boolean) =>
  isErased ? postJson(userPath(email, "/erase")) : deleteJson(userPath(email));

export const renewCredentials = (email: string) =>
  postJson<{ credentials: Credentials }>(`/v1/rotate-credentials/${encodeURIComponent(email)}`);

/** A service account may sign in with its credentials at once. */
export const createServiceAccount = (email: string, title: string, roles: readonly string[]) =>
  postJson<{ additionalData: { credentials: Credentials } }>("/v1/blueprints/_user/entities", {
    identifier: email,
    title,
    properties: {
      status: "Active",
      port_type: SERVICE_ACCOUNT,
      port_role: roles.includes("Admin") ? "Admin" : "Member",
    },
  });

export interface TeamBody {
  readonly name: string;
  readonly description: string | null;
  readonly users: readonly string[];
}

export const createTeam = (team: TeamBody) => postJson("/v1/teams", team);
export const changeTeam = (name: string, team: TeamBody) => sendJson("PATCH", teamPath(name), team);
export const removeTeam = (name: string) => deleteJson(teamPath(name));

export interface AppDoc {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export const appsQuery = queryOptions({
  queryKey: ["settings", "apps"],
  queryFn: ({ signal }) => getJson<{ apps: AppDoc[] }>("/v1/apps", {}, signal),
  select: (answer) => answer.apps,
});

const appPath = (id: string, rest = "") => `/v1/apps/${encodeURIComponent(id)}${rest}`;
type NewApp = { readonly app: AppDoc & { readonly secret: string } };

export const createApp = (name: string) => postJson<NewApp>("/v1/apps", { name });
export const renameApp = (id: string, name: string) => sendJson("PUT", appPath(id), { name });
export const rotateApp = (id: string) => postJson<NewApp>(appPath(id, "/rotate-secret"));
export const removeApp = (id: string) => deleteJson(appPath(id));

export interface SecretDoc {
  readonly secretName: string;
  readonly description: string | null;
  readonly updatedAt: string;
  readonly updatedBy: string;
}

const SECRETS = "/v1/organization/secrets";

export const secretsQuery = queryOptions({
  queryKey: ["settings", "secrets"],
  queryFn: ({ signal }) => getJson<{ secrets: SecretDoc[] }>(SECRETS, {}, signal),
  select: (answer) => answer.secrets,
});

const secretPath = (name: string) => `${SECRETS}/${encodeURIComponent(name)}`;

export const createSecret = (secret: {
  readonly secretName: string;
  readonly secretValue: string;
  readonly description: string | null;
}) => postJson(SECRETS, secret);
export const changeSecret = (
  name: string,
  change: { readonly secretValue?: string; readonly description: string | null },
) => sendJson("PATCH", secretPath(name), change);
export const removeSecret = (name: string) => deleteJson(secretPath(name));
