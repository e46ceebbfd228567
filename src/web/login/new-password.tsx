import { Button, PasswordInput } from "@mantine/core";
import { useState } from "react";
import { PageHead } from "../parts/page-head.tsx";
import { Problem } from "./problem.tsx";
import { type SignInAnswer, useSignIn } from "./use-sign-in.ts";

/** What a link to choose a password leads to. */
export function NewPassword({
  token,
  onAnswer,
}: {
  token: string;
  onAnswer: (answer: SignInAnswer) => Promise<void>;
}) {
  const { run, busy, problem } = useSignIn(onAnswer);
  const [password, setPassword] = useState("");
  return (
    <>
      <PageHead title="Choose a password">
        At least 12 characters; a few words that do not belong together are good. Your sessions on other
        devices end.
      </PageHead>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void run("/auth/reset-password", { token, password }, OLD);
        }}
      >
        <PasswordInput
          label="New password"
          autoComplete="new-password"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ "aria-label": "Show password" }}
        />
        <Button type="submit" fullWidth loading={busy} disabled={password.length < 12}>
          Save and sign in
        </Button>
        <Problem text={problem} />
      </form>
    </>
  );
}

const OLD = "This link has been used or is too old. Ask for a new one.";
