import { Button, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Doc, objectAt, textAt } from "../actions/document-drawer.tsx";
import { auditQuery } from "../catalog/queries.ts";
import { ago } from "../lib/format.ts";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Pick } from "../parts/pick.tsx";
import { Tag } from "../parts/tag.tsx";
import runs from "../runs/runs.module.css";
import { type TestDoc, testAutomation } from "./queries.ts";

/** What the saved automation would have made of an event that has happened. Nothing is sent. */
export function TestPanel({ automation, trigger }: { automation: string; trigger: Doc }) {
  const blueprint = textAt(objectAt(trigger, "event"), "blueprintIdentifier");
  const recent = useQuery({ ...auditQuery({ blueprint, limit: 30 }), enabled: blueprint !== "" });
  const [now] = useState(() => Date.now());
  const [event, setEvent] = useState("");
  const test = useMutation({ mutationFn: () => testAutomation(automation, event.trim()) });
  return (
    <div className="stack">
      <p className="muted small">
        The automation as it is saved, against an event that has happened. Nothing is sent.
      </p>
      {recent.data !== undefined && recent.data.length > 0 ? (
        <Pick
          label="Recent events"
          searchable
          placeholder="Choose"
          value={event || null}
          data={recent.data.map(({ identifier, action, context, trigger: { at } }) => ({
            value: identifier,
            label: `${action} ${typeof context.entity === "string" ? context.entity : ""} · ${ago(at, now)}`,
          }))}
          onChange={(next) => setEvent(next ?? "")}
        />
      ) : null}
      {recent.error ? (
        <p className="muted small">Recent events could not be read: {recent.error.message}</p>
      ) : null}
      <TextInput
        label="Event"
        description="event_… of the audit log"
        value={event}
        onChange={(change) => setEvent(change.currentTarget.value)}
      />
      <div>
        <Button size="xs" loading={test.isPending} disabled={event === ""} onClick={() => test.mutate()}>
          Test
        </Button>
      </div>
      {test.error ? <ErrorPanel what="test the automation" error={test.error} /> : null}
      {test.data ? <Outcome outcome={test.data} /> : null}
    </div>
  );
}

function Outcome({ outcome }: { outcome: TestDoc }) {
  return (
    <div className="stack" role="status" style={{ gap: 10 }}>
      <p className="row">
        <Tag tone={outcome.wouldRun ? "good" : "warn"}>
          {outcome.wouldRun ? "A run would start" : "No run would start"}
        </Tag>
        {outcome.isTriggered ? null : <span className="muted small">It does not wait for such events.</span>}
      </p>
      <ul className="stack" style={{ gap: 6 }}>
        {outcome.condition.results.map(({ expression, value, isMet, problem }) => (
          <li key={expression} className="small">
            <Tag tone={isMet ? "good" : "bad"}>{isMet ? "holds" : "does not hold"}</Tag>{" "}
            <code style={{ overflowWrap: "anywhere" }}>{expression}</code>{" "}
            <span className="muted">{problem ?? `gives ${JSON.stringify(value)}`}</span>
          </li>
        ))}
        {outcome.problems.map((problem) => (
          <li key={problem} className="small" style={{ color: "var(--bad)" }}>
            {problem}
          </li>
        ))}
      </ul>
      {outcome.invocation === null ? null : (
        <pre className={runs["json"]} tabIndex={0} aria-label="What would be sent">
          {JSON.stringify(outcome.invocation, null, 2)}
        </pre>
      )}
    </div>
  );
}
