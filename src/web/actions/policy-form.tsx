/** A policy of permissions: what is looked for, and what has to be so; what the form has no field for stays as its JSON says. */
import { ActionIcon, Button, Select, Textarea, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { titleOf } from "../catalog/blueprint.ts";
import { allBlueprintsQuery } from "../catalog/queries.ts";
import css from "./actions.module.css";
import { JsonText } from "./json-text.tsx";
import { asQuery, blueprintOfQuery, freshName, renamed, rulesOfQuery, without } from "./policy-draft.ts";
import { RulesForm } from "./rules-form.tsx";

type Doc = Readonly<Record<string, unknown>>;

interface Props {
  label: string;
  about: string;
  /** What a condition gives, as an example. */
  example: string;
  value: unknown;
  /** undefined: there is no policy. */
  onChange: (policy: unknown) => void;
}

const isDoc = (value: unknown): value is Doc =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function PolicyForm({ label, about, example, value, onChange }: Props) {
  const [isJson, setJson] = useState(false);
  const policy = isDoc(value) ? value : null;
  const conditions = Array.isArray(policy?.["conditions"]) ? policy["conditions"].map(String) : [];
  const queries = isDoc(policy?.["queries"]) ? policy["queries"] : {};
  const change = (next: { queries?: Doc; conditions?: readonly string[] }) =>
    onChange({ queries, conditions, ...next });
  // A name may change while its field is left for another one, which must stay where it is.
  const named = Object.entries(queries).map(([name, query], at, all) => ({
    name,
    query,
    id: `${all.length}.${at}`,
  }));
  // A condition has no name of its own.
  const rows = conditions.map((text, at) => ({ text, at, id: `${conditions.length}.${at}` }));
  return (
    <fieldset className={css["rules"]}>
      <legend>{label}</legend>
      <p className="muted small">{about}</p>
      {isJson ? (
        <JsonText label="Policy as JSON" value={value ?? undefined} onChange={onChange} />
      ) : (
        <>
          {named.map(({ name, query, id }) => (
            <Query
              key={id}
              name={name}
              query={query}
              onName={(to) => change({ queries: renamed(queries, name, to) })}
              onQuery={(next) => change({ queries: { ...queries, [name]: next } })}
              onRemove={() => change({ queries: without(queries, name) })}
            />
          ))}
          {rows.map(({ text, at, id }) => (
            <div key={id} className="row" style={{ flexWrap: "nowrap", alignItems: "flex-end" }}>
              <Textarea
                size="xs"
                label={`Condition ${at + 1} (jq)`}
                autosize
                spellCheck={false}
                style={{ flex: 1 }}
                styles={{ input: { fontFamily: "var(--mono)" } }}
                value={text}
                onChange={(event) => {
                  const next = event.currentTarget.value;
                  change({ conditions: conditions.map((one, i) => (i === at ? next : one)) });
                }}
              />
              <ActionIcon
                size={28}
                aria-label={`Remove condition ${at + 1}`}
                onClick={() => {
                  const left = conditions.filter((_, i) => i !== at);
                  if (left.length === 0) onChange(undefined);
                  else change({ conditions: left });
                }}
              >
                <IconTrash size={15} aria-hidden />
              </ActionIcon>
            </div>
          ))}
        </>
      )}
      <div className="row">
        {isJson ? null : (
          <>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPlus size={14} aria-hidden />}
              onClick={() => change({ conditions: [...conditions, example] })}
            >
              Add condition
            </Button>
            {policy === null ? null : (
              <Button
                size="xs"
                variant="default"
                leftSection={<IconPlus size={14} aria-hidden />}
                onClick={() =>
                  change({ queries: { ...queries, [freshName(queries)]: asQuery("", undefined) } })
                }
              >
                Add query
              </Button>
            )}
          </>
        )}
        <Button size="xs" variant="subtle" onClick={() => setJson(!isJson)}>
          {isJson ? "As a form" : "As JSON"}
        </Button>
      </div>
    </fieldset>
  );
}

function Query({
  name,
  query,
  onName,
  onQuery,
  onRemove,
}: {
  name: string;
  query: unknown;
  onName: (to: string) => void;
  onQuery: (query: unknown) => void;
  onRemove: () => void;
}) {
  const blueprints = useQuery(allBlueprintsQuery).data ?? [];
  const [typed, setTyped] = useState(name);
  const blueprint = blueprintOfQuery(query);
  return (
    <div className={css["query"]} role="group" aria-label={`Query ${name}`}>
      <div className="row" style={{ flexWrap: "nowrap", alignItems: "flex-end" }}>
        <TextInput
          size="xs"
          label="Query"
          style={{ flex: 1 }}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value.replace(/\W/g, ""))}
          onBlur={() => onName(typed)}
        />
        {blueprint === null ? null : (
          <Select
            size="xs"
            label="Looks among"
            style={{ flex: 1 }}
            searchable
            placeholder="Choose"
            data={blueprints.map((one) => ({ value: one.identifier, label: titleOf(one) }))}
            value={blueprint === "" ? null : blueprint}
            onChange={(next) => onQuery(asQuery(next ?? "", rulesOfQuery(query)))}
          />
        )}
        <ActionIcon size={28} aria-label={`Remove query ${name}`} onClick={onRemove}>
          <IconTrash size={15} aria-hidden />
        </ActionIcon>
      </div>
      {blueprint === null ? (
        <JsonText label="As JSON" value={query} onChange={(next) => onQuery(next ?? {})} />
      ) : (
        <RulesForm
          label="of which"
          blueprint={blueprint}
          value={rulesOfQuery(query)}
          by={null}
          onChange={(rules) => onQuery(asQuery(blueprint, rules))}
        />
      )}
    </div>
  );
}
