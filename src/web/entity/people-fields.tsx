import { Autocomplete, TagsInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { teamsQuery, usersQuery } from "../settings/queries.ts";

interface Field {
  readonly label: string;
  readonly description?: string | null;
  readonly required?: boolean;
  readonly readOnly?: boolean;
  readonly size?: "sm";
}

/** A user by e-mail address, or a team by name: those that there are are offered, others can be written. */
export function PersonOrTeam({
  of,
  value,
  onChange,
  ...field
}: Field & { of: "user" | "team"; value: string; onChange: (value: string) => void }) {
  const users = useQuery({ ...usersQuery, enabled: of === "user" }).data ?? [];
  const teams = useQuery({ ...teamsQuery, enabled: of === "team" }).data ?? [];
  return (
    <Autocomplete
      {...field}
      placeholder={of === "user" ? "name@example.com" : "A team"}
      data={of === "user" ? users.map(({ email }) => email) : teams.map(({ name }) => name)}
      value={value}
      onChange={onChange}
      comboboxProps={{ keepMounted: false }}
    />
  );
}

/** The teams that own an entity. */
export function OwningTeams({
  value,
  onChange,
  ...field
}: Field & {
  classNames?: { input: string };
  value: readonly string[];
  onChange: (value: string[]) => void;
}) {
  const teams = useQuery(teamsQuery).data ?? [];
  return (
    <TagsInput
      {...field}
      placeholder={value.length === 0 ? "Choose or type, then Enter" : ""}
      data={teams.map(({ name }) => name)}
      value={[...value]}
      onChange={onChange}
      comboboxProps={{ keepMounted: false }}
    />
  );
}
