import { Button, MultiSelect, Switch, TagsInput } from "@mantine/core";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { getJson, sendJson } from "../api/client.ts";
import { useSuggested } from "../catalog/use-suggested.ts";
import { Bone } from "../parts/bone.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { pagePath } from "./queries.ts";

interface Block {
  readonly roles: readonly string[];
  readonly users: readonly string[];
  readonly teams: readonly string[];
}
interface Permissions {
  readonly read: Block;
  readonly update: Block;
}

const permissionsQuery = (page: string) =>
  queryOptions({
    queryKey: ["blueprints", "page-permissions", page],
    queryFn: ({ signal }) =>
      getJson<{ permissions: Permissions }>(`${pagePath(page)}/permissions`, {}, signal),
    select: (answer) => answer.permissions,
  });

/** Who may read a page, and who may change it; administrators always may. */
export function PermissionsDialog({ page, onClose }: { page: string; onClose: () => void }) {
  const found = useQuery(permissionsQuery(page));
  return (
    <Dialog title="Permissions" onClose={onClose}>
      {found.data ? (
        <Form page={page} before={found.data} onClose={onClose} />
      ) : found.error ? (
        <ErrorPanel what="load the permissions" error={found.error} onRetry={() => void found.refetch()} />
      ) : (
        <Bone height={220} />
      )}
    </Dialog>
  );
}

const EVERYBODY = "Member";

function Form({ page, before, onClose }: { page: string; before: Permissions; onClose: () => void }) {
  const client = useQueryClient();
  const [read, setRead] = useState(before.read);
  const [update, setUpdate] = useState(before.update);
  const isOpen = read.roles.includes(EVERYBODY);
  const save = useMutation({
    mutationFn: () => sendJson("PATCH", `${pagePath(page)}/permissions`, { read, update }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["blueprints"] });
      onClose();
    },
  });
  const roles = read.roles.filter((role) => role !== EVERYBODY);
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {save.error ? <ErrorPanel what="save the permissions" error={save.error} /> : null}
      <Switch
        label="Everybody may read it"
        checked={isOpen}
        onChange={(event) =>
          setRead({ ...read, roles: event.currentTarget.checked ? [...roles, EVERYBODY] : roles })
        }
      />
      {isOpen ? null : <Who label="read it" block={read} onChange={setRead} />}
      <Who label="change it" block={update} onChange={setUpdate} />
      <p className="muted small">Administrators may always do both.</p>
      <div className="row">
        <Button type="submit" loading={save.isPending}>
          Save
        </Button>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

function Who({ label, block, onChange }: { label: string; block: Block; onChange: (block: Block) => void }) {
  const teams = useSuggested("_team", { chosen: block.teams });
  return (
    <>
      <MultiSelect
        label={`Teams that may ${label}`}
        {...teams.field}
        value={[...block.teams]}
        onChange={(next) => onChange({ ...block, teams: next })}
      />
      <TagsInput
        label={`People who may ${label}`}
        placeholder="E-mail address, then Enter"
        value={[...block.users]}
        onChange={(next) => onChange({ ...block, users: next })}
      />
    </>
  );
}
