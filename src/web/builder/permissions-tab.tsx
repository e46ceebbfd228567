import { Button, MultiSelect, Switch, TagsInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { BlueprintDoc } from "../catalog/blueprint.ts";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { NotYet } from "../settings/not-yet.tsx";
import { teamsQuery } from "../settings/queries.ts";
import { changePermissions, type EntityPermissions, permissionsQuery } from "./queries.ts";

const BLOCKS = [
  { key: "register", label: "Create entities" },
  { key: "update", label: "Change entities" },
  { key: "unregister", label: "Delete entities" },
] as const;

/** Who may create, change, delete and read entities; administrators and moderators always may. */
export function PermissionsTab({ blueprint, mayChange }: { blueprint: BlueprintDoc; mayChange: boolean }) {
  const found = useQuery(permissionsQuery(blueprint.identifier));
  if (!found.data)
    return <NotYet what="the permissions" error={found.error} onRetry={() => void found.refetch()} />;
  return (
    <Form key={JSON.stringify(found.data)} blueprint={blueprint} before={found.data} mayChange={mayChange} />
  );
}

type Block = NonNullable<EntityPermissions["update"]>;
const EVERYBODY = "Member";

function Form({
  blueprint,
  before,
  mayChange,
}: {
  blueprint: BlueprintDoc;
  before: EntityPermissions;
  mayChange: boolean;
}) {
  const client = useQueryClient();
  const [draft, setDraft] = useState(before);
  const isRestricted = draft.read !== undefined && draft.read !== null;
  const isChanged = JSON.stringify(before) !== JSON.stringify(draft);
  const save = useMutation({
    mutationFn: () => {
      const changed = [...BLOCKS.map(({ key }) => key), "read" as const].filter(
        (key) => JSON.stringify(before[key]) !== JSON.stringify(draft[key]),
      );
      return changePermissions(
        blueprint.identifier,
        Object.fromEntries(changed.map((key) => [key, draft[key] ?? null])),
      );
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["blueprints", blueprint.identifier] }),
  });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (isChanged) save.mutate();
      }}
    >
      <p className="muted">
        Administrators, moderators of this blueprint and API credentials may always do everything. Permissions
        of single properties and relations are set through the API.
      </p>
      {save.error ? <ErrorPanel what="save the permissions" error={save.error} /> : null}
      {BLOCKS.map(({ key, label }) => (
        <Who
          key={key}
          label={label}
          block={draft[key] ?? {}}
          mayChange={mayChange}
          onChange={(block) => setDraft({ ...draft, [key]: block })}
        />
      ))}
      <section className="card">
        <Switch
          label="Only some may read entities"
          disabled={!mayChange}
          checked={isRestricted}
          onChange={(event) =>
            setDraft({
              ...draft,
              read: event.currentTarget.checked ? { roles: [], users: [], teams: [] } : null,
            })
          }
        />
      </section>
      {isRestricted ? (
        <Who
          label="Read entities"
          block={draft.read ?? {}}
          mayChange={mayChange}
          onChange={(read) => setDraft({ ...draft, read })}
        />
      ) : null}
      {mayChange ? (
        <div className="row">
          <Button type="submit" loading={save.isPending} disabled={!isChanged}>
            Save the permissions
          </Button>
          {isChanged ? null : <span className="muted small">Nothing is changed.</span>}
        </div>
      ) : null}
    </form>
  );
}

function Who({
  label,
  block,
  mayChange,
  onChange,
}: {
  label: string;
  block: Block;
  mayChange: boolean;
  onChange: (block: Block) => void;
}) {
  const { data: teams = [] } = useQuery(teamsQuery);
  const roles = block.roles ?? [];
  const isOpen = roles.includes(EVERYBODY);
  const others = roles.filter((role) => role !== EVERYBODY);
  return (
    <section className="card" aria-label={label}>
      <div className="stack" style={{ maxWidth: 560, gap: 10 }}>
        <h2>{label}</h2>
        <Switch
          label="Every member"
          disabled={!mayChange}
          checked={isOpen}
          onChange={(event) =>
            onChange({ ...block, roles: event.currentTarget.checked ? [...others, EVERYBODY] : others })
          }
        />
        {isOpen ? null : (
          <>
            <Switch
              label="The teams that own the entity"
              disabled={!mayChange}
              checked={block.ownedByTeam === true}
              onChange={(event) => onChange({ ...block, ownedByTeam: event.currentTarget.checked })}
            />
            <MultiSelect
              label="Teams"
              searchable
              disabled={!mayChange}
              data={[...new Set([...teams.map(({ name }) => name), ...(block.teams ?? [])])]}
              value={[...(block.teams ?? [])]}
              onChange={(names) => onChange({ ...block, teams: names })}
            />
            <TagsInput
              label="People"
              placeholder="E-mail address, then Enter"
              disabled={!mayChange}
              value={[...(block.users ?? [])]}
              onChange={(users) => onChange({ ...block, users })}
            />
          </>
        )}
      </div>
    </section>
  );
}
