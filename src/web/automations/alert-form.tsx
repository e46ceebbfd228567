import { NumberInput, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import css from "../actions/actions.module.css";
import { type Doc, objectAt, textAt, withKey } from "../actions/document-drawer.tsx";
import { columnsOf, titleOf } from "../catalog/blueprint.ts";
import { allBlueprintsQuery } from "../catalog/queries.ts";
import { Pick } from "../parts/pick.tsx";
import { scorecardsQuery } from "../scorecards/queries.ts";
import { sourcesQuery } from "../sources/queries.ts";
import { webhooksQuery } from "../webhooks/queries.ts";
import { AlertRecipients } from "./alert-recipients.tsx";
import { OnlyEntity, watchedBlueprint } from "./alert-scope.tsx";
import { METRICS } from "./words.ts";

/** People write hours and per cent; the API has seconds and ratios. */
function unitOf(source: Doc): number {
  const metric = textAt(source, "metric");
  if (source["type"] !== "metric") return 1;
  if (metric.endsWith("Rate")) return 0.01;
  return metric.includes("Time") ? 3600 : 1;
}

const STARTS: Readonly<Record<string, Doc>> = {
  metric: { type: "metric", metric: "changeFailureRate", window: "30d", per: "service" },
  property: { type: "property", blueprint: "", property: "" },
  scorecard: { type: "scorecard", blueprint: "", scorecard: "" },
  silence: { type: "silence", blueprint: "" },
  dataSource: { type: "dataSource", dataSource: "" },
  timer: { type: "timer", blueprint: "", property: "" },
};

interface Props {
  document: Doc;
  onChange: (document: Doc) => void;
}

/** What is watched, when it fires, and who is told. */
export function AlertForm({ document, onChange }: Props) {
  const source = objectAt(document, "source");
  const type = textAt(source, "type");
  const setSource = (next: Doc) =>
    onChange({
      // An entity of another blueprint is none of this.
      ...(watchedBlueprint(next) === watchedBlueprint(source)
        ? document
        : withKey(document, "entity", undefined)),
      source: next,
    });
  return (
    <div className="stack">
      <Pick
        label="Watch"
        value={type}
        data={[
          { value: "metric", label: "A DORA metric" },
          { value: "property", label: "A number of entities" },
          { value: "scorecard", label: "A level of a scorecard" },
          { value: "silence", label: "Whether data still comes" },
          { value: "dataSource", label: "Whether a data source is still heard of" },
          { value: "timer", label: "Timers that are overdue" },
        ]}
        onChange={(next) =>
          onChange({
            // Only metrics say on how much they rest.
            ...withKey(
              next === "metric" ? document : withKey(document, "minimum", undefined),
              "entity",
              undefined,
            ),
            source: STARTS[next ?? "metric"] ?? {},
            rule: next === "scorecard" ? { type: "fall" } : { type: "threshold", is: "above", value: 0 },
          })
        }
      />
      {type === "metric" ? (
        <MetricFields source={source} onChange={setSource} />
      ) : type === "dataSource" ? (
        <DataSourceField source={source} onChange={setSource} />
      ) : (
        <EntityFields source={source} onChange={setSource} />
      )}
      <OnlyEntity blueprint={watchedBlueprint(source)} document={document} onChange={onChange} />
      <RuleFields document={document} onChange={onChange} />
      <AlertRecipients document={document} onChange={onChange} />
    </div>
  );
}

interface SourceProps {
  source: Doc;
  onChange: (source: Doc) => void;
}

function MetricFields({ source, onChange }: SourceProps) {
  const blueprints = useQuery(allBlueprintsQuery).data ?? [];
  return (
    <>
      <Pick
        label="Metric"
        value={textAt(source, "metric")}
        data={METRICS}
        onChange={(metric) => onChange({ ...source, metric })}
      />
      <div className={css["split"]}>
        <Select
          label="For each"
          placeholder="The organisation as a whole"
          clearable
          searchable
          data={blueprints.map((one) => ({ value: one.identifier, label: titleOf(one) }))}
          value={textAt(source, "per") || null}
          onChange={(per) => onChange(withKey(source, "per", per ?? ""))}
        />
        <Pick
          label="Over the last"
          value={textAt(source, "window") || "30d"}
          data={[...new Set(["7d", "14d", "30d", "90d", textAt(source, "window") || "30d"])].map((value) => ({
            value,
            label: windowText(value),
          }))}
          onChange={(window) => onChange({ ...source, window })}
        />
      </div>
      <TextInput
        label="Environment"
        placeholder="Those that count as production"
        value={textAt(source, "environment")}
        onChange={(event) => onChange(withKey(source, "environment", event.currentTarget.value))}
      />
    </>
  );
}

const SPANS: Readonly<Record<string, string>> = { d: "days", w: "weeks", m: "months" };

const windowText = (window: string): string => `${window.slice(0, -1)} ${SPANS[window.slice(-1)] ?? ""}`;

function DataSourceField({ source, onChange }: SourceProps) {
  const sources = useQuery(sourcesQuery).data ?? [];
  const webhooks = useQuery(webhooksQuery).data ?? [];
  return (
    <Select
      label="Data source"
      required
      searchable
      placeholder="Choose"
      nothingFoundMessage="There is none yet"
      data={[
        ...new Map([
          ...webhooks.map(({ identifier, title }) => [identifier, `${title} (webhook)`] as const),
          ...sources.map(({ id, title }) => [id, title] as const),
        ]),
      ].map(([value, label]) => ({ value, label }))}
      value={textAt(source, "dataSource") || null}
      onChange={(next) => onChange({ ...source, dataSource: next ?? "" })}
    />
  );
}

function EntityFields({ source, onChange }: SourceProps) {
  const blueprints = useQuery(allBlueprintsQuery).data ?? [];
  const scorecards = useQuery(scorecardsQuery).data ?? [];
  const of = textAt(source, "blueprint");
  const blueprint = blueprints.find(({ identifier }) => identifier === of);
  const type = textAt(source, "type");
  const timers = Object.entries(blueprint?.schema?.properties ?? {}).filter(
    ([, { format }]) => format === "timer",
  );
  const data =
    type === "timer"
      ? timers.map(([value, { title }]) => ({ value, label: title || value }))
      : type === "scorecard"
        ? scorecards
            .filter((one) => one.blueprint === of)
            .map(({ identifier, title }) => ({ value: identifier, label: title }))
        : blueprint === undefined
          ? []
          : columnsOf(blueprint, blueprints)
              .filter(
                ({ kind, source: from }) => from !== null && (kind === "number" || from === "aggregation"),
              )
              .map(({ id, title }) => ({ value: id, label: title }));
  const key = type === "scorecard" ? "scorecard" : "property";
  return (
    <div className={css["split"]}>
      <Select
        label="Blueprint"
        required
        searchable
        placeholder="Choose"
        data={blueprints.map((one) => ({ value: one.identifier, label: titleOf(one) }))}
        value={of || null}
        onChange={(next) => onChange({ ...source, blueprint: next ?? "" })}
      />
      {type === "silence" ? null : (
        <Select
          label={type === "scorecard" ? "Scorecard" : type === "timer" ? "Timer" : "Number"}
          required
          searchable
          placeholder="Choose"
          nothingFoundMessage="The blueprint has none"
          data={data}
          value={textAt(source, key) || null}
          onChange={(next) => onChange({ ...source, [key]: next ?? "" })}
        />
      )}
    </div>
  );
}

/** What the numbers of the form are written in. */
function signOf(source: Doc, isHours: boolean): string | null {
  if (isHours) return "hours";
  if (source["type"] !== "metric") return null;
  const metric = textAt(source, "metric");
  if (metric.endsWith("Rate")) return "%";
  return metric.includes("Time") ? "hours" : "per day";
}

const round = (value: number): number => Math.round(value * 1e6) / 1e6;

function RuleFields({ document, onChange }: Props) {
  const source = objectAt(document, "source");
  const rule = objectAt(document, "rule");
  const unit = unitOf(source);
  const isMetric = source["type"] === "metric";
  const isHours = ["silence", "dataSource", "timer"].includes(textAt(source, "type"));
  const sign = signOf(source, isHours);
  const set = (next: Doc) => onChange({ ...document, rule: next });
  const shown = (key: string) => {
    const value = rule[key];
    return typeof value === "number" ? round(value / unit) : "";
  };
  const number = (key: string, label: string) => (
    <NumberInput
      label={label}
      hideControls
      {...(sign === null
        ? {}
        : { rightSection: <span className="muted small">{sign}</span>, rightSectionWidth: 60 })}
      value={shown(key)}
      onChange={(next) => set(withKey(rule, key, next === "" ? undefined : round(Number(next) * unit)))}
    />
  );
  return (
    <>
      <Pick
        label="It fires when the value"
        value={rule["type"] === "threshold" ? textAt(rule, "is") || "above" : textAt(rule, "type")}
        data={[
          ...(source["type"] === "scorecard"
            ? []
            : [
                { value: "above", label: "is above a limit" },
                { value: "below", label: "is below a limit" },
              ]),
          ...(isMetric || source["type"] === "scorecard"
            ? [{ value: "fall", label: isMetric ? "falls to a lower tier" : "falls to a lower level" }]
            : []),
          ...(isMetric ? [{ value: "regression", label: "is significantly worse than before" }] : []),
        ]}
        onChange={(next) =>
          set(
            next === "above" || next === "below"
              ? { type: "threshold", is: next, value: rule["value"] ?? 0 }
              : { type: next },
          )
        }
      />
      {rule["type"] === "threshold" ? (
        <div className={css["split"]}>
          {number("value", "Limit")}
          {number("clear", "Over again at (the limit unless given)")}
        </div>
      ) : null}
      {isMetric ? (
        <NumberInput
          label="At least so many observations"
          description="Numbers that rest on fewer do not count"
          hideControls
          min={0}
          value={typeof document["minimum"] === "number" ? document["minimum"] : ""}
          onChange={(next) => onChange(withKey(document, "minimum", next === "" ? undefined : Number(next)))}
        />
      ) : null}
    </>
  );
}
