import { Button, PasswordInput, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { keepSecret } from "./once.ts";
import { createSource } from "./queries.ts";
import css from "./sources.module.css";
import { StrategyChoice } from "./strategy-choice.tsx";
import type { ConnectorInfo, SettingInfo } from "./types.ts";

/** Address, token and what counts as a deployment; the first run begins when it is sent. */
export function SourceForm({ connector }: { connector: ConnectorInfo }) {
  const [title, setTitle] = useState(connector.title);
  const [settings, setSettings] = useState<Readonly<Record<string, string>>>({});
  const [strategies, setStrategies] = useState<readonly string[]>(() =>
    connector.strategies.filter(({ isDefault }) => isDefault).map(({ id }) => id),
  );
  const client = useQueryClient();
  const navigate = useNavigate();
  const create = useMutation({
    mutationFn: () => createSource({ type: connector.type, title, settings, strategies }),
    onSuccess: async ({ dataSource, webhookSecret }) => {
      keepSecret(dataSource.id, webhookSecret);
      await client.invalidateQueries({ queryKey: ["sources"] });
      void navigate({ to: "/sources/$id", params: { id: dataSource.id } });
    },
  });
  return (
    <form
      className={`card stack ${css["form"]}`}
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate();
      }}
    >
      {create.error ? <ErrorPanel what={`connect ${connector.title}`} error={create.error} /> : null}
      <TextInput
        label="Name"
        description="What it is called here"
        required
        maxLength={100}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      {connector.settings.map((setting) => (
        <SettingField
          key={setting.name}
          setting={setting}
          value={settings[setting.name] ?? ""}
          onChange={(value) => setSettings((old) => ({ ...old, [setting.name]: value }))}
        />
      ))}
      {connector.strategies.length === 0 ? null : (
        <fieldset className={css["choices"]}>
          <legend>What counts as a deployment</legend>
          {connector.strategies.map((strategy, _, all) => (
            <StrategyChoice
              key={strategy.id}
              {...{ strategy, all }}
              chosen={strategies}
              onChange={setStrategies}
            />
          ))}
        </fieldset>
      )}
      <div className="row">
        <Button type="submit" loading={create.isPending}>
          Connect
        </Button>
        <Button component={Link} to="/sources" variant="default">
          Cancel
        </Button>
        <span className="muted small">Tokens are encrypted and never shown again.</span>
      </div>
    </form>
  );
}

interface FieldProps {
  setting: SettingInfo;
  value: string;
  onChange: (value: string) => void;
}

/** Keys come in several lines. */
const isKey = (name: string): boolean => /privatekey|pem/i.test(name);

/** One setting of a connector: a text, a secret, or a key of several lines. */
export function SettingField({ setting, value, onChange }: FieldProps) {
  const { name, title, help, secret, required } = setting;
  const common = {
    label: title,
    description: help,
    required: required === true,
    value,
    placeholder: setting.default ?? "",
    autoComplete: "off",
    spellCheck: false,
  };
  if (secret && isKey(name))
    return (
      <Textarea {...common} minRows={3} autosize onChange={(event) => onChange(event.currentTarget.value)} />
    );
  if (secret)
    return (
      <PasswordInput
        {...common}
        autoComplete="new-password"
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  return <TextInput {...common} onChange={(event) => onChange(event.currentTarget.value)} />;
}
