import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import css from "../audit/audit.module.css";
import { differences } from "../audit/differences.ts";
import { DiffTable } from "../audit/diff-table.tsx";
import { actorOf, originWord, wordOf } from "../audit/words.ts";
import { type AuditEvent, auditQuery } from "../catalog/queries.ts";
import { Ago } from "../parts/ago.tsx";
import { Bone } from "../parts/bone.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Tag } from "../parts/tag.tsx";
import { Actor } from "../parts/actor.tsx";

const LIMIT = 100;

/** Who changed an entity, when, from where, and what. */
export function History({ blueprint, entity }: { blueprint: string; entity: string }) {
  const events = useQuery(auditQuery({ blueprint, entity, limit: LIMIT }));
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
          <Event key={event.identifier} event={event} blueprint={blueprint} />
        ))}
      </ol>
      <p className="muted small">
        {events.data.length === LIMIT ? `The latest ${LIMIT} are shown. ` : ""}
        <Link to="/audit" search={{ blueprint, entity, system: "shown" }}>
          Filter and export in the audit log
        </Link>
      </p>
    </div>
  );
}

function Event({ event, blueprint }: { event: AuditEvent; blueprint: string }) {
  const { trigger, context, diff, status, message } = event;
  return (
    <li className={css["event"]}>
      <div className="row">
        <strong>{wordOf(event)}</strong>
        <Ago iso={trigger.at} />
        <span className="muted">
          by <Actor {...actorOf(event)} />
        </span>
        <Tag>{originWord(trigger.origin)}</Tag>
        {typeof context["runId"] === "string" ? <Tag>run {context["runId"]}</Tag> : null}
        {status === "FAILURE" ? <Tag tone="bad">refused</Tag> : null}
      </div>
      {message ? <p className="muted small">{message}</p> : null}
      <DiffTable rows={differences(diff?.before, diff?.after)} blueprint={blueprint} />
    </li>
  );
}
