import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { ApiError, postJson } from "../api/client.ts";
import { meQuery } from "../api/queries.ts";
import type { Me } from "../api/types.ts";
import { PageHead } from "../parts/page-head.tsx";
import css from "./login-page.module.css";

const route = getRouteApi("/login");

/** Sign-in by password or by the one-time link the server prints; then back to where the reader was. */
export function LoginPage() {
  const { token, next } = route.useSearch();
  // The guard of the other pages may have asked already.
  const me = useQuery({ ...meQuery, retryOnMount: false });
  const client = useQueryClient();
  const router = useRouter();

  const enter = async () => {
    await client.resetQueries({ queryKey: ["me"] });
    // Only addresses of this portal: a link to the sign-in page must not send anybody elsewhere.
    const safe = next?.startsWith("/") && !next.startsWith("//") && !next.startsWith("/\\") ? next : "/";
    router.history.push(safe);
  };

  return (
    <main className={css["page"]}>
      <div className={css["box"]}>
        <div className={css["brand"]}>
          <img src="/favicon.svg" alt="" width={28} height={28} />
          <span>Fairway</span>
        </div>
        <Way token={token} me={me} onDone={enter} />
      </div>
    </main>
  );
}

/** The way in that fits: none is needed by who is signed in already, e.g. by an old link that was opened again. */
function Way({
  token,
  me: { data, error, isPending },
  onDone,
}: {
  token: string | undefined;
  me: UseQueryResult<Me>;
  onDone: () => Promise<void>;
}) {
  if (data)
    return (
      <>
        <PageHead title="Signed in">You are signed in as {data.user.name ?? data.user.email}.</PageHead>
        <Button fullWidth onClick={() => void onDone()}>
          Continue
        </Button>
      </>
    );
  if (token) return <LinkForm token={token} onDone={onDone} />;
  if (isPending) return <PageHead title="Sign in" />;
  return <PasswordPart error={error} onDone={onDone} />;
}

/** Asks before it spends the link: previews of chat and mail programs open addresses, but press no buttons. */
function LinkForm({ token, onDone }: { token: string; onDone: () => Promise<void> }) {
  const { run, busy, problem } = useSignIn(onDone);
  return (
    <>
      <PageHead title="Sign in">This one-time link signs you in to the portal as its administrator.</PageHead>
      <Button fullWidth loading={busy} onClick={() => void run("/auth/link", { token }, LINK_PROBLEMS)}>
        Continue
      </Button>
      <Problem text={problem} />
    </>
  );
}

function PasswordPart({ error, onDone }: { error: unknown; onDone: () => Promise<void> }) {
  const { run, busy, problem } = useSignIn(onDone);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const offered = passwordOffered(error);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run("/auth/login", { email, password }, PASSWORD_PROBLEMS);
  };

  return (
    <>
      <PageHead title="Sign in" />
      {error instanceof ApiError && error.status !== 401 ? <Problem text={error.message} /> : null}
      {offered ? (
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
          <Button type="submit" fullWidth loading={busy}>
            Sign in
          </Button>
          <Problem text={problem} />
        </form>
      ) : null}
      <div className={css["hint"]}>
        <h2>{offered ? "No password?" : "Use the one-time link"}</h2>
        <p>
          The server prints a one-time sign-in link in the terminal it was started from. Open that link in
          this browser. It is good for a day, and every restart prints a new one.
        </p>
        {offered ? null : (
          <p>
            To sign in with a password instead, start the server with <code>FAIRWAY_ADMIN_EMAIL</code> and{" "}
            <code>FAIRWAY_ADMIN_PASSWORD</code> set.
          </p>
        )}
      </div>
    </>
  );
}

function Problem({ text }: { text: string | null }) {
  return (
    <p role="alert" className={css["problem"]} hidden={text === null}>
      {text}
    </p>
  );
}

const PASSWORD_PROBLEMS = "This email and password do not belong together. Check both and try again.";
const LINK_PROBLEMS =
  "This link has been used or is too old. Restart the server, or look in its terminal for the newest link.";

/** Sends one attempt; a failure becomes a sentence. `refused` is what a 401 means here. */
function useSignIn(onDone: () => Promise<void>) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const run = async (path: string, body: Record<string, string>, refused: string) => {
    setBusy(true);
    setProblem(null);
    try {
      await postJson(path, body);
      await onDone();
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

/** `/auth/me` names the ways in also when it refuses; without that, the form is shown. */
function passwordOffered(error: unknown): boolean {
  const body = error instanceof ApiError ? (error.body as { methods?: { password?: boolean } } | null) : null;
  return body?.methods?.password ?? true;
}
