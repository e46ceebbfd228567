import { MultiSelect, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useSuggested } from "../catalog/use-suggested.ts";
import { FormDialog } from "../parts/form-dialog.tsx";
import { changeTeam, createTeam, type TeamBody, type TeamDoc } from "./queries.ts";
import { useSettled } from "./use-settled.ts";

/** A team with its members; what it owns follows another name. */
export function TeamDialog({ team, onClose }: { team: TeamDoc | null; onClose: () => void }) {
  const [before] = useState<TeamBody>(() => ({
    name: team?.name ?? "",
    description: team?.description ?? null,
    users: team?.users.map(({ email }) => email) ?? [],
  }));
  const [body, setBody] = useState(before);
  const people = useSuggested("_user", { chosen: body.users });
  const isChanged = JSON.stringify(before) !== JSON.stringify(body);
  const isRenamed = team !== null && body.name.trim() !== team.name;
  const save = useSettled(
    () => (team === null ? createTeam(body) : changeTeam(team.name, { ...body, name: body.name.trim() })),
    onClose,
  );
  return (
    <FormDialog
      title={team?.name ?? "New team"}
      what="save the team"
      submit={team === null ? "Create" : "Save"}
      write={save}
      isReady={isChanged && body.name.trim() !== ""}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        required
        data-autofocus
        maxLength={200}
        description={isRenamed ? "What the team owns and its members follow the new name." : undefined}
        value={body.name}
        onChange={(event) => setBody({ ...body, name: event.currentTarget.value })}
      />
      <Textarea
        label="Description"
        rows={2}
        value={body.description ?? ""}
        onChange={(event) => setBody({ ...body, description: event.currentTarget.value || null })}
      />
      <MultiSelect
        label="Members"
        {...people.field}
        value={[...body.users]}
        onChange={(emails) => setBody({ ...body, users: emails })}
      />
    </FormDialog>
  );
}
