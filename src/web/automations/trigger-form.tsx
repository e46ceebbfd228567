import { ActionIcon, Button, Select, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type Doc, objectAt, textAt, withKey } from "../actions/document-drawer.tsx";
import { actionsQuery } from "../actions/queries.ts";
import { titleOfAction } from "../actions/types.ts";
import { useRole } from "../api/use-role.ts";
import { titleOf } from "../catalog/blueprint.ts";
import { allBlueprintsQuery } from "../catalog/queries.ts";
import { Choice } from "../parts/choice.tsx";
import { Pick } from "../parts/pick.tsx";
import { alertsQuery } from "./queries.ts";
import { EVENTS } from "./words.ts";

/** What starts the automation, and under which condition. */
export function TriggerForm({ trigger, onChange }: { trigger: Doc; onChange: (trigger: Doc) => void }) {
  const blueprints = useQuery(allBlueprintsQuery).data ?? [];
  const selfService = useQuery(actionsQuery("self-service")).data ?? [];
  const automations = useQuery(actionsQuery("automation")).data ?? [];
  const event = objectAt(trigger, "event");
  const type = textAt(event, "type");
  const alerts = useQuery({ ...alertsQuery, enabled: type.startsWith("ALERT_"), retry: false }).data ?? [];
  const { isAdmin, looksAfter } = useRole();
  const setEvent = (key: string, value: string) =>
    onChange({ ...trigger, event: { ...event, [key]: value } });
  const blueprint = blueprints.find(({ identifier }) => identifier === event["blueprintIdentifier"]);
  const timers = Object.entries(blueprint?.schema?.properties ?? {}).filter(
    ([, property]) => property.format === "timer",
  );
  const choose = (key: string, label: string, data: { value: string; label: string }[]) => (
    <Select
      label={label}
      required
      searchable
      placeholder="Choose"
      data={data}
      value={textAt(event, key) || null}
      onChange={(next) => setEvent(key, next ?? "")}
    />
  );
  return (
    <div className="stack">
      <Pick
        label="When"
        value={type}
        data={EVENTS.filter(({ value }) => isAdmin || isOfBlueprint(value))}
        onChange={(next) => onChange({ ...trigger, event: startOf(next ?? "", event) })}
      />
      {isOfBlueprint(type)
        ? choose(
            "blueprintIdentifier",
            "Blueprint",
            blueprints
              .filter(({ identifier }) => looksAfter(identifier))
              .map((one) => ({ value: one.identifier, label: titleOf(one) })),
          )
        : null}
      {type === "TIMER_PROPERTY_EXPIRED"
        ? choose(
            "propertyIdentifier",
            "Timer",
            timers.map(([value, { title }]) => ({ value, label: title || value })),
          )
        : null}
      {type.includes("RUN_")
        ? choose(
            "actionIdentifier",
            "Action or automation",
            [...selfService, ...automations].map((one) => ({
              value: one.identifier,
              label: titleOfAction(one),
            })),
          )
        : null}
      {type.startsWith("ALERT_")
        ? choose(
            "alertIdentifier",
            "Alert",
            alerts.map((one) => ({ value: one.identifier, label: one.title || one.identifier })),
          )
        : null}
      {type === "SCHEDULE" ? (
        <>
          <TextInput
            label="Times (cron)"
            description="Minute, hour, day, month, day of the week: 0 9 * * 1 is Mondays at nine"
            required
            value={textAt(event, "cron")}
            onChange={(change) => setEvent("cron", change.currentTarget.value)}
          />
          <TextInput
            label="Time zone"
            placeholder="UTC"
            value={textAt(event, "timezone")}
            onChange={(change) =>
              onChange({ ...trigger, event: withKey(event, "timezone", change.currentTarget.value) })
            }
          />
        </>
      ) : null}
      <Conditions trigger={trigger} onChange={onChange} />
    </div>
  );
}

const isOfBlueprint = (type: string): boolean =>
  type.startsWith("ENTITY_") || type === "ANY_ENTITY_CHANGE" || type === "TIMER_PROPERTY_EXPIRED";

/** Another event keeps what it shares with the one before. */
function startOf(type: string, before: Doc): Doc {
  const keep = (key: string) => ({ [key]: textAt(before, key) });
  if (type === "SCHEDULE") return { type, cron: "0 9 * * 1" };
  if (type.includes("RUN_")) return { type, ...keep("actionIdentifier") };
  if (type.startsWith("ALERT_")) return { type, ...keep("alertIdentifier") };
  return {
    type,
    ...keep("blueprintIdentifier"),
    ...(type === "TIMER_PROPERTY_EXPIRED" ? keep("propertyIdentifier") : {}),
  };
}

function Conditions({ trigger, onChange }: { trigger: Doc; onChange: (trigger: Doc) => void }) {
  const condition = objectAt(trigger, "condition");
  const expressions = Array.isArray(condition["expressions"])
    ? (condition["expressions"] as unknown[]).map(String)
    : [];
  const set = (next: readonly string[], combinator = textAt(condition, "combinator") || "and") =>
    onChange(
      withKey(
        trigger,
        "condition",
        next.length === 0 ? undefined : { type: "JQ", expressions: next, combinator },
      ),
    );
  // An expression has no name of its own.
  const rows = expressions.map((text, at) => ({ text, at, key: `${expressions.length}.${at}` }));
  return (
    <div className="stack" role="group" aria-label="Condition" style={{ gap: 8 }}>
      <h3>Only if</h3>
      {expressions.length > 1 ? (
        <div>
          <Choice
            label="Which must hold"
            value={textAt(condition, "combinator") || "and"}
            options={[
              { value: "and", label: "All hold" },
              { value: "or", label: "One holds" },
            ]}
            onChange={(combinator) => set(expressions, combinator)}
          />
        </div>
      ) : null}
      {rows.map(({ text, at, key }) => (
        <div key={key} className="row" style={{ flexWrap: "nowrap" }}>
          <TextInput
            style={{ flex: 1 }}
            aria-label={`Expression ${at + 1}`}
            placeholder='.diff.after.properties.status == "Failed"'
            styles={{ input: { fontFamily: "var(--mono)", fontSize: 12.5 } }}
            value={text}
            onChange={(event) => {
              const typed = event.currentTarget.value;
              set(expressions.map((one, i) => (i === at ? typed : one)));
            }}
          />
          <ActionIcon
            size={32}
            aria-label={`Remove expression ${at + 1}`}
            onClick={() => set(expressions.filter((_, i) => i !== at))}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => set([...expressions, ""])}
        >
          Add jq expression
        </Button>
      </div>
    </div>
  );
}
