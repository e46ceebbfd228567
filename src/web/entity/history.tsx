import { useQuery } from "@tanstack/react-query";
import type { EntityDoc } from "../catalog/blueprint.ts";
import { type AuditEvent, auditQuery } from "../catalog/queries.ts";
import { Ago } from "../parts/ago.tsx";
import { Bone } from "../parts/bone.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Tag } from "../parts/tag.tsx";
import { differences } from "./differences.ts";
import css from "./entity.module.css";

const LIMIT = 100;
const WORDS: Readonly<Record<string, string>> = { CREATE: "Created", UPDATE: "Updated", DELETE: "Deleted" };

/** Who changed an entity, when, from where, and what. */
export function History({ blueprint, entity }: { blueprint: string; entity: EntityDoc }) {
  const events = useQuery(auditQuery({ blueprint, entity: entity.identifier, limit: LIMIT }));
  if (events.error && !events.data)
    return (
      <ErrorPanel what="load the audit log" error={events.error} onRetry={() => void events.refetch()} />
    );
  if (!events.data) return <Bone height={240} />;
  if (events.data.length === 0) return <Empty title="The audit log has nothing on it." />;
  return (
    <div className="card">
      <ol>
        {events.data.map((event) => (
          <Event key={event.identifier} event={event} />
        ))}
      </ol>
      {events.data.length === LIMIT ? <p className="muted small">The latest {LIMIT} are shown.</p> : null}
    </div>
  );
}

function Event({ event: { action, trigger, context, diff } }: { event: AuditEvent }) {
  const rows = differences(diff.before, diff.after);
  return (
    <li className={css["event"]}>
      <div className="row">
        <strong>{WORDS[action] ?? action}</strong>
        <Ago iso={trigger.at} />
        <span className="muted">by {trigger.by.byPort ? "Fairway" : (trigger.by.userId ?? "unknown")}</span>
        <Tag>{trigger.origin}</Tag>
        {context.runId ? <Tag>run {context.runId}</Tag> : null}
      </div>
      {rows.length > 0 ? (
        <table className={css["diff"]}>
          <thead className="sr">
            <tr>
              <th scope="col">What</th>
              <th scope="col">Before</th>
              <th scope="col">After</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ path, before, after }) => (
              <tr key={path}>
                <th scope="row">{path}</th>
                <td className={css["before"]}>{before}</td>
                <td className={css["after"]}>{after}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
    </li>
  );
}
