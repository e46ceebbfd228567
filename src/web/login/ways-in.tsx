import { Button } from "@mantine/core";
import { useState } from "react";
import { ApiError } from "../api/client.ts";
import type { SignInMethods } from "../api/types.ts";
import css from "../pages/login-page.module.css";
import { PageHead } from "../parts/page-head.tsx";
import { ForgotPassword } from "./forgot-password.tsx";
import { PasswordPart } from "./password-part.tsx";
import { Problem } from "./problem.tsx";
import type { SignInAnswer } from "./use-sign-in.ts";

const SSO_PROBLEMS: Readonly<Record<string, string>> = {
  denied: "The provider did not let you in.",
  email: "The provider has not verified your e-mail address, so it cannot be known whose account is yours.",
  unknown: "You have no account here, or it is deactivated. Ask an administrator.",
  taken: "Another account of the provider belongs to your address. Ask an administrator.",
  again: "Signing in took too long, or was begun in another browser. Try again.",
};

interface Props {
  /** What `/auth/me` refused with. */
  error: unknown;
  /** Where to go afterwards. */
  next: string | undefined;
  /** Why signing in by the provider did not work. */
  ssoProblem: string | undefined;
  onAnswer: (answer: SignInAnswer) => Promise<void>;
}

/** The ways in: the provider first, where there is one. */
export function WaysIn({ error, next, ssoProblem, onAnswer }: Props) {
  const [isForgotten, setForgotten] = useState(false);
  const [isLocalWanted, setLocalWanted] = useState(false);
  const methods = methodsOf(error);
  if (isForgotten) return <ForgotPassword onBack={() => setForgotten(false)} />;
  const start = `/auth/sso/start${next === undefined ? "" : `?next=${encodeURIComponent(next)}`}`;
  return (
    <>
      <PageHead title="Sign in" />
      {error instanceof ApiError && error.status !== 401 ? <Problem text={error.message} /> : null}
      {ssoProblem === undefined ? null : (
        <Problem
          text={
            SSO_PROBLEMS[ssoProblem] ??
            "Signing in by the provider failed. Try again; its administrators find why in the log of the server."
          }
        />
      )}
      {methods.sso === null ? null : (
        <Button component="a" href={start} fullWidth>
          Sign in with {methods.sso.name}
        </Button>
      )}
      {methods.isLocalOpen || isLocalWanted ? (
        <PasswordPart methods={methods} onAnswer={onAnswer} onForgotten={() => setForgotten(true)} />
      ) : (
        <button type="button" className={css["link"]} onClick={() => setLocalWanted(true)}>
          The administrator of the server signs in here
        </button>
      )}
    </>
  );
}

/** `/auth/me` names the ways in also when it refuses; without that, the form is shown. */
function methodsOf(error: unknown): SignInMethods {
  const body = error instanceof ApiError ? (error.body as { methods?: SignInMethods } | null) : null;
  return body?.methods ?? { password: true, passwordReset: false, isLocalOpen: true, sso: null };
}
