import { PasswordInput, TextInput } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useIsAdmin } from "../api/use-is-admin.ts";
import { Actor } from "../parts/actor.tsx";
import { AddButton } from "../parts/add-button.tsx";
import { Ago } from "../parts/ago.tsx";
import { Empty } from "../parts/empty.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { DeleteDialog } from "../settings/delete-dialog.tsx";
import { type ListColumn, ListTable } from "../settings/list-table.tsx";
import { NotYet } from "../settings/not-yet.tsx";
import {
  changeSecret,
  createSecret,
  removeSecret,
  type SecretDoc,
  secretsQuery,
} from "../settings/queries.ts";
import { useOpened } from "../settings/use-opened.ts";
import { useSettled } from "../settings/use-settled.ts";

const COLUMNS: readonly ListColumn<SecretDoc>[] = [
  { title: "Name", cell: ({ secretName }) => <code>{secretName}</code> },
  { title: "Description", cell: ({ description }) => description ?? "–" },
  { title: "Changed", cell: ({ updatedAt }) => <Ago iso={updatedAt} /> },
  { title: "By", cell: ({ updatedBy }) => <Actor id={updatedBy} /> },
];

/** Names of secrets; their values are encrypted and never come back. */
export function SecretsPage() {
  const secrets = useQuery(secretsQuery);
  const isAdmin = useIsAdmin();
  const { opened, open, close } = useOpened<"edit" | "delete", SecretDoc | null>();
  const secret = opened?.row ?? null;
  return (
    <div className="stack">
      <PageHead
        title="Secrets"
        actions={isAdmin ? <AddButton onClick={open("edit", null)}>New secret</AddButton> : undefined}
      >
        Values are encrypted and never shown again; their names can be referred to.
      </PageHead>
      {secrets.data === undefined ? (
        <NotYet what="the secrets" error={secrets.error} onRetry={() => void secrets.refetch()} />
      ) : secrets.data.length === 0 ? (
        <Empty icon={IconKey} title="No secrets yet">
          <p>Keep tokens and passwords here instead of in definitions that others can read.</p>
        </Empty>
      ) : (
        <ListTable
          label="Secrets"
          rows={secrets.data}
          keyOf={({ secretName }) => secretName}
          columns={COLUMNS}
          around={null}
          actions={{
            nameOf: ({ secretName }) => secretName,
            of: (row) => [
              { label: "Change", onChoose: open("edit", row) },
              { label: "Delete", isDanger: true, onChoose: open("delete", row) },
            ],
          }}
        />
      )}
      {opened?.kind === "edit" ? <SecretDialog secret={secret} onClose={close} /> : null}
      {opened?.kind === "delete" && secret ? (
        <DeleteDialog
          title={`Delete ${secret.secretName}?`}
          identifier={secret.secretName}
          consequence="Actions and webhooks that refer to it fail from now on. The value cannot be brought back."
          what="delete the secret"
          remove={() => removeSecret(secret.secretName)}
          onClose={close}
        />
      ) : null}
    </div>
  );
}

function SecretDialog({ secret, onClose }: { secret: SecretDoc | null; onClose: () => void }) {
  const [name, setName] = useState("");
  const [value, setValue] = useState("");
  const [description, setDescription] = useState(secret?.description ?? "");
  const save = useSettled(
    () =>
      secret === null
        ? createSecret({ secretName: name, secretValue: value, description: description || null })
        : changeSecret(secret.secretName, {
            ...(value === "" ? {} : { secretValue: value }),
            description: description || null,
          }),
    onClose,
  );
  const isValid = /^[A-Za-z0-9_-]{1,100}$/.test(name);
  return (
    <FormDialog
      title={secret === null ? "New secret" : secret.secretName}
      what="save the secret"
      submit={secret === null ? "Create" : "Save"}
      write={save}
      isReady={secret !== null || (isValid && value !== "")}
      onSubmit={() => save.mutate()}
      onClose={onClose}
      autoComplete="off"
    >
      {secret === null ? (
        <TextInput
          label="Name"
          required
          data-autofocus
          maxLength={100}
          error={name === "" || isValid ? null : "Letters, digits, - and _ only"}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      ) : null}
      <PasswordInput
        label="Value"
        required={secret === null}
        description={secret === null ? undefined : "Left empty, the value stays as it is"}
        autoComplete="new-password"
        maxLength={65_536}
        visibilityToggleButtonProps={{ "aria-label": "Show what is typed" }}
        value={value}
        onChange={(event) => setValue(event.currentTarget.value)}
      />
      <TextInput
        label="Description"
        maxLength={200}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
