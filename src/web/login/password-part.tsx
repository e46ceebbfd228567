import { Button, PasswordInput, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { SignInMethods } from "../api/types.ts";
import css from "../pages/login-page.module.css";
import { Problem } from "./problem.tsx";
import { type SignInAnswer, useSignIn } from "./use-sign-in.ts";

interface Props {
  methods: SignInMethods;
  onAnswer: (answer: SignInAnswer) => Promise<void>;
  onForgotten: () => void;
}

/** Signing in with a password, and what to do without one. */
export function PasswordPart({ methods, onAnswer, onForgotten }: Props) {
  const { run, busy, problem } = useSignIn(onAnswer);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run("/auth/login", { email, password }, PASSWORD_PROBLEMS);
  };
  return (
    <>
      {methods.password ? (
        <form onSubmit={submit} className="stack">
          <TextInput
            label="Email"
            type="email"
            autoComplete="username"
            required
            withAsterisk={false}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            visibilityToggleButtonProps={{ "aria-label": "Show password" }}
          />
          <Button
            type="submit"
            fullWidth
            loading={busy}
            variant={methods.sso === null ? "filled" : "default"}
          >
            Sign in
          </Button>
          <Problem text={problem} />
        </form>
      ) : null}
      {methods.passwordReset ? (
        <button type="button" className={css["link"]} onClick={onForgotten}>
          Forgot your password?
        </button>
      ) : null}
      <div className={css["hint"]}>
        <h2>{methods.password ? "No password?" : "Use the one-time link"}</h2>
        <p>
          Administrators make links that sign in once; the first one is printed by the server, in the terminal
          that it was started from. Open it in this browser. It is good for a day, and every restart prints a
          new one.
        </p>
        {methods.password ? null : (
          <p>
            To sign in with a password instead, start the server with <code>FAIRWAY_ADMIN_EMAIL</code> and{" "}
            <code>FAIRWAY_ADMIN_PASSWORD</code> set.
          </p>
        )}
      </div>
    </>
  );
}

const PASSWORD_PROBLEMS = "This email and password do not belong together. Check both and try again.";
