import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import css from "../actions/actions.module.css";
import { type Doc, textAt, withKey } from "../actions/document-drawer.tsx";
import { EntityInput } from "../actions/entity-input.tsx";
import { columnsOf, titleOf } from "../catalog/blueprint.ts";
import { allBlueprintsQuery } from "../catalog/queries.ts";
import { Pick } from "../parts/pick.tsx";

/** Of whose entities the alert speaks; "": of none. */
export function watchedBlueprint(source: Doc): string {
  switch (source["type"]) {
    case "metric":
      return textAt(source, "per");
    case "property":
    case "scorecard":
    case "timer":
      return textAt(source, "blueprint");
    default:
      return "";
  }
}

/** One entity instead of all. */
export function OnlyEntity({
  blueprint,
  document,
  onChange,
}: {
  blueprint: string;
  document: Doc;
  onChange: (document: Doc) => void;
}) {
  const blueprints = useQuery(allBlueprintsQuery).data ?? [];
  if (blueprint === "") return null;
  const found = blueprints.find(({ identifier }) => identifier === blueprint);
  return (
    <EntityInput
      key={blueprint}
      common={{
        label: `Only this ${found === undefined ? blueprint : titleOf(found)}`,
        description: "All of them, each by itself, unless one is chosen",
        ...{ required: false, disabled: false, error: null, size: "sm" },
      }}
      rules={{ type: "string", format: "entity", blueprint }}
      value={document["entity"]}
      onChange={(entity) => onChange(withKey(document, "entity", entity))}
    />
  );
}

/** The property of teams that holds the address of their channel, and who reads there. */
export function TeamChannel({
  recipients,
  onChange,
}: {
  recipients: Doc;
  onChange: (recipients: Doc) => void;
}) {
  const blueprints = useQuery(allBlueprintsQuery).data ?? [];
  const team = blueprints.find(({ identifier }) => identifier === "_team");
  const chosen = textAt(recipients, "teamChannel");
  const data = (team === undefined ? [] : columnsOf(team, blueprints))
    .filter(
      ({ kind, source }) => source !== null && source !== "relation" && (kind === "text" || kind === "url"),
    )
    .map(({ id, title }) => ({ value: id, label: title === id ? id : `${title} (${id})` }));
  const isKnown = chosen === "" || data.some(({ value }) => value === chosen);
  return (
    <div className={chosen === "" ? "" : css["split"]} style={{ alignItems: "end" }}>
      <Select
        label="Property of the team with its own channel"
        placeholder="None"
        clearable
        searchable
        nothingFoundMessage="Teams have no such text"
        data={isKnown ? data : [...data, { value: chosen, label: chosen }]}
        value={chosen || null}
        onChange={(next) => {
          const after = withKey(recipients, "teamChannel", next ?? undefined);
          onChange(next === null ? withKey(after, "teamChannelFormat", undefined) : after);
        }}
      />
      {chosen === "" ? null : (
        <Pick
          label="Teams read in"
          value={textAt(recipients, "teamChannelFormat") || "slack"}
          data={[
            { value: "slack", label: "Slack" },
            { value: "teams", label: "Microsoft Teams" },
          ]}
          onChange={(next) =>
            onChange(withKey(recipients, "teamChannelFormat", next === "teams" ? "teams" : undefined))
          }
        />
      )}
    </div>
  );
}
