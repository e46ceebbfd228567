import { MultiSelect, Switch, TagsInput } from "@mantine/core";
import { useSuggested } from "../catalog/use-suggested.ts";
import { EVERYBODY } from "./everybody.ts";
import type { Block } from "./queries.ts";

/** Who is granted something: every member, or some of them. */
export function WhoFields({
  label,
  block,
  mayChange,
  onChange,
}: {
  /** Heads a card of its own; without it the fields stand as they are. */
  label?: string;
  block: Block;
  mayChange: boolean;
  onChange: (block: Block) => void;
}) {
  const teams = useSuggested("_team", { chosen: block.teams ?? [], enabled: mayChange });
  const roles = block.roles ?? [];
  const isOpen = roles.includes(EVERYBODY);
  const others = roles.filter((role) => role !== EVERYBODY);
  const fields = (
    <div className="stack" style={{ maxWidth: 560, gap: 10 }}>
      {label === undefined ? null : <h2>{label}</h2>}
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
            disabled={!mayChange}
            {...teams.field}
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
  );
  return label === undefined ? (
    fields
  ) : (
    <section className="card" aria-label={label}>
      {fields}
    </section>
  );
}
