import { IconCircleCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { approvalsQuery } from "../actions/queries.ts";
import { useFollow } from "../api/live.tsx";
import { Ago } from "../parts/ago.tsx";
import { Empty } from "../parts/empty.tsx";
import { EntityRef } from "../parts/entity-ref.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { Pending } from "../parts/pending.tsx";
import { Actor } from "../parts/actor.tsx";
import { SectionTabs } from "../parts/section-tabs.tsx";
import { Decide } from "../runs/approval-panel.tsx";
import { RunInputs } from "../runs/run-inputs.tsx";
import css from "../runs/runs.module.css";

/** Runs that wait for the reader's word. */
export function ApprovalsPage() {
  const runs = useQuery({ ...approvalsQuery, refetchInterval: useFollow() });
  return (
    <div className="stack" style={{ maxWidth: 900 }}>
      <PageHead title="Approvals">Runs that wait for your decision.</PageHead>
      <SectionTabs section="actions" />
      {runs.data === undefined ? (
        <Pending what="the approvals" error={runs.error} onRetry={() => void runs.refetch()} height={200} />
      ) : runs.data.length === 0 ? (
        <Empty icon={IconCircleCheck} title="Nothing waits for you.">
          <p>Runs that need approval appear here, and their approvers are notified.</p>
        </Empty>
      ) : (
        runs.data.map((run) => (
          <section key={run.id} className={`card stack ${css["approval"]}`} aria-labelledby={run.id}>
            <div className="row between">
              <h2 id={run.id}>
                <Link to="/runs/$run" params={{ run: run.id }}>
                  {run.action.title || run.action.identifier}
                </Link>
              </h2>
              <span className="muted small">
                <Actor id={run.createdBy} /> · <Ago iso={run.createdAt} />
              </span>
            </div>
            {run.entity && run.blueprint ? (
              <p>
                On{" "}
                <EntityRef
                  blueprint={run.blueprint.identifier}
                  identifier={run.entity.identifier}
                  title={run.entity.title ?? null}
                />
              </p>
            ) : null}
            <RunInputs run={run} />
            <Decide run={run.id} />
          </section>
        ))
      )}
    </div>
  );
}
