import { Button, PasswordInput, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Ago } from "../parts/ago.tsx";
import { ConfirmDelete } from "../parts/confirm-delete.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { NotYet } from "../settings/not-yet.tsx";
import {
  changeSecret,
  createSecret,
  removeSecret,
  type SecretDoc,
  secretsQuery,
} from "../settings/queries.ts";
import { RowMenu } from "../settings/row-menu.tsx";
import css from "../settings/settings.module.css";
import { useSettled } from "../settings/use-settled.ts";

type Open = { readonly kind: "edit" | "delete"; readonly secret: SecretDoc } | "new" | null;

/** Names of secrets; their values are encrypted and never come back. */
export function SecretsPage() {
  const secrets = useQuery(secretsQuery);
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  return (
    <div className="stack">
      <PageHead
        title="Secrets"
        actions={
          <Button size="xs" leftSection={<IconPlus size={15} aria-hidden />} onClick={() => setOpen("new")}>
            Secret
          </Button>
        }
      >
        Values are encrypted and never shown again; their names can be referred to.
      </PageHead>
      {secrets.data === undefined ? (
        <NotYet what="the secrets" error={secrets.error} onRetry={() => void secrets.refetch()} />
      ) : secrets.data.length === 0 ? (
        <Empty title="No secrets yet">
          <p>Keep tokens and passwords here instead of in definitions that others can read.</p>
        </Empty>
      ) : (
        <div className="card scroll-x" tabIndex={0} role="region" aria-label="Secrets">
          <table className="data stacked">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Description</th>
                <th scope="col">Changed</th>
                <th scope="col">By</th>
                <th scope="col" className={css["actions"]}>
                  <span className="sr">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {secrets.data.map((secret) => (
                <tr key={secret.secretName}>
                  <td>
                    <code>{secret.secretName}</code>
                  </td>
                  <td data-label="Description">
                    <span>{secret.description ?? "–"}</span>
                  </td>
                  <td data-label="Changed">
                    <Ago iso={secret.updatedAt} />
                  </td>
                  <td data-label="By">
                    <span>{secret.updatedBy}</span>
                  </td>
                  <td data-label="Actions">
                    <span>
                      <RowMenu
                        label={secret.secretName}
                        actions={[
                          { label: "Change", onChoose: () => setOpen({ kind: "edit", secret }) },
                          {
                            label: "Delete",
                            isDanger: true,
                            onChoose: () => setOpen({ kind: "delete", secret }),
                          },
                        ]}
                      />
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {open === "new" ? <SecretDialog secret={null} onClose={close} /> : null}
      {open !== null && open !== "new" && open.kind === "edit" ? (
        <SecretDialog secret={open.secret} onClose={close} />
      ) : null}
      {open !== null && open !== "new" && open.kind === "delete" ? (
        <DeleteSecret secret={open.secret} onClose={close} />
      ) : null}
    </div>
  );
}

function DeleteSecret({ secret, onClose }: { secret: SecretDoc; onClose: () => void }) {
  const removal = useSettled(() => removeSecret(secret.secretName), onClose);
  return (
    <ConfirmDelete
      title={`Delete ${secret.secretName}?`}
      identifier={secret.secretName}
      consequence="What refers to it fails from now on. The value cannot be brought back."
      what="delete the secret"
      removal={{ ...removal, mutate: () => removal.mutate(undefined) }}
      onClose={onClose}
    />
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
    <Dialog title={secret === null ? "New secret" : secret.secretName} onClose={onClose}>
      <form
        className="stack"
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(undefined);
        }}
      >
        {save.error ? <ErrorPanel what="save the secret" error={save.error} /> : null}
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
        <div className="row">
          <Button
            type="submit"
            loading={save.isPending}
            disabled={secret === null && (!isValid || value === "")}
          >
            {secret === null ? "Create" : "Save"}
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
