/** Questions about one's own sign-in, and about the sessions of others. */
import { queryOptions } from "@tanstack/react-query";
import { deleteJson, getJson, postJson, sendJson } from "../api/client.ts";

export interface AccountDoc {
  readonly email: string;
  /** `configured`: it is a setting of the server. */
  readonly password: "none" | "own" | "configured";
  /** false: they come by the provider, and choose none here. */
  readonly mayHavePassword: boolean;
  readonly secondFactor: {
    readonly isOn: boolean;
    readonly isRequired: boolean;
    readonly recoveryCodesLeft: number;
  };
}

export const accountQuery = queryOptions({
  queryKey: ["settings", "account"],
  queryFn: ({ signal }) => getJson<{ account: AccountDoc }>("/auth/account", {}, signal),
  select: (answer) => answer.account,
});

export interface PasswordBody {
  readonly current?: string;
  readonly password: string;
  /** Tokens and personal credentials end too. */
  readonly endTokens?: boolean;
}

export const choosePassword = (body: PasswordBody) => sendJson("PUT", "/auth/password", body);

export interface SessionDoc {
  readonly id: string;
  readonly isCurrent: boolean;
  readonly userAgent: string | null;
  readonly address: string | null;
  readonly createdAt: string;
  readonly lastSeenAt: string;
}

const ofUser = (email: string, rest: string) => `/v1/users/${encodeURIComponent(email)}/${rest}`;

/** @param email null: one's own */
export const sessionsQuery = (email: string | null) =>
  queryOptions({
    queryKey: ["settings", "sessions", email],
    queryFn: ({ signal }) =>
      getJson<{ sessions: SessionDoc[] }>(
        email === null ? "/v1/sessions" : ofUser(email, "sessions"),
        {},
        signal,
      ),
    select: (answer) => answer.sessions,
  });

export const endSession = (id: string) => deleteJson(`/v1/sessions/${encodeURIComponent(id)}`);
export const endOtherSessions = () => deleteJson("/v1/sessions");
export const endSessionsOf = (email: string) => deleteJson(ofUser(email, "sessions"));
export const makePasswordLink = (email: string) =>
  postJson<{ passwordUrl: string }>(ofUser(email, "password-link"));

interface Codes {
  readonly recoveryCodes: readonly string[];
}

const FACTOR = "/auth/second-factor";

/** @param password null: they have none */
export const beginSecondFactor = (password: string | null) =>
  postJson<{ secret: string; uri: string }>(`${FACTOR}/setup`, password === null ? {} : { password });
export const confirmSecondFactor = (code: string) => postJson<Codes>(`${FACTOR}/confirm`, { code });
export const renewRecoveryCodes = (code: string) => postJson<Codes>(`${FACTOR}/recovery-codes`, { code });
export const endSecondFactor = (code: string) => postJson(`${FACTOR}/off`, { code });

/** Of another person. */
export const secondFactorQuery = (email: string) =>
  queryOptions({
    queryKey: ["settings", "second-factor", email],
    queryFn: ({ signal }) =>
      getJson<{ secondFactor: { isOn: boolean } }>(ofUser(email, "second-factor"), {}, signal),
    select: (answer) => answer.secondFactor,
  });
export const resetSecondFactor = (email: string) => deleteJson(ofUser(email, "second-factor"));

export interface SignInPolicy {
  readonly secondFactor: "optional" | "required";
}

const POLICY = "/v1/organization/sign-in";

export const signInPolicyQuery = queryOptions({
  queryKey: ["settings", "sign-in"],
  queryFn: ({ signal }) => getJson<{ signIn: SignInPolicy }>(POLICY, {}, signal),
  select: (answer) => answer.signIn,
});
export const changeSignInPolicy = (policy: SignInPolicy) => sendJson("PUT", POLICY, policy);
