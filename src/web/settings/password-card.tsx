import { Button, Checkbox, PasswordInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ApiError } from "../api/client.ts";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { accountQuery, choosePassword } from "./account-queries.ts";
import css from "./settings.module.css";
import { useSettled } from "./use-settled.ts";

const SHOW = { "aria-label": "Show password" };

/** Choosing one's own password. */
export function PasswordCard() {
  const { data: account } = useQuery(accountQuery);
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const [endTokens, setEndTokens] = useState(false);
  const save = useSettled(choosePassword, () => {
    setCurrent("");
    setPassword("");
    setEndTokens(false);
  });
  if (account === undefined) return null;
  const hasOne = account.password === "own";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(hasOne ? { current, password, endTokens } : { password });
  };
  const isWrong = save.error instanceof ApiError && save.error.status === 401;
  return (
    <section className="card" aria-labelledby="password">
      <form className={css["form"]} onSubmit={submit}>
        <h2 id="password">Password</h2>
        {account.password === "configured" ? (
          <p>
            Your password is a setting of the server (<code>FAIRWAY_ADMIN_PASSWORD</code>) and is changed
            there.
          </p>
        ) : !account.mayHavePassword ? (
          <p>You sign in by your organisation, and need no password here.</p>
        ) : (
          <>
            <p>
              {hasOne
                ? "A new password ends your sessions on other devices."
                : "You have none yet and sign in by links. With a password you can come back whenever you like."}
            </p>
            <input type="hidden" autoComplete="username" value={account.email} readOnly />
            {hasOne ? (
              <PasswordInput
                label="Current password"
                autoComplete="current-password"
                value={current}
                error={isWrong ? "This is not your current password" : null}
                onChange={(event) => setCurrent(event.currentTarget.value)}
                visibilityToggleButtonProps={SHOW}
              />
            ) : null}
            <PasswordInput
              label="New password"
              description="At least 12 characters; a few words that do not belong together are good."
              autoComplete="new-password"
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              visibilityToggleButtonProps={SHOW}
            />
            {hasOne ? (
              <Checkbox
                label="End my tokens and personal credentials too"
                description="When somebody else may know them"
                checked={endTokens}
                onChange={(event) => setEndTokens(event.currentTarget.checked)}
              />
            ) : null}
            {save.error && !isWrong ? <ErrorPanel what="save the password" error={save.error} /> : null}
            <div className="row">
              <Button
                type="submit"
                loading={save.isPending}
                disabled={password.length < 12 || (hasOne && current === "")}
              >
                {hasOne ? "Change the password" : "Choose the password"}
              </Button>
              <span className="muted small" role="status">
                {save.isSuccess && password === "" ? "Saved." : ""}
              </span>
            </div>
          </>
        )}
      </form>
    </section>
  );
}
