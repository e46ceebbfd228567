import { Link } from "@tanstack/react-router";
import { count } from "../lib/format.ts";
import { Ago } from "../parts/ago.tsx";
import { SourceStatus } from "./status.tsx";
import type { ConnectorInfo, DataSource } from "./types.ts";

interface Props {
  sources: readonly DataSource[];
  connectors: readonly ConnectorInfo[];
}

/** What is connected, and how each stands. */
export function SourceList({ sources, connectors }: Props) {
  const systems = new Map(connectors.map(({ type, title }) => [type, title]));
  return (
    <section className="card" aria-labelledby="connected">
      <h2 id="connected">Connected</h2>
      <div className="scroll-x" tabIndex={0} role="region" aria-label="Connected data sources">
        <table className="data stacked">
          <thead>
            <tr>
              <th scope="col">Data source</th>
              <th scope="col" className="num">
                Objects
              </th>
              <th scope="col">System</th>
              <th scope="col">State</th>
              <th scope="col">Last event</th>
            </tr>
          </thead>
          <tbody>
            {sources.map((source) => (
              <tr key={source.id}>
                <td>
                  <Link to="/sources/$id" params={{ id: source.id }}>
                    {source.title}
                  </Link>
                </td>
                <td className="num" data-label="Objects">
                  {count(source.run?.counts.fetched ?? 0)}
                </td>
                <td data-label="System">{systems.get(source.type) ?? source.type}</td>
                <td data-label="State">
                  <SourceStatus source={source} />
                </td>
                <td data-label="Last event">
                  {source.lastEventAt === null ? (
                    <span className="muted">none yet</span>
                  ) : (
                    <Ago iso={source.lastEventAt} />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
