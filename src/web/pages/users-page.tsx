import { Button, Select, TextInput } from "@mantine/core";
import { IconPlus, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { meQuery } from "../api/queries.ts";
import { plural } from "../lib/format.ts";
import { holds, type PeopleSearch } from "../lib/people-search.ts";
import { Ago } from "../parts/ago.tsx";
import { Empty } from "../parts/empty.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { Tag } from "../parts/tag.tsx";
import { InviteDialog } from "../settings/invite-dialog.tsx";
import { readRoles } from "../settings/membership-fields.tsx";
import { NotYet } from "../settings/not-yet.tsx";
import { ResetSecondFactor } from "../settings/reset-second-factor.tsx";
import { SERVICE_ACCOUNT, type UserDoc, usersQuery } from "../settings/queries.ts";
import { RowMenu } from "../settings/row-menu.tsx";
import css from "../settings/settings.module.css";
import { DeactivateUser, DeleteUser, NewCredentials, NewSignInLink } from "../settings/user-actions.tsx";
import { UserDialog } from "../settings/user-dialog.tsx";
import { NewPasswordLink, UserSessions } from "../settings/user-sessions.tsx";

const route = getRouteApi("/app/settings/users");
const STATUSES = ["Active", "Invited", "Staged", "Disabled"];

type Action = "status" | "link" | "password" | "sessions" | "factor" | "credentials" | "delete";

/** The people of the organisation: who they are, what they may do, and inviting others. */
export function UsersPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const users = useQuery(usersQuery);
  const { data: me } = useQuery(meQuery);
  const [action, setAction] = useState<{ kind: Action; user: UserDoc } | null>(null);
  const isAdmin = me?.user.role === "Admin";
  const go = (change: PeopleSearch) => void navigate({ search: { ...search, ...change }, replace: true });
  const close = () => {
    const { open: _open, ...rest } = search;
    void navigate({ search: rest, replace: true });
  };
  const people = users.data?.filter(({ type }) => type !== SERVICE_ACCOUNT);
  const { q = "", status } = search;
  const shown = people?.filter(
    (user) =>
      (status === undefined || user.status === status) &&
      holds(q, user.name, user.email, ...user.teams.map(({ name }) => name)),
  );
  const opened = people?.find(({ email }) => email === search.open);

  return (
    <div className="stack">
      <PageHead
        title="Users"
        actions={
          isAdmin ? (
            <Button
              size="xs"
              leftSection={<IconPlus size={15} aria-hidden />}
              onClick={() => go({ open: "invite" })}
            >
              Invite a user
            </Button>
          ) : undefined
        }
      >
        Who may sign in, what they may do, and the teams they are in.
      </PageHead>
      {people === undefined || shown === undefined ? (
        <NotYet what="the users" error={users.error} onRetry={() => void users.refetch()} />
      ) : (
        <>
          <div className={css["toolbar"]}>
            <TextInput
              className={css["find"] ?? ""}
              size="xs"
              type="search"
              aria-label="Search users"
              placeholder="Search by name, e-mail or team"
              leftSection={<IconSearch size={15} aria-hidden />}
              value={q}
              onChange={(event) => {
                const { q: _q, ...rest } = search;
                const text = event.currentTarget.value;
                void navigate({ search: text === "" ? rest : { ...rest, q: text }, replace: true });
              }}
            />
            <Select
              size="xs"
              aria-label="Status"
              placeholder="Any status"
              clearable
              value={status ?? null}
              data={STATUSES}
              onChange={(next) => {
                const { status: _status, ...rest } = search;
                void navigate({ search: next === null ? rest : { ...rest, status: next }, replace: true });
              }}
            />
            <span className="muted small nums" role="status">
              {shown.length === people.length
                ? plural(people.length, "user", "users")
                : `${shown.length} of ${plural(people.length, "user", "users")}`}
            </span>
          </div>
          {shown.length === 0 ? (
            <Empty title={people.length === 0 ? "No users yet" : "Nobody matches."}>
              {people.length === 0 ? (
                <p>Whoever is invited gets a link that signs them in once.</p>
              ) : (
                <Button
                  size="xs"
                  variant="default"
                  onClick={() => void navigate({ search: {}, replace: true })}
                >
                  Clear search
                </Button>
              )}
            </Empty>
          ) : (
            <UserTable
              users={shown}
              me={me?.user.email ?? ""}
              isAdmin={isAdmin}
              onOpen={(user) => go({ open: user.email })}
              onAction={(kind, user) => setAction({ kind, user })}
            />
          )}
        </>
      )}
      {search.open === "invite" && isAdmin ? <InviteDialog onClose={close} /> : null}
      {opened && isAdmin ? <UserDialog key={opened.email} user={opened} onClose={close} /> : null}
      {action ? <ActionDialog {...action} onClose={() => setAction(null)} /> : null}
    </div>
  );
}

function ActionDialog({ kind, user, onClose }: { kind: Action; user: UserDoc; onClose: () => void }) {
  switch (kind) {
    case "status":
      return <DeactivateUser user={user} onClose={onClose} />;
    case "link":
      return <NewSignInLink user={user} onClose={onClose} />;
    case "password":
      return <NewPasswordLink user={user} onClose={onClose} />;
    case "sessions":
      return <UserSessions user={user} onClose={onClose} />;
    case "factor":
      return <ResetSecondFactor user={user} onClose={onClose} />;
    case "credentials":
      return <NewCredentials user={user} onClose={onClose} />;
    default:
      return <DeleteUser user={user} onClose={onClose} />;
  }
}

const TONES = { Active: "good", Invited: "warn", Staged: undefined, Disabled: "bad" } as const;

function UserTable({
  users,
  me,
  isAdmin,
  onOpen,
  onAction,
}: {
  users: readonly UserDoc[];
  me: string;
  isAdmin: boolean;
  onOpen: (user: UserDoc) => void;
  onAction: (kind: Action, user: UserDoc) => void;
}) {
  return (
    <div className="card scroll-x" tabIndex={0} role="region" aria-label="Users">
      <table className="data stacked">
        <thead>
          <tr>
            <th scope="col">User</th>
            <th scope="col">Role</th>
            <th scope="col">Teams</th>
            <th scope="col">Status</th>
            <th scope="col">Since</th>
            {isAdmin ? (
              <th scope="col" className={css["actions"]}>
                <span className="sr">Actions</span>
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {users.map((user) => {
            const { isAdmin: admin, moderated } = readRoles(user.roles.map(({ name }) => name));
            const isOff = user.status === "Disabled";
            const isMe = user.email === me;
            return (
              <tr key={user.email}>
                <td>
                  <div className={css["person"]}>
                    {isAdmin ? (
                      <button type="button" onClick={() => onOpen(user)}>
                        {user.name}
                      </button>
                    ) : (
                      <strong>{user.name}</strong>
                    )}
                    <span className="muted small">
                      {user.name === user.email ? "" : user.email}
                      {isMe ? `${user.name === user.email ? "" : " · "}you` : ""}
                    </span>
                  </div>
                </td>
                <td data-label="Role">
                  <span className={css["tags"]}>
                    {admin ? <Tag tone="good">Admin</Tag> : <Tag>Member</Tag>}
                    {moderated.map((blueprint) => (
                      <Tag key={blueprint}>moderates {blueprint}</Tag>
                    ))}
                  </span>
                </td>
                <td data-label="Teams">
                  <span>{user.teams.map(({ name }) => name).join(", ") || "–"}</span>
                </td>
                <td data-label="Status">
                  <span>
                    <Tag tone={TONES[user.status]}>{user.status}</Tag>
                  </span>
                </td>
                <td data-label="Since">
                  <Ago iso={user.createdAt} />
                </td>
                {isAdmin ? (
                  <td data-label="Actions">
                    <span>
                      <RowMenu
                        label={user.name}
                        actions={[
                          { label: "Roles and teams", onChoose: () => onOpen(user) },
                          ...(isOff
                            ? []
                            : [
                                { label: "New sign-in link", onChoose: () => onAction("link", user) },
                                { label: "New password", onChoose: () => onAction("password", user) },
                              ]),
                          { label: "Second factor", onChoose: () => onAction("factor", user) },
                          { label: "Sessions", onChoose: () => onAction("sessions", user) },
                          { label: "New credentials", onChoose: () => onAction("credentials", user) },
                          ...(isMe
                            ? []
                            : [
                                {
                                  label: isOff ? "Activate" : "Deactivate",
                                  onChoose: () => onAction("status", user),
                                },
                                { label: "Delete", isDanger: true, onChoose: () => onAction("delete", user) },
                              ]),
                        ]}
                      />
                    </span>
                  </td>
                ) : null}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
