import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import { entityTitleQuery } from "../catalog/entity-title.ts";
import { EntityRef } from "../parts/entity-ref.tsx";
import css from "./entity.module.css";

const FIRST = 20;

/** Links to entities of one blueprint, by their titles. */
export function RelatedLinks({ target, identifiers }: { target: string; identifiers: readonly string[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? identifiers : identifiers.slice(0, FIRST);
  // As they are called by now; those that come with “more” are asked for then.
  const titles = useQueries({
    queries: shown.map((identifier) => entityTitleQuery(target, identifier)),
    combine: (found) => found.map(({ data }) => data),
  });
  return (
    <ul className={css["links"]}>
      {shown.map((identifier, at) => (
        <li key={identifier}>
          <EntityRef
            blueprint={target}
            identifier={identifier}
            title={titles[at] ?? null}
            isAmbiguous={titles.indexOf(titles[at]) !== titles.lastIndexOf(titles[at])}
          />
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
