import { Button, Select } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { type BlueprintDoc, columnsOf, titleOf } from "../catalog/blueprint.ts";
import { RuleRow, ruleFor } from "../catalog/rule-row.tsx";
import type { Rule } from "../lib/catalog-search.ts";
import css from "./builder.module.css";
import type { Definition } from "./definition-kind.ts";

const FUNCTIONS = [
  { value: "count", label: "Count" },
  { value: "average", label: "Average" },
  { value: "sum", label: "Sum" },
  { value: "min", label: "Smallest" },
  { value: "max", label: "Largest" },
  { value: "median", label: "Median" },
  { value: "p75", label: "75th percentile" },
  { value: "p90", label: "90th percentile" },
  { value: "p95", label: "95th percentile" },
  { value: "countDistinct", label: "Count of different values" },
];
const PERIODS = [
  { value: "total", label: "for each entity" },
  { value: "hour", label: "an hour" },
  { value: "day", label: "a day" },
  { value: "week", label: "a week" },
  { value: "month", label: "a month" },
];

interface Props {
  definition: Definition;
  all: readonly BlueprintDoc[];
  onChange: (definition: Definition) => void;
}

/** Which entities are counted or folded, and how. */
export function AggregationFields({ definition, all, onChange }: Props) {
  const target = all.find(({ identifier }) => identifier === definition["target"]);
  const spec = (definition["calculationSpec"] ?? {}) as Readonly<Record<string, unknown>>;
  const func = typeof spec["func"] === "string" ? spec["func"] : "count";
  const isOfProperty = spec["calculationBy"] === "property";
  const setSpec = (next: Definition) => onChange({ ...definition, calculationSpec: next });
  const columns = target ? columnsOf(target, all) : [];
  const numbers = columns.filter(({ kind, source }) => kind === "number" || source === "mirror");
  const times = columns.filter(({ kind }) => kind === "time");
  const subjects = func === "countDistinct" ? columns.filter(({ source }) => source !== null) : numbers;
  const choose = (next: string) => {
    if (next === "count") return setSpec({ calculationBy: "entities", func: "count" });
    const property = typeof spec["property"] === "string" ? spec["property"] : undefined;
    const by =
      next === "average" && !isOfProperty && property === undefined
        ? { calculationBy: "entities", averageOf: "day" }
        : { calculationBy: "property", ...(property === undefined ? {} : { property }) };
    return setSpec({
      ...by,
      func: next,
      ...(next === "average" ? { averageOf: spec["averageOf"] ?? "day" } : {}),
    });
  };
  return (
    <>
      <Select
        label="Blueprint to aggregate"
        description="Related to this one over relations in either direction"
        required
        searchable
        value={typeof definition["target"] === "string" ? definition["target"] : null}
        data={all.map((blueprint) => ({ value: blueprint.identifier, label: titleOf(blueprint) }))}
        onChange={(next) => {
          const { query: _query, pathFilter: _path, ...rest } = definition;
          onChange({ ...rest, target: next ?? "" });
        }}
      />
      <Select
        label="Function"
        allowDeselect={false}
        value={func}
        data={FUNCTIONS}
        onChange={(next) => choose(next ?? "count")}
      />
      {func === "average" ? (
        <Select
          label="Average of"
          allowDeselect={false}
          value={isOfProperty ? "property" : "entities"}
          data={[
            { value: "entities", label: "the number of entities" },
            { value: "property", label: "a property of theirs" },
          ]}
          onChange={(by) =>
            setSpec(
              by === "property"
                ? { func, calculationBy: "property", averageOf: "total" }
                : { func, calculationBy: "entities", averageOf: "day" },
            )
          }
        />
      ) : null}
      {isOfProperty ? (
        <Select
          label="Property"
          required
          searchable
          placeholder={target ? "Choose one" : "Choose the blueprint first"}
          value={typeof spec["property"] === "string" ? spec["property"] : null}
          data={subjects.map(({ id, title }) => ({ value: id, label: title }))}
          onChange={(property) => setSpec({ ...spec, property: property ?? undefined })}
        />
      ) : null}
      {func === "average" ? (
        <>
          <Select
            label="In"
            allowDeselect={false}
            value={typeof spec["averageOf"] === "string" ? spec["averageOf"] : isOfProperty ? "total" : "day"}
            data={isOfProperty ? PERIODS : PERIODS.slice(1)}
            onChange={(period) => setSpec({ ...spec, averageOf: period ?? "day" })}
          />
          <Select
            label="Time of an entity"
            value={typeof spec["measureTimeBy"] === "string" ? spec["measureTimeBy"] : "$createdAt"}
            allowDeselect={false}
            data={[
              { value: "$createdAt", label: "Created" },
              { value: "$updatedAt", label: "Last update" },
              ...times
                .filter(({ source }) => source !== null)
                .map(({ id, title }) => ({ value: id, label: title })),
            ]}
            onChange={(by) => setSpec({ ...spec, measureTimeBy: by ?? "$createdAt" })}
          />
        </>
      ) : null}
      {target ? <Rules target={target} all={all} definition={definition} onChange={onChange} /> : null}
    </>
  );
}

const isRule = (rule: unknown): rule is Rule =>
  typeof rule === "object" && rule !== null && "property" in rule && "operator" in rule;

/** Which of them count; what has no row here stays as it is in the JSON. */
function Rules({ target, all, definition, onChange }: Props & { target: BlueprintDoc }) {
  const query = (definition["query"] ?? { combinator: "and", rules: [] }) as {
    combinator?: unknown;
    rules?: unknown;
  };
  const list: readonly unknown[] = Array.isArray(query.rules) ? query.rules : [];
  const columns = columnsOf(target, all);
  const set = (rules: readonly unknown[]) => {
    const { query: _query, ...rest } = definition;
    onChange(
      rules.length === 0 ? rest : { ...rest, query: { combinator: query.combinator ?? "and", rules } },
    );
  };
  const rows = list.map((rule, index) => ({ rule, index, key: `${list.length}.${index}` }));
  const others = list.filter((rule) => !isRule(rule)).length;
  const [first] = columns;
  return (
    <div className={css["options"]} role="group" aria-label="Only those where">
      <span className={css["label"]}>Only those where</span>
      {rows.map(({ rule, index, key }) =>
        isRule(rule) ? (
          <RuleRow
            key={key}
            number={index + 1}
            columns={columns}
            rule={rule}
            onChange={(next) =>
              set(list.flatMap((one, at) => (at === index ? (next === null ? [] : [next]) : [one])))
            }
          />
        ) : null,
      )}
      {others > 0 ? <p className="muted small">{others} more in the JSON.</p> : null}
      <div>
        <Button
          size="xs"
          variant="subtle"
          leftSection={<IconPlus size={14} aria-hidden />}
          disabled={first === undefined}
          onClick={() => {
            if (first) set([...list, ruleFor(first)]);
          }}
        >
          Condition
        </Button>
      </div>
    </div>
  );
}
