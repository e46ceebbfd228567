import { Select, TextInput } from "@mantine/core";
import { IconRobot } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { meQuery } from "../api/queries.ts";
import { AddButton } from "../parts/add-button.tsx";
import { Ago } from "../parts/ago.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Empty } from "../parts/empty.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { Tag } from "../parts/tag.tsx";
import { type ListColumn, ListTable } from "../settings/list-table.tsx";
import { NotYet } from "../settings/not-yet.tsx";
import { createServiceAccount, SERVICE_ACCOUNT, type UserDoc, usersQuery } from "../settings/queries.ts";
import css from "../settings/settings.module.css";
import { TokenList } from "../settings/token-list.tsx";
import { ToldOnce } from "../settings/told-once.tsx";
import { useOpened } from "../settings/use-opened.ts";
import { useSettled } from "../settings/use-settled.ts";
import { type UserAction, UserActionDialog } from "../settings/user-actions.tsx";
import { UserDialog } from "../settings/user-dialog.tsx";

const COLUMNS: readonly ListColumn<UserDoc>[] = [
  {
    title: "Account",
    cell: ({ name, email }) => (
      <div className={css["person"]}>
        <strong>{name}</strong>
        <span className="muted small">{name === email ? "" : email}</span>
      </div>
    ),
  },
  { title: "Role", cell: ({ roles }) => roles.map(({ name }) => name).join(", ") },
  {
    title: "Status",
    cell: ({ status }) => <Tag tone={status === "Active" ? "good" : "bad"}>{status}</Tag>,
  },
  { title: "Since", cell: ({ createdAt }) => <Ago iso={createdAt} /> },
];

/** Users that are programs: they have a role and credentials, and nobody signs in as them. */
export function ServiceAccountsPage() {
  const users = useQuery(usersQuery);
  const { data: me } = useQuery(meQuery);
  const { opened, open, close } = useOpened<"new" | "edit" | "tokens" | UserAction, UserDoc | null>();
  const user = opened?.row ?? null;
  const isAdmin = me?.user.role === "Admin";
  const accounts = users.data?.filter(({ type }) => type === SERVICE_ACCOUNT);
  return (
    <div className="stack">
      <PageHead
        title="Service accounts"
        actions={isAdmin ? <AddButton onClick={open("new", null)}>New service account</AddButton> : undefined}
      >
        Programs with a role of their own: what they write carries their name, and permissions hold for them.
      </PageHead>
      {accounts === undefined ? (
        <NotYet what="the service accounts" error={users.error} onRetry={() => void users.refetch()} />
      ) : accounts.length === 0 ? (
        <Empty icon={IconRobot} title="No service accounts yet">
          <p>
            {isAdmin
              ? "Create one for each pipeline or script, so that the audit log tells them apart and each can be revoked on its own."
              : "Administrators create them for pipelines and scripts."}
          </p>
        </Empty>
      ) : (
        <ListTable
          label="Service accounts"
          rows={accounts}
          keyOf={({ email }) => email}
          columns={COLUMNS}
          around={null}
          actions={
            isAdmin
              ? {
                  nameOf: ({ name }) => name,
                  of: (row) => [
                    { label: "Roles and teams", onChoose: open("edit", row) },
                    { label: "Tokens", onChoose: open("tokens", row) },
                    { label: "New personal credentials", onChoose: open("credentials", row) },
                    {
                      label: row.status === "Active" ? "Deactivate" : "Activate",
                      onChoose: open("status", row),
                    },
                    { label: "Delete", isDanger: true, onChoose: open("delete", row) },
                  ],
                }
              : null
          }
        />
      )}
      {opened?.kind === "new" ? <NewAccount onClose={close} /> : null}
      {opened?.kind === "edit" && user ? <UserDialog user={user} onClose={close} /> : null}
      {opened?.kind === "tokens" && user ? (
        <Dialog title={`Tokens of ${user.name}`} size={760} onClose={close}>
          <TokenList of={user.email} />
        </Dialog>
      ) : null}
      {user &&
      opened !== null &&
      opened.kind !== "new" &&
      opened.kind !== "edit" &&
      opened.kind !== "tokens" ? (
        <UserActionDialog
          kind={opened.kind}
          user={user.status === "Active" ? user : { ...user, status: "Disabled" }}
          onClose={close}
        />
      ) : null}
    </div>
  );
}

/** The domain that Port's clients know such addresses by. */
const DOMAIN = "serviceaccounts.getport.io";

function NewAccount({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const [role, setRole] = useState("Member");
  const slug = name
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  const email = `${slug}@${DOMAIN}`;
  const create = useSettled(() => createServiceAccount(email, name.trim(), [role]));
  if (create.data)
    return (
      <Dialog title={`${name.trim()} is created`} onClose={onClose}>
        <ToldOnce credentials={create.data.additionalData.credentials} onDone={onClose} />
      </Dialog>
    );
  return (
    <FormDialog
      title="New service account"
      what="create the service account"
      submit="Create"
      write={create}
      isReady={slug !== ""}
      onSubmit={() => create.mutate()}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        required
        data-autofocus
        maxLength={60}
        description={slug === "" ? "What it is for: “release pipeline”" : email}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Select
        label="Role"
        allowDeselect={false}
        data={["Member", "Admin"]}
        value={role}
        onChange={(next) => setRole(next ?? "Member")}
      />
    </FormDialog>
  );
}
