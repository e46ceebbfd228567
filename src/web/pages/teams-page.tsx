import { Button, TextInput } from "@mantine/core";
import { IconPlus, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { meQuery } from "../api/queries.ts";
import { plural } from "../lib/format.ts";
import { holds } from "../lib/people-search.ts";
import { Ago } from "../parts/ago.tsx";
import { ConfirmDelete } from "../parts/confirm-delete.tsx";
import { Empty } from "../parts/empty.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { NotYet } from "../settings/not-yet.tsx";
import { removeTeam, type TeamDoc, teamsQuery } from "../settings/queries.ts";
import { RowMenu } from "../settings/row-menu.tsx";
import css from "../settings/settings.module.css";
import { TeamDialog } from "../settings/team-dialog.tsx";
import { useSettled } from "../settings/use-settled.ts";

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
  const openTeam = (name: string) => void navigate({ search: { ...search, open: name }, replace: true });
  const close = () => {
    const { open: _open, ...rest } = search;
    void navigate({ search: rest, replace: true });
  };
  const opened = open === "new" ? null : teams.data?.find(({ name }) => name === open);
  return (
    <div className="stack">
      <PageHead
        title="Teams"
        actions={
          isAdmin ? (
            <Button
              size="xs"
              leftSection={<IconPlus size={15} aria-hidden />}
              onClick={() => openTeam("new")}
            >
              Team
            </Button>
          ) : undefined
        }
      >
        They own entities, and permissions may name them.
      </PageHead>
      {teams.data === undefined || shown === undefined ? (
        <NotYet what="the teams" error={teams.error} onRetry={() => void teams.refetch()} />
      ) : teams.data.length === 0 ? (
        <Empty title="No teams yet">
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
            <TextInput
              className={css["find"] ?? ""}
              size="xs"
              type="search"
              aria-label="Search teams"
              placeholder="Search by name"
              leftSection={<IconSearch size={15} aria-hidden />}
              value={q}
              onChange={(event) => {
                const { q: _q, ...rest } = search;
                const text = event.currentTarget.value;
                void navigate({ search: text === "" ? rest : { ...rest, q: text }, replace: true });
              }}
            />
            <span className="muted small nums" role="status">
              {plural(shown.length, "team")}
            </span>
          </div>
          {shown.length === 0 ? (
            <Empty title="No team is called so." />
          ) : (
            <TeamTable teams={shown} isAdmin={isAdmin} onOpen={openTeam} onDelete={setDeleting} />
          )}
        </>
      )}
      {isAdmin && open === "new" ? <TeamDialog team={null} onClose={close} /> : null}
      {isAdmin && opened ? <TeamDialog key={opened.name} team={opened} onClose={close} /> : null}
      {deleting ? <DeleteTeam team={deleting} onClose={() => setDeleting(null)} /> : null}
    </div>
  );
}

function DeleteTeam({ team, onClose }: { team: TeamDoc; onClose: () => void }) {
  const removal = useSettled(() => removeTeam(team.name), onClose);
  return (
    <ConfirmDelete
      title={`Delete the team ${team.name}?`}
      identifier={team.name}
      consequence="It goes from everything that it owns, from its members and from permissions."
      what="delete the team"
      removal={{ ...removal, mutate: () => removal.mutate(undefined) }}
      onClose={onClose}
    />
  );
}

function TeamTable({
  teams,
  isAdmin,
  onOpen,
  onDelete,
}: {
  teams: readonly TeamDoc[];
  isAdmin: boolean;
  onOpen: (name: string) => void;
  onDelete: (team: TeamDoc) => void;
}) {
  return (
    <div className="card scroll-x" tabIndex={0} role="region" aria-label="Teams">
      <table className="data stacked">
        <thead>
          <tr>
            <th scope="col">Team</th>
            <th scope="col">Members</th>
            <th scope="col">Since</th>
            <th scope="col" className={css["actions"]}>
              <span className="sr">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {teams.map((team) => (
            <tr key={team.name}>
              <td>
                <div className={css["person"]}>
                  {isAdmin ? (
                    <button type="button" onClick={() => onOpen(team.name)}>
                      {team.name}
                    </button>
                  ) : (
                    <strong>{team.name}</strong>
                  )}
                  <span className="muted small">{team.description}</span>
                </div>
              </td>
              <td data-label="Members">
                <span>
                  {team.users.length === 0
                    ? "–"
                    : `${team.users
                        .slice(0, 3)
                        .map(({ email }) => email)
                        .join(", ")}${team.users.length > 3 ? ` and ${team.users.length - 3} more` : ""}`}
                </span>
              </td>
              <td data-label="Since">
                <Ago iso={team.createdAt} />
              </td>
              <td data-label="Actions">
                <span>
                  {isAdmin ? (
                    <RowMenu
                      label={team.name}
                      actions={[
                        { label: "Name and members", onChoose: () => onOpen(team.name) },
                        { label: "Delete", isDanger: true, onChoose: () => onDelete(team) },
                      ]}
                    />
                  ) : (
                    <Link to="/c/$blueprint/$id" params={{ blueprint: "_team", id: team.name }}>
                      Open
                    </Link>
                  )}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
