import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { AuditEvent } from "../catalog/queries.ts";
import { localTime } from "../lib/format.ts";
import { Actor } from "../parts/actor.tsx";
import { Ago } from "../parts/ago.tsx";
import { Bone } from "../parts/bone.tsx";
import { Choice } from "../parts/choice.tsx";
import { Copy } from "../parts/copy.tsx";
import { Missing } from "../parts/missing.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Notice } from "../parts/notice.tsx";
import { Tag } from "../parts/tag.tsx";
import { SideDrawer } from "../parts/side-drawer.tsx";
import css from "./audit.module.css";
import { differences } from "./differences.ts";
import { DiffTable } from "./diff-table.tsx";
import { Subject } from "./event-subject.tsx";
import { auditEventQuery } from "./queries.ts";
import { actorOf, isByStranger, originWord, phraseOf } from "./words.ts";

/** Everything the log knows of one event, with what was before and after. */
export function EventDrawer({ identifier, onClose }: { identifier: string; onClose: () => void }) {
  const event = useQuery(auditEventQuery(identifier));
  return (
    <SideDrawer title={event.data ? titleOf(event.data) : "Event"} size={720} onClose={onClose}>
      {event.data ? (
        <Details event={event.data} />
      ) : event.data === null ? (
        <Missing what="The event" />
      ) : event.error ? (
        <ErrorPanel what="load the event" error={event.error} onRetry={() => void event.refetch()} />
      ) : (
        <Bone height={240} />
      )}
    </SideDrawer>
  );
}

/** Without its subject, which may come later: a dialog is named at once. */
function titleOf(event: AuditEvent): string {
  const { verb, kind, rest = "" } = phraseOf(event);
  return `${verb} ${event.resourceType === "entity" ? "entity" : kind.replace(/(^| )(of|for|as)$/, "")} ${rest}`.trim();
}

type Shown = "changes" | "before" | "after" | "json";

function Details({ event }: { event: AuditEvent }) {
  const { trigger, context, status, message } = event;
  const { before = null, after = null } = event.diff ?? {};
  const [shown, setShown] = useState<Shown>("changes");
  const rows = differences(before, after);
  return (
    <div className="stack">
      {status === "FAILURE" ? <Notice>Refused: {message ?? "the server did not say why."}</Notice> : null}
      <dl className={css["facts"]}>
        <dt>What</dt>
        <dd>
          {phraseOf(event).verb} <Subject event={event} />
        </dd>
        <dt>When</dt>
        <dd>
          {localTime(trigger.at)} <span className="muted">(</span>
          <Ago iso={trigger.at} />
          <span className="muted">)</span>
        </dd>
        <dt>Who</dt>
        <dd>
          {isByStranger(event) ? (
            "Somebody who did not sign in"
          ) : (
            <>
              <Actor {...actorOf(event)} />{" "}
              {actorOf(event).isServer ? null : <code className="muted">{actorOf(event).id}</code>}
            </>
          )}
        </dd>
        <dt>Origin</dt>
        <dd>
          <Tag>{originWord(trigger.origin)}</Tag>
        </dd>
        {(["runId", "webhookId", "webhookEventId"] as const).map((key) =>
          typeof context[key] === "string" ? (
            <Fact key={key} name={CONTEXT[key]} value={context[key]} />
          ) : null,
        )}
        <dt>Event</dt>
        <dd>
          <code>{event.identifier}</code>{" "}
          <Copy text={`${location.origin}/audit?event=${event.identifier}`} label="link to the event" />
        </dd>
      </dl>
      <div>
        <Choice<Shown>
          label="What is shown"
          value={shown}
          onChange={setShown}
          options={[
            { value: "changes", label: "Changes" },
            { value: "before", label: "Before" },
            { value: "after", label: "After" },
            { value: "json", label: "JSON" },
          ]}
        />
      </div>
      {shown === "changes" ? (
        rows.length === 0 ? (
          <p className="muted">
            {before === null && after === null
              ? "No document was kept with it."
              : "Before and after are the same."}
          </p>
        ) : (
          <DiffTable
            rows={rows}
            {...(event.resourceType === "entity" && { blueprint: String(context["blueprint"]) })}
          />
        )
      ) : (
        <Document
          value={shown === "json" ? event : shown === "before" ? before : after}
          none={shown === "before" ? "There was nothing before." : "There is nothing after."}
        />
      )}
    </div>
  );
}

const CONTEXT = { runId: "Run", webhookId: "Webhook", webhookEventId: "Event of the webhook" } as const;

function Fact({ name, value }: { name: string; value: unknown }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <code>{String(value)}</code>
      </dd>
    </>
  );
}

function Document({ value, none }: { value: unknown; none: string }) {
  if (value === null || value === undefined) return <p className="muted">{none}</p>;
  const text = JSON.stringify(value, null, 2);
  return (
    <div>
      <div className="row" style={{ justifyContent: "flex-end" }}>
        <Copy text={text} label="document" />
      </div>
      <pre className={css["json"]} tabIndex={0} aria-label="Document">
        {text}
      </pre>
    </div>
  );
}
