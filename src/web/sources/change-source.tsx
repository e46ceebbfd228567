import { NumberInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormDialog } from "../parts/form-dialog.tsx";
import { changeSource } from "./queries.ts";
import { SettingField } from "./source-form.tsx";
import type { ConnectorInfo, DataSource } from "./types.ts";

/** Another token, address, name or interval: what a source was connected with. Secrets that stay empty stay as they are. */
export function ChangeSource({
  source,
  connector,
  onClose,
}: {
  source: DataSource;
  connector: ConnectorInfo;
  onClose: () => void;
}) {
  const [title, setTitle] = useState(source.title);
  const [settings, setSettings] = useState(source.settings);
  const [minutes, setMinutes] = useState<number | string>(source.resyncMinutes ?? "");
  const client = useQueryClient();
  // What is sent as settings begins a full sync: only what is another.
  const changed = Object.entries(settings).filter(([name, value]) => value !== (source.settings[name] ?? ""));
  const save = useMutation({
    mutationFn: () =>
      changeSource(source.id, {
        title,
        resyncMinutes: typeof minutes === "number" ? minutes : null,
        ...(changed.length === 0 ? {} : { settings: Object.fromEntries(changed) }),
      }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["sources"] });
      onClose();
    },
  });
  return (
    <FormDialog
      title={`Change ${source.title}`}
      size={640}
      what="change the data source"
      submit="Save"
      write={save}
      isReady={title.trim() !== ""}
      onSubmit={() => save.mutate()}
      onClose={onClose}
      autoComplete="off"
      note={<span className="muted small">Other settings begin a full sync.</span>}
    >
      <TextInput
        label="Name"
        data-autofocus
        required
        maxLength={100}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      {connector.settings.map((setting) => {
        const isSet = source.secretSettings.includes(setting.name);
        return (
          <SettingField
            key={setting.name}
            setting={isSet ? { ...setting, required: undefined, default: "Leave empty to keep it" } : setting}
            value={settings[setting.name] ?? ""}
            onChange={(value) => setSettings((old) => ({ ...old, [setting.name]: value }))}
          />
        );
      })}
      <NumberInput
        label="Minutes between full syncs"
        description="Empty: none but those that you begin"
        hideControls
        allowDecimal={false}
        min={1}
        max={525_600}
        value={minutes}
        onChange={setMinutes}
      />
    </FormDialog>
  );
}
