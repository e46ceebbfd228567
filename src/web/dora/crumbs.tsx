import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { entitiesQuery } from "../api/queries.ts";
import { encodeDoraSearch, type DoraQuery, type ScopeRef } from "../lib/dora-search.ts";
import { Breadcrumb } from "../parts/breadcrumb.tsx";

/**
 * The way from the organisation to what is shown, each step a link back, in the same window.
 * @param way from the widest scope on. @param children what is shown, where that is no scope: without a way, it says what is above it
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
    <Breadcrumb>
      <Link to="/dora" search={encodeDoraSearch({ ...plain, scope: null, trail: [] })}>
        {children !== undefined && way.length === 0 ? "DORA metrics" : "Organisation"}
      </Link>
      {way.map((scope, index) =>
        children === undefined && index === way.length - 1 ? (
          <span key={`${scope.blueprint}:${scope.entity}`} aria-current="page">
            <Name scope={scope} />
          </span>
        ) : (
          <Link
            key={`${scope.blueprint}:${scope.entity}`}
            to="/dora"
            search={encodeDoraSearch({ ...plain, scope, trail: way.slice(0, index) })}
          >
            <Name scope={scope} />
          </Link>
        ),
      )}
      {children === undefined ? null : <span aria-current="page">{children}</span>}
    </Breadcrumb>
  );
}

function Name({ scope: { blueprint, entity } }: { scope: ScopeRef }) {
  const { data = [] } = useQuery(entitiesQuery(blueprint));
  return data.find(({ identifier }) => identifier === entity)?.title ?? entity;
}
