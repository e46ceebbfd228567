import { Button } from "@mantine/core";
import { useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { meQuery } from "../api/queries.ts";
import type { Me } from "../api/types.ts";
import { NewPassword } from "../login/new-password.tsx";
import { Problem } from "../login/problem.tsx";
import { SecondStep } from "../login/second-step.tsx";
import { type SignInAnswer, useSignIn } from "../login/use-sign-in.ts";
import { WaysIn } from "../login/ways-in.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { SetUpSecondFactor } from "../settings/set-up-second-factor.tsx";
import css from "./login-page.module.css";

const route = getRouteApi("/login");

/** Sign-in by password or by a one-time link; then back to where the reader was. */
export function LoginPage() {
  const { token, password, next, sso } = route.useSearch();
  // The guard of the other pages may have asked already.
  const me = useQuery({ ...meQuery, retryOnMount: false });
  const client = useQueryClient();
  const router = useRouter();
  const [secondFactor, setSecondFactor] = useState<string | null>(null);

  const enter = async () => {
    await client.resetQueries({ queryKey: ["me"] });
    if (client.getQueryData(meQuery.queryKey)?.mustSetUpSecondFactor === true) return;
    // Only addresses of this portal: a link to the sign-in page must not send anybody elsewhere.
    const safe = next?.startsWith("/") && !next.startsWith("//") && !next.startsWith("/\\") ? next : "/";
    router.history.push(safe);
  };
  const take = async ({ secondFactorToken }: SignInAnswer) => {
    if (secondFactorToken === undefined) await enter();
    else setSecondFactor(secondFactorToken);
  };

  return (
    <main className={css["page"]}>
      <div className={css["box"]}>
        <div className={css["brand"]}>
          <img src="/favicon.svg" alt="" width={28} height={28} />
          <span>Fairway</span>
        </div>
        {secondFactor !== null && me.data === undefined ? (
          <SecondStep token={secondFactor} onDone={enter} />
        ) : password && me.data === undefined ? (
          <NewPassword token={password} onAnswer={take} />
        ) : (
          <Way {...{ token, next, me }} ssoProblem={sso} onDone={enter} onAnswer={take} />
        )}
      </div>
    </main>
  );
}

/** The way in that fits: none is needed by who is signed in already, e.g. by an old link that was opened again. */
function Way({
  token,
  next,
  ssoProblem,
  me: { data, error, isPending },
  onDone,
  onAnswer,
}: {
  token: string | undefined;
  next: string | undefined;
  ssoProblem: string | undefined;
  me: UseQueryResult<Me>;
  onDone: () => Promise<void>;
  onAnswer: (answer: SignInAnswer) => Promise<void>;
}) {
  if (data?.mustSetUpSecondFactor === true)
    return (
      <>
        <PageHead title="Set up a second factor">Your organisation requires one to go on.</PageHead>
        <SetUpSecondFactor onDone={() => void onDone()} />
      </>
    );
  if (data)
    return (
      <>
        <PageHead title="Signed in">You are signed in as {data.user.name ?? data.user.email}.</PageHead>
        <Button fullWidth onClick={() => void onDone()}>
          Continue
        </Button>
      </>
    );
  if (token) return <LinkForm token={token} onAnswer={onAnswer} />;
  if (isPending) return <PageHead title="Sign in" />;
  return <WaysIn {...{ error, next, ssoProblem, onAnswer }} />;
}

/** Asks before it spends the link: previews of chat and mail programs open addresses, but press no buttons. */
function LinkForm({ token, onAnswer }: { token: string; onAnswer: (answer: SignInAnswer) => Promise<void> }) {
  const { run, busy, problem } = useSignIn(onAnswer);
  return (
    <>
      <PageHead title="Sign in">This one-time link signs you in to the portal.</PageHead>
      <Button fullWidth loading={busy} onClick={() => void run("/auth/link", { token }, LINK_PROBLEMS)}>
        Continue
      </Button>
      <Problem text={problem} />
    </>
  );
}

const LINK_PROBLEMS =
  "This link has been used or is too old. Ask an administrator for a new one; a restart of the server prints theirs.";
