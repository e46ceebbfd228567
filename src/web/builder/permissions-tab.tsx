import { Button, Switch } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { BlueprintDoc } from "../catalog/blueprint.ts";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { UnsavedOnPage } from "../parts/unsaved-on-page.tsx";
import { NotYet } from "../settings/not-yet.tsx";
import css from "./builder.module.css";
import { type Blocks, changePermissions, type EntityPermissions, permissionsQuery } from "./queries.ts";
import { PermissionTable } from "./permission-table.tsx";
import { SinglePermissions } from "./single-permissions.tsx";
import { WhoFields } from "./who-fields.tsx";
import { ACTS, whoMay } from "./who-may.ts";

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
      return changePermissions(blueprint.identifier, {
        ...Object.fromEntries(changed.map((key) => [key, draft[key] ?? null])),
        updateProperties: changedBlocks(before.updateProperties, draft.updateProperties),
        updateRelations: changedBlocks(before.updateRelations, draft.updateRelations),
      });
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
        Administrators, moderators of this blueprint and API credentials may always do everything.
      </p>
      <UnsavedOnPage isChanged={isChanged} />
      {save.error ? <ErrorPanel what="save the permissions" error={save.error} /> : null}
      <PermissionTable
        rows={whoMay(blueprint.identifier, draft)}
        acts={ACTS}
        some="Some"
        isDraft={isChanged}
      />
      {BLOCKS.map(({ key, label }) => (
        <WhoFields
          key={key}
          label={label}
          block={draft[key] ?? {}}
          mayChange={mayChange}
          onChange={(block) => setDraft({ ...draft, [key]: block })}
        />
      ))}
      <section className="card stack" aria-labelledby="reading">
        <h2 id="reading">Read entities</h2>
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
        {isRestricted ? (
          <WhoFields
            block={draft.read ?? {}}
            mayChange={mayChange}
            onChange={(read) => setDraft({ ...draft, read })}
          />
        ) : (
          <p className="muted small">Every member may read them.</p>
        )}
      </section>
      <SinglePermissions
        blueprint={blueprint}
        draft={draft}
        mayChange={mayChange}
        onChange={(change) => setDraft({ ...draft, ...change })}
      />
      {mayChange ? (
        <div className={css["saveBar"]}>
          <Button type="submit" loading={save.isPending} disabled={!isChanged}>
            Save the permissions
          </Button>
          {isChanged ? null : <span className="muted small">Nothing is changed.</span>}
        </div>
      ) : null}
    </form>
  );
}

/** Those that are other than they were. */
const changedBlocks = (before: Blocks = {}, after: Blocks = {}): Blocks =>
  Object.fromEntries(
    Object.entries(after).filter(([id, block]) => JSON.stringify(before[id]) !== JSON.stringify(block)),
  );
