import { TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useIsAdmin } from "../api/use-is-admin.ts";
import { ActDialog } from "../parts/act-dialog.tsx";
import { AddButton } from "../parts/add-button.tsx";
import { Ago } from "../parts/ago.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { DeleteDialog } from "../settings/delete-dialog.tsx";
import { type ListColumn, ListTable } from "../settings/list-table.tsx";
import { NotYet } from "../settings/not-yet.tsx";
import { type AppDoc, appsQuery, createApp, removeApp, renameApp, rotateApp } from "../settings/queries.ts";
import { ToldOnce } from "../settings/told-once.tsx";
import { useOpened } from "../settings/use-opened.ts";
import { useSettled } from "../settings/use-settled.ts";

const COLUMNS: readonly ListColumn<AppDoc>[] = [
  { title: "Name", cell: ({ name }) => <strong>{name}</strong> },
  { title: "Client id", cell: ({ id }) => <code>{id}</code> },
  { title: "Created", cell: ({ createdAt }) => <Ago iso={createdAt} /> },
  { title: "Changed", cell: ({ updatedAt }) => <Ago iso={updatedAt} /> },
];

/** Client ids of the organisation, which may do everything. */
export function CredentialsPage() {
  const apps = useQuery(appsQuery);
  const isAdmin = useIsAdmin();
  const { opened, open, close } = useOpened<"name" | "rotate" | "delete", AppDoc | null>();
  const app = opened?.row ?? null;
  return (
    <div className="stack">
      <PageHead
        title="API credentials"
        actions={
          isAdmin ? <AddButton onClick={open("name", null)}>New API credentials</AddButton> : undefined
        }
      >
        Client id and secret of a program: Terraform, an exporter, a script. They may do everything: where a
        role is enough, create a service account.
      </PageHead>
      {apps.data === undefined ? (
        <NotYet what="the API credentials" error={apps.error} onRetry={() => void apps.refetch()} />
      ) : (
        <ListTable
          label="API credentials"
          rows={apps.data}
          keyOf={({ id }) => id}
          columns={COLUMNS}
          around={null}
          actions={{
            nameOf: ({ name }) => name,
            of: (row) => [
              { label: "Rename", onChoose: open("name", row) },
              { label: "New secret", onChoose: open("rotate", row) },
              { label: "Delete", isDanger: true, onChoose: open("delete", row) },
            ],
          }}
        />
      )}
      {opened?.kind === "name" ? <NameDialog app={app} onClose={close} /> : null}
      {opened?.kind === "rotate" && app ? <RotateDialog app={app} onClose={close} /> : null}
      {opened?.kind === "delete" && app ? (
        <DeleteDialog
          title={`Delete ${app.name}?`}
          identifier={app.name}
          consequence="Programs that use these credentials are refused at once."
          what="delete the API credentials"
          remove={() => removeApp(app.id)}
          onClose={close}
        />
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
      <Dialog title={`${create.data.app.name} is created`} onClose={onClose}>
        <ToldOnce
          credentials={{ clientId: create.data.app.id, clientSecret: create.data.app.secret }}
          onDone={onClose}
        />
      </Dialog>
    );
  return (
    <FormDialog
      title={app === null ? "New API credentials" : `Rename ${app.name}`}
      size={460}
      what="save the API credentials"
      submit={app === null ? "Create" : "Save"}
      write={write}
      isReady={name.trim() !== ""}
      onSubmit={() => write.mutate()}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        required
        data-autofocus
        maxLength={100}
        description="Program or person that uses them"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
    </FormDialog>
  );
}

function RotateDialog({ app, onClose }: { app: AppDoc; onClose: () => void }) {
  const rotate = useSettled(() => rotateApp(app.id));
  const title = `New secret for ${app.name}`;
  return rotate.data ? (
    <Dialog title={title} onClose={onClose}>
      <ToldOnce
        credentials={{ clientId: rotate.data.app.id, clientSecret: rotate.data.app.secret }}
        onDone={onClose}
      />
    </Dialog>
  ) : (
    <ActDialog
      title={title}
      what="create a new secret"
      act="Create a new secret"
      write={rotate}
      onClose={onClose}
    >
      <p>The old secret and its tokens end at once: what uses them is refused until it has the new one.</p>
    </ActDialog>
  );
}
