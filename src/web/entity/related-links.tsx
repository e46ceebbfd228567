import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import { entityTitleQuery } from "../catalog/entity-title.ts";
import { count } from "../lib/format.ts";
import { repeated } from "../lib/repeated.ts";
import { EntityRef } from "../parts/entity-ref.tsx";
import css from "./entity.module.css";

const FIRST = 20;
/** A hub may have 50,000: each step is as much as a browser draws at once without being felt. */
const STEP = 100;

/** Links to entities of one blueprint, by their titles. */
export function RelatedLinks({ target, identifiers }: { target: string; identifiers: readonly string[] }) {
  const [most, setMost] = useState(FIRST);
  const shown = identifiers.slice(0, most);
  const left = identifiers.length - shown.length;
  // As they are called by now; those that come with “more” are asked for then.
  const titles = useQueries({
    queries: shown.map((identifier) => entityTitleQuery(target, identifier)),
    combine: (found) => found.map(({ data }) => data),
  });
  const ambiguous = repeated(titles);
  return (
    <ul className={css["links"]}>
      {shown.map((identifier, at) => (
        <li key={identifier}>
          <EntityRef
            blueprint={target}
            identifier={identifier}
            title={titles[at] ?? null}
            isAmbiguous={ambiguous.has(titles[at])}
          />
        </li>
      ))}
      {left > 0 ? (
        <li>
          <button type="button" className={css["more"]} onClick={() => setMost(most + STEP)}>
            {left > STEP ? `and ${STEP} more of ${count(left)}` : `and ${left} more`}
          </button>
        </li>
      ) : null}
    </ul>
  );
}

/** Identifiers that the value of a relation names. */
export const identifiersOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(String) : typeof value === "string" && value !== "" ? [value] : [];
