import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { entitiesQuery } from "../api/queries.ts";
import { encodeDoraSearch, type DoraQuery, type ScopeRef } from "../lib/dora-search.ts";
import css from "./crumbs.module.css";

/**
 * The way from the organisation to what is shown, each step a link back, in the same window.
 * @param way from the widest scope on. @param children what is shown, where that is no scope
 */
export function Crumbs({
  query,
  way,
  children,
}: {
  query: DoraQuery;
  way: readonly ScopeRef[];
  children?: ReactNode;
}) {
  const plain = { ...query, by: null, evidence: null, explain: null, note: null };
  return (
    <nav aria-label="Breadcrumb" className={css["crumbs"]}>
      <ol>
        <li>
          <Link to="/dora" search={encodeDoraSearch({ ...plain, scope: null, trail: [] })}>
            Organisation
          </Link>
        </li>
        {way.map((scope, index) => {
          const isHere = children === undefined && index === way.length - 1;
          return (
            <li key={`${scope.blueprint}:${scope.entity}`}>
              {isHere ? (
                <span aria-current="page">
                  <Name scope={scope} />
                </span>
              ) : (
                <Link to="/dora" search={encodeDoraSearch({ ...plain, scope, trail: way.slice(0, index) })}>
                  <Name scope={scope} />
                </Link>
              )}
            </li>
          );
        })}
        {children === undefined ? null : (
          <li>
            <span aria-current="page">{children}</span>
          </li>
        )}
      </ol>
    </nav>
  );
}

function Name({ scope: { blueprint, entity } }: { scope: ScopeRef }) {
  const { data = [] } = useQuery(entitiesQuery(blueprint));
  return data.find(({ identifier }) => identifier === entity)?.title ?? entity;
}
