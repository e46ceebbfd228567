import { MultiSelect, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { FormDialog } from "../parts/form-dialog.tsx";
import { changeTeam, createTeam, type TeamBody, type TeamDoc, usersQuery } from "./queries.ts";
import { useSettled } from "./use-settled.ts";

/** A team with its members; what it owns follows another name. */
export function TeamDialog({ team, onClose }: { team: TeamDoc | null; onClose: () => void }) {
  const { data: users = [] } = useQuery(usersQuery);
  const [before] = useState<TeamBody>(() => ({
    name: team?.name ?? "",
    description: team?.description ?? null,
    users: team?.users.map(({ email }) => email) ?? [],
  }));
  const [body, setBody] = useState(before);
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
        searchable
        data={users.map(({ email, name }) => ({
          value: email,
          label: name === email ? email : `${name} (${email})`,
        }))}
        value={[...body.users]}
        nothingFoundMessage="No such user"
        onChange={(emails) => setBody({ ...body, users: emails })}
      />
    </FormDialog>
  );
}
