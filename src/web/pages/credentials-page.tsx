import { Button, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Ago } from "../parts/ago.tsx";
import { ConfirmDelete } from "../parts/confirm-delete.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { NotYet } from "../settings/not-yet.tsx";
import { type AppDoc, appsQuery, createApp, removeApp, renameApp, rotateApp } from "../settings/queries.ts";
import { RowMenu } from "../settings/row-menu.tsx";
import css from "../settings/settings.module.css";
import { ToldOnce } from "../settings/told-once.tsx";
import { useSettled } from "../settings/use-settled.ts";

type Open = { readonly kind: "name" | "rotate" | "delete"; readonly app: AppDoc } | "new" | null;

/** Client ids of the organisation, which may do everything. */
export function CredentialsPage() {
  const apps = useQuery(appsQuery);
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  return (
    <div className="stack">
      <PageHead
        title="API credentials"
        actions={
          <Button size="xs" leftSection={<IconPlus size={15} aria-hidden />} onClick={() => setOpen("new")}>
            Credentials
          </Button>
        }
      >
        Client id and secret for Terraform, exporters and scripts. They may do everything: where a role is
        enough, use a service account.
      </PageHead>
      {apps.data === undefined ? (
        <NotYet what="the credentials" error={apps.error} onRetry={() => void apps.refetch()} />
      ) : (
        <div className="card scroll-x" tabIndex={0} role="region" aria-label="API credentials">
          <table className="data stacked">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Client id</th>
                <th scope="col">Made</th>
                <th scope="col">Changed</th>
                <th scope="col" className={css["actions"]}>
                  <span className="sr">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {apps.data.map((app) => (
                <tr key={app.id}>
                  <td>
                    <strong>{app.name}</strong>
                  </td>
                  <td data-label="Client id">
                    <code>{app.id}</code>
                  </td>
                  <td data-label="Made">
                    <Ago iso={app.createdAt} />
                  </td>
                  <td data-label="Changed">
                    <Ago iso={app.updatedAt} />
                  </td>
                  <td data-label="Actions">
                    <span>
                      <RowMenu
                        label={app.name}
                        actions={[
                          { label: "Rename", onChoose: () => setOpen({ kind: "name", app }) },
                          { label: "New secret", onChoose: () => setOpen({ kind: "rotate", app }) },
                          {
                            label: "Delete",
                            isDanger: true,
                            onChoose: () => setOpen({ kind: "delete", app }),
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
      {open === "new" ? <NameDialog app={null} onClose={close} /> : null}
      {open !== null && open !== "new" && open.kind === "name" ? (
        <NameDialog app={open.app} onClose={close} />
      ) : null}
      {open !== null && open !== "new" && open.kind === "rotate" ? (
        <RotateDialog app={open.app} onClose={close} />
      ) : null}
      {open !== null && open !== "new" && open.kind === "delete" ? (
        <DeleteApp app={open.app} onClose={close} />
      ) : null}
    </div>
  );
}

function NameDialog({ app, onClose }: { app: AppDoc | null; onClose: () => void }) {
  const [name, setName] = useState(app?.name ?? "");
  const create = useSettled(() => createApp(name.trim()));
  const rename = useSettled(() => renameApp(app?.id ?? "", name.trim()), onClose);
  const write = app === null ? create : rename;
  if (create.data)
    return (
      <Dialog title={`${create.data.app.name} is made`} onClose={onClose}>
        <ToldOnce
          credentials={{ clientId: create.data.app.id, clientSecret: create.data.app.secret }}
          onDone={onClose}
        />
      </Dialog>
    );
  return (
    <Dialog title={app === null ? "New credentials" : `Rename ${app.name}`} size={460} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== "") write.mutate(undefined);
        }}
      >
        {write.error ? <ErrorPanel what="save the credentials" error={write.error} /> : null}
        <TextInput
          label="Name"
          required
          data-autofocus
          maxLength={100}
          description="What uses them, so that they can be ended without guessing"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <div className="row">
          <Button type="submit" loading={write.isPending} disabled={name.trim() === ""}>
            {app === null ? "Create" : "Save"}
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function RotateDialog({ app, onClose }: { app: AppDoc; onClose: () => void }) {
  const rotate = useSettled(() => rotateApp(app.id));
  return (
    <Dialog title={`New secret for ${app.name}`} onClose={onClose}>
      {rotate.data ? (
        <ToldOnce
          credentials={{ clientId: rotate.data.app.id, clientSecret: rotate.data.app.secret }}
          onDone={onClose}
        />
      ) : (
        <div className="stack">
          <p>
            The old secret and its tokens end at once: what uses them is refused until it has the new one.
          </p>
          {rotate.error ? <ErrorPanel what="make a new secret" error={rotate.error} /> : null}
          <div className="row">
            <Button loading={rotate.isPending} onClick={() => rotate.mutate(undefined)}>
              Make a new secret
            </Button>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}

function DeleteApp({ app, onClose }: { app: AppDoc; onClose: () => void }) {
  const removal = useSettled(() => removeApp(app.id), onClose);
  return (
    <ConfirmDelete
      title={`Delete ${app.name}?`}
      identifier={app.name}
      consequence="What uses these credentials is refused at once."
      what="delete the credentials"
      removal={{ ...removal, mutate: () => removal.mutate(undefined) }}
      onClose={onClose}
    />
  );
}
