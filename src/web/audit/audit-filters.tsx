import { Button, MultiSelect, Switch, TagsInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { titleOf } from "../catalog/blueprint.ts";
import { allBlueprintsQuery } from "../catalog/queries.ts";
import { type AuditFilters, isWithSystem } from "../lib/audit-search.ts";
import { Pick } from "../parts/pick.tsx";
import { useTyped } from "../parts/use-typed.ts";
import css from "./audit.module.css";
import { WhoField } from "./who-field.tsx";

interface Props {
  filters: AuditFilters;
  /** Some of them; an empty text is none. */
  onChange: (patch: AuditFilters) => void;
  onClear: () => void;
}

/** Of these, people ask seldom. */
const RARE = [
  { key: "run", label: "Action run", about: "r_…" },
  { key: "webhook", label: "Webhook", about: "identifier" },
  { key: "delivery", label: "Event of a webhook", about: "identifier" },
  { key: "installation", label: "Integration", about: "installation id" },
] as const;

/** Every filter of the log; what is typed is asked for when typing rests. */
export function AuditFilterBar({ filters, onChange: set, onClear }: Props) {
  const blueprints = useQuery(allBlueprintsQuery).data ?? [];
  const [more, setMore] = useState(
    filters.actionType !== undefined || RARE.some(({ key }) => filters[key] !== undefined),
  );
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <search className={css["filters"]} aria-label="Filters">
      <Pick
        size="xs"
        label="Blueprint"
        searchable
        value={filters.blueprint ?? ""}
        data={[
          { value: "", label: "Any" },
          ...blueprints.map((one) => ({ value: one.identifier, label: titleOf(one) })),
          ...(filters.blueprint !== undefined &&
          !blueprints.some(({ identifier }) => identifier === filters.blueprint)
            ? [{ value: filters.blueprint, label: filters.blueprint }]
            : []),
        ]}
        onChange={(blueprint) => set({ blueprint: blueprint ?? "" })}
      />
      <TextFilter
        label="Entity"
        about="identifier"
        value={filters.entity}
        onChange={(entity) => set({ entity })}
      />
      <MultiSelect
        size="xs"
        label="Action"
        placeholder={filters.action === undefined ? "Any" : ""}
        value={listOf(filters.action)}
        data={[
          { value: "CREATE", label: "Created" },
          { value: "UPDATE", label: "Changed" },
          { value: "DELETE", label: "Deleted" },
        ]}
        onChange={(actions) => set({ action: actions.join(",") })}
      />
      <WhoField value={listOf(filters.actor)} onChange={(actors) => set({ actor: actors.join(",") })} />
      <Pick
        size="xs"
        label="Outcome"
        value={filters.status ?? ""}
        data={[
          { value: "", label: "Any" },
          { value: "SUCCESS", label: "Done" },
          { value: "FAILURE", label: "Refused" },
        ]}
        onChange={(status) => set({ status: status ?? "" })}
      />
      <TagsInput
        size="xs"
        label="Origin"
        placeholder={filters.origin === undefined ? "Any" : ""}
        data={["UI", "API", "AUTOMATION"]}
        value={listOf(filters.origin)}
        onChange={(origins) => set({ origin: origins.join(",") })}
      />
      <DayFilter label="From" value={filters.from} onChange={(from) => set({ from })} />
      <DayFilter label="To" value={filters.to} onChange={(to) => set({ to })} />
      {more ? (
        <Pick
          size="xs"
          label="Kind of action"
          value={filters.actionType ?? ""}
          data={[
            { value: "", label: "Any event" },
            { value: "self-service", label: "Self-service" },
            { value: "automation", label: "Automations" },
          ]}
          onChange={(actionType) => set({ actionType: actionType ?? "" })}
        />
      ) : null}
      {more
        ? RARE.map(({ key, label, about }) => (
            <TextFilter
              key={key}
              label={label}
              about={about}
              value={filters[key]}
              onChange={(value) => set({ [key]: value })}
            />
          ))
        : null}
      <div className={css["ends"]}>
        <Switch
          size="xs"
          label="Also what Fairway wrote by itself: derived values, timers, automations, alerts"
          checked={isWithSystem(filters)}
          disabled={filters.system === undefined && isWithSystem(filters)}
          onChange={(event) => set({ system: event.currentTarget.checked ? "shown" : "" })}
        />
        {more ? null : (
          <Button size="compact-sm" variant="subtle" onClick={() => setMore(true)}>
            More filters
          </Button>
        )}
        {isFiltered ? (
          <Button size="compact-sm" variant="subtle" color="gray" onClick={onClear}>
            Clear
          </Button>
        ) : null}
      </div>
    </search>
  );
}

const listOf = (text: string | undefined): string[] => (text === undefined ? [] : text.split(","));

/** A day that is half typed is no day yet. */
function DayFilter({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string | undefined;
  onChange: (value: string) => void;
}) {
  return (
    <TextInput
      size="xs"
      type="date"
      label={label}
      value={value ?? ""}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function TextFilter({
  label,
  about,
  value,
  onChange,
}: {
  label: string;
  about: string;
  value: string | undefined;
  onChange: (value: string) => void;
}) {
  const [text, type] = useTyped(value ?? "", onChange);
  return (
    <TextInput
      size="xs"
      label={label}
      placeholder={about}
      value={text}
      onChange={(event) => type(event.currentTarget.value)}
    />
  );
}
