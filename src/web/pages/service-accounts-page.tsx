import { Button, Select, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { meQuery } from "../api/queries.ts";
import { Ago } from "../parts/ago.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { Tag } from "../parts/tag.tsx";
import { NotYet } from "../settings/not-yet.tsx";
import { createServiceAccount, SERVICE_ACCOUNT, type UserDoc, usersQuery } from "../settings/queries.ts";
import { RowMenu } from "../settings/row-menu.tsx";
import css from "../settings/settings.module.css";
import { TokenList } from "../settings/token-list.tsx";
import { ToldOnce } from "../settings/told-once.tsx";
import { useSettled } from "../settings/use-settled.ts";
import { DeactivateUser, DeleteUser, NewCredentials } from "../settings/user-actions.tsx";
import { UserDialog } from "../settings/user-dialog.tsx";

type Open = {
  readonly kind: "edit" | "tokens" | "credentials" | "status" | "delete";
  readonly user: UserDoc;
};

/** Users that are machines: they have a role and credentials, and nobody signs in as them. */
export function ServiceAccountsPage() {
  const users = useQuery(usersQuery);
  const { data: me } = useQuery(meQuery);
  const [creating, setCreating] = useState(false);
  const [open, setOpen] = useState<Open | null>(null);
  const isAdmin = me?.user.role === "Admin";
  const accounts = users.data?.filter(({ type }) => type === SERVICE_ACCOUNT);
  const close = () => setOpen(null);
  const add = (
    <Button size="xs" leftSection={<IconPlus size={15} aria-hidden />} onClick={() => setCreating(true)}>
      Service account
    </Button>
  );
  return (
    <div className="stack">
      <PageHead title="Service accounts" actions={isAdmin ? add : undefined}>
        Machines with a role of their own: what they write carries their name, and permissions hold for them.
      </PageHead>
      {accounts === undefined ? (
        <NotYet what="the service accounts" error={users.error} onRetry={() => void users.refetch()} />
      ) : accounts.length === 0 ? (
        <Empty title="No service accounts yet">
          <p>
            Make one for each pipeline or script, so that each can be seen in the audit log and ended alone.
          </p>
        </Empty>
      ) : (
        <div className="card scroll-x" tabIndex={0} role="region" aria-label="Service accounts">
          <table className="data stacked">
            <thead>
              <tr>
                <th scope="col">Account</th>
                <th scope="col">Role</th>
                <th scope="col">Status</th>
                <th scope="col">Since</th>
                <th scope="col" className={css["actions"]}>
                  <span className="sr">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {accounts.map((user) => (
                <tr key={user.email}>
                  <td>
                    <div className={css["person"]}>
                      <strong>{user.name}</strong>
                      <span className="muted small">{user.name === user.email ? "" : user.email}</span>
                    </div>
                  </td>
                  <td data-label="Role">
                    <span>{user.roles.map(({ name }) => name).join(", ")}</span>
                  </td>
                  <td data-label="Status">
                    <span>
                      <Tag tone={user.status === "Active" ? "good" : "bad"}>{user.status}</Tag>
                    </span>
                  </td>
                  <td data-label="Since">
                    <Ago iso={user.createdAt} />
                  </td>
                  <td data-label="Actions">
                    <span>
                      {isAdmin ? (
                        <RowMenu
                          label={user.name}
                          actions={[
                            { label: "Roles and teams", onChoose: () => setOpen({ kind: "edit", user }) },
                            { label: "Tokens", onChoose: () => setOpen({ kind: "tokens", user }) },
                            {
                              label: "New credentials",
                              onChoose: () => setOpen({ kind: "credentials", user }),
                            },
                            {
                              label: user.status === "Active" ? "Deactivate" : "Activate",
                              onChoose: () => setOpen({ kind: "status", user }),
                            },
                            {
                              label: "Delete",
                              isDanger: true,
                              onChoose: () => setOpen({ kind: "delete", user }),
                            },
                          ]}
                        />
                      ) : null}
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {creating ? <NewAccount onClose={() => setCreating(false)} /> : null}
      {open?.kind === "edit" ? <UserDialog user={open.user} onClose={close} /> : null}
      {open?.kind === "tokens" ? (
        <Dialog title={`Tokens of ${open.user.name}`} size={760} onClose={close}>
          <TokenList of={open.user.email} />
        </Dialog>
      ) : null}
      {open?.kind === "credentials" ? <NewCredentials user={open.user} onClose={close} /> : null}
      {open?.kind === "status" ? (
        <DeactivateUser
          user={open.user.status === "Active" ? open.user : { ...open.user, status: "Disabled" }}
          onClose={close}
        />
      ) : null}
      {open?.kind === "delete" ? <DeleteUser user={open.user} onClose={close} /> : null}
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
  return (
    <Dialog title={create.data ? `${name.trim()} is made` : "New service account"} onClose={onClose}>
      {create.data ? (
        <ToldOnce credentials={create.data.additionalData.credentials} onDone={onClose} />
      ) : (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (slug !== "") create.mutate(undefined);
          }}
        >
          {create.error ? <ErrorPanel what="make the service account" error={create.error} /> : null}
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
          <div className="row">
            <Button type="submit" loading={create.isPending} disabled={slug === ""}>
              Create
            </Button>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
