import { Button, PasswordInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { newSecret } from "../lib/new-secret.ts";
import { Bone } from "../parts/bone.tsx";
import { Command } from "../parts/command.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Tag } from "../parts/tag.tsx";
import { secretOf } from "./once.ts";
import { changeSource, checkSource } from "./queries.ts";
import css from "./sources.module.css";
import type { ConnectorInfo, DataSource } from "./types.ts";

const ChangeSource = lazy(() =>
  import("./change-source.tsx").then((module) => ({ default: module.ChangeSource })),
);

/** Where the system sends its events, and whether it answers. */
export function WebhookPanel({
  source,
  connector,
  isNamed,
}: {
  source: DataSource;
  connector: ConnectorInfo | undefined;
  /** Whether it is known what its settings are called. */
  isNamed: boolean;
}) {
  const [secret, setSecret] = useState(() => secretOf(source.id));
  const check = useMutation({ mutationFn: () => checkSource(source.id) });
  const [pasted, setPasted] = useState("");
  const renew = useMutation({
    mutationFn: (webhookSecret: string) => changeSource(source.id, { webhookSecret }),
    onSuccess: (_, made) => {
      // What was pasted is known to the one who pasted it.
      setSecret(made === pasted ? null : made);
      setPasted("");
    },
  });
  const [isChanging, setChanging] = useState(false);
  const error = check.error ?? renew.error;
  const titles = new Map(connector?.settings.map(({ name, title }) => [name, title]));
  const secrets =
    connector?.settings.filter((one) => one.secret).map(({ name }) => name) ?? source.secretSettings;
  const nameOf = (name: string) => (isNamed ? (titles.get(name) ?? name) : <Bone width={110} height={19} />);
  return (
    <section className="card stack" aria-labelledby="connection">
      <h2 id="connection">Connection</h2>
      {error ? <ErrorPanel what="do that" error={error} /> : null}
      <dl className={css["facts"]}>
        {Object.entries(source.settings).map(([name, value]) => (
          <div key={name} style={{ display: "contents" }}>
            <dt>{nameOf(name)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {secrets.map((name) => (
          <div key={name} style={{ display: "contents" }}>
            <dt>{nameOf(name)}</dt>
            <dd className="muted">{source.secretSettings.includes(name) ? "encrypted" : "not set"}</dd>
          </div>
        ))}
      </dl>
      <div className="row">
        {connector === undefined ? null : (
          <Button size="xs" variant="default" onClick={() => setChanging(true)}>
            Change
          </Button>
        )}
        <Button size="xs" variant="default" loading={check.isPending} onClick={() => check.mutate()}>
          Check the connection
        </Button>
        {check.data ? (
          <span role="status">
            <Tag tone={check.data.connected ? "good" : "bad"}>
              {check.data.connected ? "Connected" : "Not connected"}
            </Tag>{" "}
            {check.data.message}
          </span>
        ) : null}
      </div>
      <Suspense>
        {isChanging && connector ? (
          <ChangeSource source={source} connector={connector} onClose={() => setChanging(false)} />
        ) : null}
      </Suspense>
      <h3>Live events</h3>
      <p className="muted small">{source.webhookHelp}</p>
      <Command label="address of the webhook" text={source.webhookUrl ?? ""} />
      {secret === null ? (
        <div className="row">
          <span className="muted small" role="status">
            {renew.isSuccess ? "The secret is kept." : "The secret was shown when the source was connected."}
          </span>
          <Button
            size="compact-xs"
            variant="default"
            loading={renew.isPending}
            onClick={() => renew.mutate(newSecret())}
          >
            Create a new secret
          </Button>
        </div>
      ) : (
        <>
          <p className="small">
            <strong>Copy the secret now</strong>: it is not shown again.
          </p>
          <Command label="secret of the webhook" text={secret} />
        </>
      )}
      <details>
        <summary>Use a secret that {connector?.title ?? "the system"} generated</summary>
        <form
          className="row"
          style={{ marginTop: 8, alignItems: "flex-end" }}
          onSubmit={(event) => {
            event.preventDefault();
            renew.mutate(pasted);
          }}
        >
          <PasswordInput
            label="Secret that the system signs with"
            w={320}
            minLength={8}
            required
            autoComplete="new-password"
            value={pasted}
            onChange={(event) => setPasted(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" loading={renew.isPending}>
            Keep it
          </Button>
        </form>
      </details>
    </section>
  );
}
