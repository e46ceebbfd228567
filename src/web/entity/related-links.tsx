import { queryOptions, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { postJson } from "../api/client.ts";
import type { EntityDoc } from "../catalog/blueprint.ts";
import { entityPath } from "../catalog/queries.ts";
import css from "./entity.module.css";

const FIRST = 20;
const MOST = 500;

/** What the entities are called; those that do not exist any more, or may not be seen, keep their identifier. */
const titlesQuery = (blueprint: string, identifiers: readonly string[]) =>
  queryOptions({
    queryKey: ["entities", blueprint, "titles", identifiers],
    queryFn: ({ signal }) =>
      postJson<{ entities: EntityDoc[] }>(
        `${entityPath(blueprint)}/search`,
        {
          query: {
            combinator: "and",
            rules: [{ property: "$identifier", operator: "in", value: identifiers }],
          },
          include: ["$identifier", "$title"],
          limit: MOST,
        },
        signal,
      ),
    select: ({ entities }) =>
      new Map(entities.flatMap(({ identifier, title }) => (title ? [[identifier, title] as const] : []))),
    enabled: identifiers.length > 0,
    staleTime: 30_000,
  });

/** Links to entities of one blueprint, by their titles. */
export function RelatedLinks({ target, identifiers }: { target: string; identifiers: readonly string[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? identifiers : identifiers.slice(0, FIRST);
  const titles = useQuery(titlesQuery(target, shown.slice(0, MOST))).data;
  return (
    <ul className={css["links"]}>
      {shown.map((identifier) => (
        <li key={identifier}>
          <Link to="/c/$blueprint/$id" params={{ blueprint: target, id: identifier }} title={identifier}>
            {titles?.get(identifier) ?? identifier}
          </Link>
        </li>
      ))}
      {shown.length < identifiers.length ? (
        <li>
          <button type="button" className={css["more"]} onClick={() => setAll(true)}>
            and {identifiers.length - shown.length} more
          </button>
        </li>
      ) : null}
    </ul>
  );
}

/** Identifiers that the value of a relation names. */
export const identifiersOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(String) : typeof value === "string" && value !== "" ? [value] : [];
