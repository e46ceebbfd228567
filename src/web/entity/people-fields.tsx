import { Autocomplete, TagsInput } from "@mantine/core";
import { useState } from "react";
import { asFound, useSuggestedNames } from "../catalog/use-suggested.ts";

interface Field {
  readonly label: string;
  readonly description?: string | null;
  readonly required?: boolean;
  readonly readOnly?: boolean;
  readonly size?: "sm";
}

/** A user by e-mail address, or a team by name: those that are found are offered, others can be written. */
export function PersonOrTeam({
  of,
  value,
  onChange,
  ...field
}: Field & { of: "user" | "team"; value: string; onChange: (value: string) => void }) {
  return (
    <Autocomplete
      {...field}
      placeholder={of === "user" ? "name@example.com" : "A team"}
      data={useSuggestedNames(of === "user" ? "_user" : "_team", value)}
      filter={asFound}
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
  const [text, setText] = useState("");
  const names = useSuggestedNames("_team", text);
  return (
    <TagsInput
      {...field}
      placeholder={value.length === 0 ? "Choose or type, then Enter" : ""}
      data={names}
      filter={asFound}
      searchValue={text}
      onSearchChange={setText}
      value={[...value]}
      onChange={onChange}
      comboboxProps={{ keepMounted: false }}
    />
  );
}
