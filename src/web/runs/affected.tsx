import { queryOptions, useQuery } from "@tanstack/react-query";
import { getJson } from "../api/client.ts";
import { Ago } from "../parts/ago.tsx";
import { EntityRef } from "../parts/entity-ref.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Tag } from "../parts/tag.tsx";

interface TouchedDoc {
  readonly blueprint: string;
  readonly identifier: string;
  readonly action: "CREATE" | "UPDATE" | "DELETE";
  readonly at: string;
}

const touchedQuery = (run: string) =>
  queryOptions({
    queryKey: ["runs", "touched", run],
    queryFn: ({ signal }) =>
      getJson<{ entities: TouchedDoc[] }>(`/v1/actions/runs/${encodeURIComponent(run)}/entities`, {}, signal),
    select: (answer) => answer.entities,
  });

const WORDS = { CREATE: "Created", UPDATE: "Changed", DELETE: "Deleted" } as const;

/** Entities that were written for the run. */
export function Affected({ run, isLive }: { run: string; isLive: boolean }) {
  const { data = [], error } = useQuery({ ...touchedQuery(run), refetchInterval: isLive ? 2000 : false });
  if (error)
    return (
      <section className="card">
        <ErrorPanel what="load what it changed" error={error} />
      </section>
    );
  if (data.length === 0) return null;
  return (
    <section className="card" aria-labelledby="affected">
      <h2 id="affected">Affected entities</h2>
      <ul className="stack" style={{ gap: 8, paddingTop: 8 }}>
        {data.map(({ blueprint, identifier, action, at }) => (
          <li key={`${blueprint}/${identifier}`} className="row">
            <Tag>{WORDS[action]}</Tag>
            <EntityRef blueprint={blueprint} identifier={identifier} />
            <span className="muted small">
              {blueprint} · <Ago iso={at} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
