import { useState } from "react";
import { ApiError, postJson } from "../api/client.ts";

/** What an attempt is answered with: it is done, or a second factor is asked for. */
export interface SignInAnswer {
  readonly secondFactorToken?: string;
}

/** Sends one attempt; a failure becomes a sentence. `refused` is what a 401 means here. */
export function useSignIn(onDone: (answer: SignInAnswer) => Promise<void> | void) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const run = async (path: string, body: Record<string, string>, refused: string) => {
    setBusy(true);
    setProblem(null);
    try {
      await onDone(await postJson<SignInAnswer>(path, body));
    } catch (error) {
      setProblem(problemText(error, refused));
    } finally {
      setBusy(false);
    }
  };
  return { run, busy, problem };
}

function problemText(error: unknown, refused: string): string {
  if (!(error instanceof ApiError)) return "Signing in failed for an unknown reason. Try again.";
  if (error.status === 401) return refused;
  if (error.status === 429)
    return `Too many attempts. Wait a few minutes, then try again. (${error.message})`;
  const id = error.requestId ? ` Request id ${error.requestId}.` : "";
  return `${error.message}${id}`;
}
