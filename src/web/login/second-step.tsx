import { Button } from "@mantine/core";
import { useState } from "react";
import { PageHead } from "../parts/page-head.tsx";
import { CodeField } from "../settings/code-field.tsx";
import { Problem } from "./problem.tsx";
import { useSignIn } from "./use-sign-in.ts";

/** The code that signing in asks for besides. */
export function SecondStep({ token, onDone }: { token: string; onDone: () => Promise<void> }) {
  const [code, setCode] = useState("");
  const { run, busy, problem } = useSignIn(onDone);
  return (
    <>
      <PageHead title="One more step" />
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void run("/auth/second-factor", { token, code }, WRONG);
        }}
      >
        <CodeField value={code} onChange={setCode} isRecoveryTaken />
        <Button type="submit" fullWidth loading={busy} disabled={code.trim().length < 6}>
          Sign in
        </Button>
        <Problem text={problem} />
      </form>
    </>
  );
}

const WRONG =
  "This code is wrong, was used before, or is too old. Wait for the next one; after five minutes, begin again.";
