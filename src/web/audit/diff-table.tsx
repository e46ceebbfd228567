import { useQuery } from "@tanstack/react-query";
import { columnsOf } from "../catalog/blueprint.ts";
import { allBlueprintsQuery } from "../catalog/queries.ts";
import { blueprintScorecardsQuery } from "../scorecards/queries.ts";
import css from "./audit.module.css";
import type { Difference } from "./differences.ts";

/**
 * What changed, leaf by leaf: before and after beside each other.
 * @param blueprint of an entity: its properties and scorecards are called by their titles
 */
export function DiffTable({ rows, blueprint }: { rows: readonly Difference[]; blueprint?: string }) {
  const names = useNames(rows, blueprint);
  if (rows.length === 0) return null;
  return (
    <table className={css["diff"]}>
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ path, before, after }) => (
          <tr key={path}>
            <th scope="row" title={path}>
              {names.get(path) ?? path}
            </th>
            <td data-label="Before">
              {before === "" ? <None /> : <del className={css["before"]}>{before}</del>}
            </td>
            <td data-label="After">
              {after === "" ? <None /> : <ins className={css["after"]}>{after}</ins>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** By path. */
function useNames(rows: readonly Difference[], blueprint = ""): ReadonlyMap<string, string> {
  const isScored = rows.some(({ path }) => path.startsWith("scorecards."));
  const known = useQuery({ ...allBlueprintsQuery, enabled: blueprint !== "" }).data;
  const scorecards =
    useQuery({ ...blueprintScorecardsQuery(blueprint), enabled: blueprint !== "" && isScored }).data ?? [];
  const document = known?.find(({ identifier }) => identifier === blueprint);
  return new Map([
    ["title", "Title"],
    ["team", "Owning teams"],
    ["icon", "Icon"],
    ...(document ? columnsOf(document) : []).flatMap(({ id, title, source }): [string, string][] =>
      source === null ? [] : [[`${source === "relation" ? "relations" : "properties"}.${id}`, title]],
    ),
    ...scorecards.flatMap(({ identifier, title, rules }): [string, string][] => [
      [`scorecards.${identifier}`, title],
      ...rules.map((rule): [string, string] => [
        `scorecards.${identifier}.${rule.identifier}`,
        `${title}: ${rule.title}`,
      ]),
    ]),
  ]);
}

function None() {
  return (
    <span className="muted">
      <span aria-hidden>–</span>
      <span className="sr">nothing</span>
    </span>
  );
}
