import { Button, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { meQuery } from "../api/queries.ts";
import { plural } from "../lib/format.ts";
import { holds, type PeopleSearch, withPeople } from "../lib/people-search.ts";
import { AddButton } from "../parts/add-button.tsx";
import { Ago } from "../parts/ago.tsx";
import { Empty } from "../parts/empty.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { SearchField } from "../parts/search-field.tsx";
import { Tag } from "../parts/tag.tsx";
import { InviteDialog } from "../settings/invite-dialog.tsx";
import { type ListColumn, ListTable } from "../settings/list-table.tsx";
import { readRoles } from "../settings/membership-fields.tsx";
import { NotYet } from "../settings/not-yet.tsx";
import { SERVICE_ACCOUNT, type UserDoc, usersQuery } from "../settings/queries.ts";
import type { MenuAction } from "../parts/actions-menu.tsx";
import css from "../settings/settings.module.css";
import { type UserAction, UserActionDialog } from "../settings/user-actions.tsx";
import { UserDialog } from "../settings/user-dialog.tsx";

const route = getRouteApi("/app/settings/users");
const STATUSES = ["Active", "Invited", "Staged", "Disabled"];

/** The people of the organisation: who they are, what they may do, and inviting others. */
export function UsersPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const users = useQuery(usersQuery);
  const { data: me } = useQuery(meQuery);
  const [action, setAction] = useState<{ kind: UserAction; user: UserDoc } | null>(null);
  const isAdmin = me?.user.role === "Admin";
  const go = (change: { [Key in keyof PeopleSearch]?: string | undefined }) =>
    void navigate({ search: (now) => withPeople(now, change), replace: true });
  const close = () => go({ open: undefined });
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
          isAdmin ? <AddButton onClick={() => go({ open: "invite" })}>Invite a user</AddButton> : undefined
        }
      >
        People who can sign in, with their roles and teams.
      </PageHead>
      {people === undefined || shown === undefined ? (
        <NotYet what="the users" error={users.error} onRetry={() => void users.refetch()} />
      ) : (
        <>
          <div className={css["toolbar"]}>
            <SearchField
              label="Search users"
              placeholder="Search by name, e-mail or team"
              value={q}
              onChange={(text) => go({ q: text })}
            />
            <Select
              size="xs"
              aria-label="Status"
              placeholder="Any status"
              clearable
              value={status ?? null}
              data={STATUSES}
              onChange={(next) => go({ status: next ?? undefined })}
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
      {action ? <UserActionDialog {...action} onClose={() => setAction(null)} /> : null}
    </div>
  );
}

const TONES = { Active: "good", Invited: "warn", Staged: undefined, Disabled: "bad" } as const;

interface Around {
  readonly me: string;
  readonly isAdmin: boolean;
  readonly onOpen: (user: UserDoc) => void;
}

const COLUMNS: readonly ListColumn<UserDoc, Around>[] = [
  {
    title: "User",
    cell: (user, { me, isAdmin, onOpen }) => (
      <div className={css["person"]}>
        {isAdmin ? (
          <button type="button" onClick={() => onOpen(user)}>
            {user.name}
          </button>
        ) : (
          <strong>{user.name}</strong>
        )}
        <span className="muted small">
          {[user.name === user.email ? "" : user.email, user.email === me ? "you" : ""]
            .filter((part) => part !== "")
            .join(" · ")}
        </span>
      </div>
    ),
  },
  { title: "Role", cell: ({ roles }) => <Roles names={roles.map(({ name }) => name)} /> },
  { title: "Teams", cell: ({ teams }) => teams.map(({ name }) => name).join(", ") || "–" },
  { title: "Status", cell: ({ status }) => <Tag tone={TONES[status]}>{status}</Tag> },
  { title: "Since", cell: ({ createdAt }) => <Ago iso={createdAt} /> },
];

function UserTable({
  users,
  me,
  isAdmin,
  onOpen,
  onAction,
}: Around & { users: readonly UserDoc[]; onAction: (kind: UserAction, user: UserDoc) => void }) {
  const actionsOf = (user: UserDoc): MenuAction[] => {
    const isOff = user.status === "Disabled";
    return [
      { label: "Roles and teams", onChoose: () => onOpen(user) },
      ...(isOff
        ? []
        : [
            { label: "New sign-in link", onChoose: () => onAction("link", user) },
            { label: "New password", onChoose: () => onAction("password", user) },
          ]),
      { label: "Second factor", onChoose: () => onAction("factor", user) },
      { label: "Sessions", onChoose: () => onAction("sessions", user) },
      { label: "New personal credentials", onChoose: () => onAction("credentials", user) },
      ...(user.email === me
        ? []
        : [
            { label: isOff ? "Activate" : "Deactivate", onChoose: () => onAction("status", user) },
            { label: "Delete", isDanger: true, onChoose: () => onAction("delete", user) },
          ]),
    ];
  };
  return (
    <ListTable
      label="Users"
      rows={users}
      keyOf={({ email }) => email}
      columns={COLUMNS}
      around={{ me, isAdmin, onOpen }}
      actions={isAdmin ? { nameOf: ({ name }) => name, of: actionsOf } : null}
    />
  );
}

function Roles({ names }: { names: readonly string[] }) {
  const { isAdmin, moderated } = readRoles(names);
  return (
    <span className={css["tags"]}>
      {isAdmin ? <Tag tone="good">Admin</Tag> : <Tag>Member</Tag>}
      {moderated.map((blueprint) => (
        <Tag key={blueprint}>moderates {blueprint}</Tag>
      ))}
    </span>
  );
}
