import { MultiSelect, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { isSystem, titleOf } from "../catalog/blueprint.ts";
import { allBlueprintsQuery } from "../catalog/queries.ts";
import { useSuggested } from "../catalog/use-suggested.ts";
import type { Membership } from "./queries.ts";

const MODERATOR = /^(.+)-moderator$/;

/** The role of the organisation and the blueprints that are moderated, from the roles of the API. */
export function readRoles(roles: readonly string[]): { isAdmin: boolean; moderated: string[] } {
  return {
    isAdmin: roles.includes("Admin"),
    moderated: roles.flatMap((role) => MODERATOR.exec(role)?.[1] ?? []),
  };
}

/** What somebody may do, and the teams they are in. */
export function MembershipFields({
  value,
  onChange,
}: {
  value: Membership;
  onChange: (value: Membership) => void;
}) {
  const { data: blueprints = [] } = useQuery(allBlueprintsQuery);
  const teams = useSuggested("_team", { chosen: value.teams });
  const { isAdmin, moderated } = readRoles(value.roles);
  const setRoles = (admin: boolean, of: readonly string[]) =>
    onChange({
      ...value,
      roles: [admin ? "Admin" : "Member", ...of.map((blueprint) => `${blueprint}-moderator`)],
    });
  return (
    <>
      <Select
        label="Role"
        description={
          isAdmin
            ? "Everything, people and settings included."
            : "Reads what is not restricted, and changes what was granted."
        }
        allowDeselect={false}
        value={isAdmin ? "Admin" : "Member"}
        data={["Member", "Admin"]}
        onChange={(role) => setRoles(role === "Admin", moderated)}
      />
      {isAdmin ? null : (
        <MultiSelect
          label="Moderator of"
          description="May change every entity of these blueprints, and who else may."
          searchable
          data={blueprints
            .filter(({ identifier }) => !isSystem(identifier) || moderated.includes(identifier))
            .map((blueprint) => ({ value: blueprint.identifier, label: titleOf(blueprint) }))}
          value={moderated}
          nothingFoundMessage="No such blueprint"
          onChange={(of) => setRoles(isAdmin, of)}
        />
      )}
      <MultiSelect
        label="Teams"
        {...teams.field}
        value={[...value.teams]}
        onChange={(names) => onChange({ ...value, teams: names })}
      />
    </>
  );
}
