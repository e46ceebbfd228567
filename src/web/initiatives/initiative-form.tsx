import { MultiSelect, NumberInput, Select, Switch, TagsInput, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import css from "../actions/actions.module.css";
import { type Doc, objectAt, textAt, withKey } from "../actions/document-drawer.tsx";
import { allBlueprintsQuery } from "../catalog/queries.ts";
import { titleOf } from "../catalog/blueprint.ts";
import { PersonOrTeam } from "../entity/people-fields.tsx";
import { Pick } from "../parts/pick.tsx";
import { scorecardsQuery } from "../scorecards/queries.ts";
import { InitiativeScope } from "./initiative-scope.tsx";

interface Props {
  document: Doc;
  onChange: (document: Doc) => void;
}

const RULES = "\u0000rules";

/** What is to be reached by when, who answers for it, and who is reminded. */
export function InitiativeForm({ document, onChange }: Props) {
  const scorecards = useQuery(scorecardsQuery).data ?? [];
  const blueprints = useQuery(allBlueprintsQuery).data ?? [];
  const blueprint = textAt(document, "blueprint");
  const scorecard = scorecards.find(
    (one) => one.blueprint === blueprint && one.identifier === textAt(document, "scorecard"),
  );
  const rules = Array.isArray(document["rules"]) ? (document["rules"] as string[]) : null;
  const nameOf = (identifier: string): string => {
    const found = blueprints.find((one) => one.identifier === identifier);
    return found === undefined ? identifier : titleOf(found);
  };
  const who = (key: string, label: string, of: "user" | "team") => (
    <PersonOrTeam
      label={label}
      of={of}
      value={textAt(document, key)}
      onChange={(next) => onChange(withKey(document, key, next))}
    />
  );
  return (
    <div className="stack">
      <Textarea
        label="Description"
        autosize
        minRows={2}
        value={textAt(document, "description")}
        onChange={(event) => onChange(withKey(document, "description", event.currentTarget.value))}
      />
      <Select
        label="Scorecard"
        required
        searchable
        placeholder="Choose"
        nothingFoundMessage="There is no scorecard yet"
        data={scorecards.map((one) => ({
          value: JSON.stringify([one.blueprint, one.identifier]),
          label: `${one.title} (${nameOf(one.blueprint)})`,
        }))}
        value={scorecard === undefined ? null : JSON.stringify([blueprint, scorecard.identifier])}
        onChange={(next) => {
          if (next === null) return;
          const [of, identifier] = JSON.parse(next) as [string, string];
          const { level: _, rules: __, ...all } = document;
          // Rules about the properties of another blueprint leave none.
          const rest = of === blueprint ? all : withKey(all, "query", undefined);
          const found = scorecards.find((one) => one.blueprint === of && one.identifier === identifier);
          onChange({
            ...rest,
            ...{ blueprint: of, scorecard: identifier, level: found?.levels.at(-1)?.title ?? "" },
          });
        }}
      />
      {scorecard === undefined ? null : (
        <>
          <Pick
            label="To be reached"
            value={rules === null ? textAt(document, "level") : RULES}
            data={[
              ...scorecard.levels.slice(1).map(({ title }) => ({ value: title, label: `Level ${title}` })),
              { value: RULES, label: "Some of its rules" },
            ]}
            onChange={(next) => {
              const { level: _, rules: __, ...rest } = document;
              onChange(next === RULES ? { ...rest, rules: [] } : { ...rest, level: next });
            }}
          />
          {rules === null ? null : (
            <MultiSelect
              label="Rules"
              required
              searchable
              data={scorecard.rules.map(({ identifier, title }) => ({ value: identifier, label: title }))}
              value={rules}
              onChange={(next) => onChange({ ...document, rules: next })}
            />
          )}
        </>
      )}
      <InitiativeScope blueprint={blueprint} document={document} onChange={onChange} />
      <TextInput
        type="date"
        label="Due"
        required
        value={textAt(document, "dueDate").slice(0, 10)}
        onChange={(event) => onChange(withKey(document, "dueDate", event.currentTarget.value))}
      />
      <div className={css["split"]}>
        {who("owner", "Owner", "user")}
        {who("team", "Team", "team")}
      </div>
      <Reminders document={document} onChange={onChange} />
    </div>
  );
}

function Reminders({ document, onChange }: Props) {
  const reminders = objectAt(document, "reminders");
  const recipients = objectAt(document, "recipients");
  const days = Array.isArray(reminders["daysBefore"]) ? (reminders["daysBefore"] as number[]) : [];
  const set = (part: "reminders" | "recipients", of: Doc, key: string, value: unknown) =>
    onChange({ ...document, [part]: withKey(of, key, value) });
  return (
    <>
      <h3>Reminders</h3>
      <div className={css["split"]}>
        <NumberInput
          label="Days before the due date"
          description="The first reminder; others a week and a day before"
          hideControls
          min={0}
          max={365}
          value={days[0] ?? ""}
          onChange={(next) => {
            const most = Number(next);
            const list =
              next === "" ? undefined : [...new Set([most, ...[7, 1].filter((one) => one < most)])];
            set("reminders", reminders, "daysBefore", list);
          }}
        />
        <Pick
          label="After the due date"
          value={textAt(reminders, "overdue")}
          data={[
            { value: "", label: "Stop reminding" },
            { value: "week", label: "Remind each week" },
            { value: "day", label: "Remind each day" },
          ]}
          onChange={(next) => set("reminders", reminders, "overdue", next ?? "")}
        />
      </div>
      <Switch
        label="Members of the teams that own what is not there yet"
        checked={recipients["owners"] === true}
        onChange={(event) =>
          set("recipients", recipients, "owners", event.currentTarget.checked || undefined)
        }
      />
      <TagsInput
        label="E-mail addresses"
        placeholder="Type, then Enter"
        value={Array.isArray(recipients["emails"]) ? (recipients["emails"] as unknown[]).map(String) : []}
        onChange={(words) => set("recipients", recipients, "emails", words.length === 0 ? undefined : words)}
      />
      {(
        [
          ["slack", "Slack webhook", "{{ .secrets.SLACK_URL }}"],
          ["teams", "Teams webhook", "{{ .secrets.TEAMS_URL }}"],
          ["webhook", "Any webhook", "https://"],
        ] as const
      ).map(([key, label, placeholder]) => (
        <TextInput
          key={key}
          label={label}
          placeholder={placeholder}
          value={textAt(recipients, key)}
          onChange={(event) => set("recipients", recipients, key, event.currentTarget.value)}
        />
      ))}
    </>
  );
}
