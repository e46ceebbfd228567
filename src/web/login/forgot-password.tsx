import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { PageHead } from "../parts/page-head.tsx";
import { Problem } from "./problem.tsx";
import { useSignIn } from "./use-sign-in.ts";

/** Asks for a link by e-mail. */
export function ForgotPassword({ onBack }: { onBack: () => void }) {
  const [email, setEmail] = useState("");
  const [isAsked, setAsked] = useState(false);
  const { run, busy, problem } = useSignIn(() => setAsked(true));
  if (isAsked)
    return (
      <>
        <PageHead title="Look into your mail">
          If {email} may sign in here, a link to choose a new password is on its way. It is good for two
          hours.
        </PageHead>
        <Button fullWidth variant="default" onClick={onBack}>
          Back to signing in
        </Button>
      </>
    );
  return (
    <>
      <PageHead title="A new password">A link to choose one is sent to you by e-mail.</PageHead>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void run("/auth/forgot-password", { email }, "");
        }}
      >
        <TextInput
          label="Email"
          type="email"
          autoComplete="username"
          required
          withAsterisk={false}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <Button type="submit" fullWidth loading={busy}>
          Send the link
        </Button>
        <Button fullWidth variant="default" onClick={onBack}>
          Back to signing in
        </Button>
        <Problem text={problem} />
      </form>
    </>
  );
}
