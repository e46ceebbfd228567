import { type Column, type EntityDoc, valueIn } from "../catalog/blueprint.ts";
import { ruleText } from "../catalog/operators.ts";
import { Value } from "../catalog/value.tsx";
import { Tag } from "../parts/tag.tsx";
import { asRule, type ConditionDoc, type ConditionGroup, isGroup } from "./types.ts";

/** What a rule asks for, in words. */
export function queryText({ combinator, conditions }: ConditionGroup, columns: readonly Column[]): string {
  return conditions
    .map((part) => (isGroup(part) ? `(${queryText(part, columns)})` : ruleText(asRule(part), columns)))
    .join(combinator === "and" ? " and " : " or ");
}

function conditionsIn(group: ConditionGroup): ConditionDoc[] {
  return group.conditions.flatMap((part) => (isGroup(part) ? conditionsIn(part) : [part]));
}

/** Which values would have to be there for the rule to say anything. */
export function NoData({ query, columns }: { query: ConditionGroup; columns: readonly Column[] }) {
  const ids = [...new Set(conditionsIn(query).map((condition) => asRule(condition).property))];
  const names = ids.map((id) => columns.find((column) => column.id === id)?.title ?? id);
  return (
    <>
      <Tag>No data</Tag> <span className="muted">{names.join(", ")}</span>
    </>
  );
}

/** What the entity has of what the rule asks for, each property once. */
export function Compared({
  query,
  columns,
  entity,
}: {
  query: ConditionGroup;
  columns: readonly Column[];
  entity: EntityDoc;
}) {
  const ids = [...new Set(conditionsIn(query).map((condition) => asRule(condition).property))];
  return (
    <>
      {ids.map((id) => {
        const column = columns.find((one) => one.id === id);
        return (
          <span key={id} style={{ display: "inline-flex", gap: 6, marginRight: 12, alignItems: "baseline" }}>
            <span className="muted">{column?.title ?? id}:</span>
            {column === undefined ? (
              <span className="muted">no such property</span>
            ) : (
              <Value column={column} value={valueIn(entity, column)} />
            )}
          </span>
        );
      })}
    </>
  );
}
