import { Button } from "@mantine/core";
import { IconSearch, IconUsersGroup } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { meQuery } from "../api/queries.ts";
import { plural } from "../lib/format.ts";
import { holds, type PeopleSearch, withPeople } from "../lib/people-search.ts";
import { AddButton } from "../parts/add-button.tsx";
import { Ago } from "../parts/ago.tsx";
import { Empty } from "../parts/empty.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { SearchField } from "../parts/search-field.tsx";
import { DeleteDialog } from "../settings/delete-dialog.tsx";
import { type ListColumn, ListTable } from "../settings/list-table.tsx";
import { NotYet } from "../settings/not-yet.tsx";
import { removeTeam, type TeamDoc, teamsQuery } from "../settings/queries.ts";
import css from "../settings/settings.module.css";
import { TeamDialog } from "../settings/team-dialog.tsx";

const route = getRouteApi("/app/settings/teams");

/** Teams with their members: they own entities, and permissions name them. */
export function TeamsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const teams = useQuery(teamsQuery);
  const { data: me } = useQuery(meQuery);
  const [deleting, setDeleting] = useState<TeamDoc | null>(null);
  const isAdmin = me?.user.role === "Admin";
  const { q = "", open } = search;
  const shown = teams.data?.filter((team) => holds(q, team.name, team.description ?? ""));
  const go = (change: { [Key in keyof PeopleSearch]?: string | undefined }) =>
    void navigate({ search: (now) => withPeople(now, change), replace: true });
  const openTeam = (name: string) => go({ open: name });
  const close = () => go({ open: undefined });
  const opened = open === "new" ? null : teams.data?.find(({ name }) => name === open);
  return (
    <div className="stack">
      <PageHead
        title="Teams"
        actions={isAdmin ? <AddButton onClick={() => openTeam("new")}>New team</AddButton> : undefined}
      >
        Groups of people that own entities and can be named in permissions.
      </PageHead>
      {teams.data === undefined || shown === undefined ? (
        <NotYet what="the teams" error={teams.error} onRetry={() => void teams.refetch()} />
      ) : teams.data.length === 0 ? (
        <Empty icon={IconUsersGroup} title="No teams yet">
          <p>Entities with owners show who to ask, and members find what is theirs.</p>
          {isAdmin ? (
            <Button size="xs" variant="default" onClick={() => openTeam("new")}>
              Create the first
            </Button>
          ) : null}
        </Empty>
      ) : (
        <>
          <div className={css["toolbar"]}>
            <SearchField
              label="Search teams"
              placeholder="Search by name"
              value={q}
              onChange={(text) => go({ q: text })}
            />
            <span className="muted small nums" role="status">
              {plural(shown.length, "team")}
            </span>
          </div>
          {shown.length === 0 ? (
            <Empty icon={IconSearch} title="No team is called so." />
          ) : (
            <TeamTable teams={shown} isAdmin={isAdmin} onOpen={openTeam} onDelete={setDeleting} />
          )}
        </>
      )}
      {isAdmin && open === "new" ? <TeamDialog team={null} onClose={close} /> : null}
      {isAdmin && opened ? <TeamDialog key={opened.name} team={opened} onClose={close} /> : null}
      {deleting ? (
        <DeleteDialog
          title={`Delete the team ${deleting.name}?`}
          identifier={deleting.name}
          consequence="It goes from everything that it owns, from its members and from permissions."
          what="delete the team"
          remove={() => removeTeam(deleting.name)}
          onClose={() => setDeleting(null)}
        />
      ) : null}
    </div>
  );
}

const MEMBERS = 3;

const membersOf = ({ users }: TeamDoc): string => {
  const more = users.length - MEMBERS;
  const some = users.slice(0, MEMBERS).map(({ email }) => email);
  return some.length === 0 ? "–" : `${some.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
};

interface Around {
  readonly isAdmin: boolean;
  readonly onOpen: (name: string) => void;
}

const COLUMNS: readonly ListColumn<TeamDoc, Around>[] = [
  {
    title: "Team",
    cell: ({ name, description }, { isAdmin, onOpen }) => (
      <div className={css["person"]}>
        {isAdmin ? (
          <button type="button" onClick={() => onOpen(name)}>
            {name}
          </button>
        ) : (
          <strong>{name}</strong>
        )}
        <span className="muted small">{description}</span>
      </div>
    ),
  },
  { title: "Members", cell: membersOf },
  { title: "Since", cell: ({ createdAt }) => <Ago iso={createdAt} /> },
];

function TeamTable({
  teams,
  isAdmin,
  onOpen,
  onDelete,
}: Around & { teams: readonly TeamDoc[]; onDelete: (team: TeamDoc) => void }) {
  return (
    <ListTable
      label="Teams"
      rows={teams}
      keyOf={({ name }) => name}
      columns={COLUMNS}
      around={{ isAdmin, onOpen }}
      actions={
        isAdmin
          ? {
              nameOf: ({ name }) => name,
              of: (team) => [
                { label: "Name and members", onChoose: () => onOpen(team.name) },
                { label: "Delete", isDanger: true, onChoose: () => onDelete(team) },
              ],
            }
          : null
      }
      renderInstead={({ name }) => (
        <Link to="/c/$blueprint/$id" params={{ blueprint: "_team", id: name }}>
          Open
        </Link>
      )}
    />
  );
}
