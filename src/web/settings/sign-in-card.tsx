import { Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ActDialog } from "../parts/act-dialog.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { changeSignInPolicy, signInPolicyQuery } from "./account-queries.ts";
import { NotYet } from "./not-yet.tsx";
import css from "./settings.module.css";
import { useSettled } from "./use-settled.ts";

/** What the organisation asks of those who sign in. */
export function SignInCard() {
  const policy = useQuery(signInPolicyQuery);
  const [isAsking, setAsking] = useState(false);
  const change = useSettled(changeSignInPolicy, () => setAsking(false));
  if (policy.data === undefined)
    return (
      <NotYet what="the rules of signing in" error={policy.error} onRetry={() => void policy.refetch()} />
    );
  return (
    <section className="card" aria-labelledby="signing-in">
      <div className={css["form"]}>
        <h2 id="signing-in">Signing in</h2>
        <Switch
          label="Everybody needs a second factor"
          description="Who has none sets one up before anything else. Tokens and credentials of programs are not asked."
          checked={policy.data.secondFactor === "required"}
          disabled={change.isPending}
          onChange={(event) =>
            event.currentTarget.checked ? setAsking(true) : change.mutate({ secondFactor: "optional" })
          }
        />
        {isAsking ? (
          <ActDialog
            title="Ask everybody for a second factor?"
            what="ask for a second factor"
            act="Ask everybody"
            write={{ ...change, mutate: () => change.mutate({ secondFactor: "required" }) }}
            onClose={() => setAsking(false)}
          >
            <p>
              Whoever has none, you included, sets one up with an app before anything else, from the next
              click on.
            </p>
          </ActDialog>
        ) : change.error ? (
          <ErrorPanel what="change it" error={change.error} />
        ) : null}
      </div>
    </section>
  );
}
