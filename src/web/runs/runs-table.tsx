import { Link } from "@tanstack/react-router";
import type { RunDoc } from "../actions/types.ts";
import { duration } from "../lib/format.ts";
import { Ago } from "../parts/ago.tsx";
import { Actor } from "../parts/actor.tsx";
import { EntityRef } from "../parts/entity-ref.tsx";
import { RunCause } from "./run-cause.tsx";
import { StatusTag } from "./status-tag.tsx";

const SOURCES: Readonly<Record<RunDoc["source"], string>> = {
  UI: "Self-service",
  API: "API",
  AUTOMATION: "Automation",
};

/** Runs, newest first. */
export function RunsTable({ runs, label }: { runs: readonly RunDoc[]; label: string }) {
  return (
    <div className="card scroll-x" tabIndex={0} role="region" aria-label={label}>
      <table className="data stacked">
        <thead>
          <tr>
            <th scope="col">Action</th>
            <th scope="col">Status</th>
            <th scope="col">Entity</th>
            <th scope="col">By</th>
            <th scope="col">Started</th>
            <th scope="col">Took</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.id}>
              <td>
                <Link to="/runs/$run" params={{ run: run.id }}>
                  {run.action.title || run.action.identifier}
                </Link>
              </td>
              <td data-label="Status">
                <span>
                  <StatusTag run={run} />
                  {run.statusLabel ? <span className="muted small"> {run.statusLabel}</span> : null}
                </span>
              </td>
              <td data-label="Entity">
                <span>
                  {run.entity && run.blueprint ? (
                    <EntityRef
                      blueprint={run.blueprint.identifier}
                      identifier={run.entity.identifier}
                      title={run.entity.title ?? null}
                    />
                  ) : (
                    <span className="muted">–</span>
                  )}
                </span>
              </td>
              <td data-label="By">
                <span>
                  {run.source === "AUTOMATION" ? (
                    <RunCause action={run.action} />
                  ) : (
                    <Actor id={run.createdBy} />
                  )}
                  {/* Credentials say so themselves. */}
                  {run.source === "API" && run.createdBy?.includes("@") ? (
                    <span className="muted small"> {SOURCES[run.source]}</span>
                  ) : null}
                </span>
              </td>
              <td data-label="Started">
                <span>
                  <Ago iso={run.createdAt} />
                </span>
              </td>
              <td data-label="Took" className="nums">
                <span>
                  {run.endedAt === null
                    ? "–"
                    : duration((Date.parse(run.endedAt) - Date.parse(run.createdAt)) / 1000)}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
