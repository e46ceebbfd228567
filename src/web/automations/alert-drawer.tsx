import { Switch } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { type Doc, DocumentDrawer, textAt, withKey } from "../actions/document-drawer.tsx";
import { NameFields } from "../actions/name-fields.tsx";
import { editable } from "../builder/parse-document.ts";
import { Ago } from "../parts/ago.tsx";
import { Bone } from "../parts/bone.tsx";
import { Choice } from "../parts/choice.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Pick } from "../parts/pick.tsx";
import { Tag } from "../parts/tag.tsx";
import { AlertForm } from "./alert-form.tsx";
import { AlertPreview } from "./alert-preview.tsx";
import { MaintenanceWindows } from "./maintenance-windows.tsx";
import { type AlertDoc, alertStatusQuery, removeAlert, saveAlert } from "./queries.ts";

const BLANK: Doc = {
  identifier: "",
  source: { type: "metric", metric: "changeFailureRate", window: "30d", per: "service" },
  rule: { type: "threshold", is: "above", value: 0.15 },
  minimum: 5,
  recipients: { owners: true },
};

/** An alert by its form and as JSON, how its subjects stand, and what was told. */
export function AlertDrawer({ alert, onClose }: { alert: AlertDoc | null; onClose: () => void }) {
  const [document, setDocument] = useState<Doc>(() => {
    if (alert === null) return BLANK;
    const { automations: _, ...own } = JSON.parse(editable(alert)) as Doc & { automations?: unknown };
    return own;
  });
  const before = alert?.identifier ?? null;
  const [part, setPart] = useState<"alert" | "log">("alert");
  const client = useQueryClient();
  const done = async () => {
    await client.invalidateQueries({ queryKey: ["alerts"] });
    onClose();
    await client.invalidateQueries({ queryKey: ["actions"] });
  };
  const save = useMutation({ mutationFn: () => saveAlert(before, document), onSuccess: done });
  const removal = useMutation({ mutationFn: () => removeAlert(before ?? ""), onSuccess: done });
  return (
    <DocumentDrawer
      title={before === null ? "New alert" : `Edit ${textAt(document, "title") || before}`}
      noun="alert"
      document={document}
      onDocument={setDocument}
      before={before}
      save={save}
      removal={{ ...removal, consequence: "The alert and its automations go; runs stay." }}
      onClose={onClose}
      aside={part === "alert" ? <AlertPreview document={document} /> : null}
    >
      {before === null ? null : (
        <div>
          <Choice
            label="Part of the alert"
            value={part}
            options={[
              { value: "alert", label: "Alert" },
              { value: "log", label: "State and messages" },
            ]}
            onChange={setPart}
          />
        </div>
      )}
      {part === "log" && before !== null ? (
        <Log alert={before} />
      ) : (
        <>
          <NameFields
            document={document}
            onChange={setDocument}
            isNew={before === null}
            isFixed={before !== null}
          />
          <Switch
            label="Switched on"
            checked={document["enabled"] !== false}
            onChange={(event) =>
              setDocument(withKey(document, "enabled", event.currentTarget.checked ? undefined : false))
            }
          />
          <AlertForm document={document} onChange={setDocument} />
          {before === null ? null : <Mute document={document} onChange={setDocument} />}
          <MaintenanceWindows document={document} onChange={setDocument} />
        </>
      )}
    </DocumentDrawer>
  );
}

const HOUR = 3_600_000;

function Mute({ document, onChange }: { document: Doc; onChange: (document: Doc) => void }) {
  const until = textAt(document, "mutedUntil");
  return (
    <Pick
      label="Mute"
      value={until}
      data={[
        { value: "", label: "Not muted" },
        ...(until === ""
          ? []
          : [{ value: until, label: `Until ${until.slice(0, 16).replace("T", " ")} UTC` }]),
        { value: "1", label: "For an hour" },
        { value: "24", label: "For a day" },
        { value: "168", label: "For a week" },
      ]}
      onChange={(next) =>
        onChange(
          withKey(
            document,
            "mutedUntil",
            /^\d+$/.test(next ?? "")
              ? new Date(Date.now() + Number(next) * HOUR).toISOString()
              : (next ?? ""),
          ),
        )
      }
    />
  );
}

function Log({ alert }: { alert: string }) {
  const status = useQuery(alertStatusQuery(alert));
  if (status.data === undefined)
    return status.error ? (
      <ErrorPanel
        what="load the state of the alert"
        error={status.error}
        onRetry={() => void status.refetch()}
      />
    ) : (
      <div aria-busy>
        <Bone height={220} />
      </div>
    );
  const { subjects, events } = status.data;
  const firing = subjects.filter(({ status: state }) => /fir/i.test(state));
  return (
    <div className="stack">
      <h3>Firing now</h3>
      {firing.length === 0 ? (
        <p className="muted small">Nothing of {subjects.length} watched.</p>
      ) : (
        <ul className="stack" style={{ gap: 6 }}>
          {firing.map(({ subject, title, value, since }) => (
            <li key={subject} className="row">
              <Tag tone="bad">fires</Tag>
              <span>{title || subject}</span>
              <span className="muted small">
                {typeof value === "number" || typeof value === "string" ? value : null}
                {since ? (
                  <>
                    {" "}
                    since <Ago iso={since} />
                  </>
                ) : null}
              </span>
            </li>
          ))}
        </ul>
      )}
      <div className="row between">
        <h3>Messages</h3>
        <Link className="small" to="/automations" search={{ tab: "messages", kind: "alert", of: alert }}>
          How they were delivered
        </Link>
      </div>
      {events.length === 0 ? (
        <Empty title="Nothing was told yet." />
      ) : (
        <ul className="stack" style={{ gap: 8 }}>
          {events.map(({ transition, subject, message, at, toldAt }) => (
            <li key={`${at}.${transition}.${subject}`} className="small">
              <Tag tone={transition === "FIRED" ? "bad" : "good"}>{transition.toLowerCase()}</Tag>{" "}
              {message?.sentence ?? message?.title ?? subject}{" "}
              <span className="muted">
                <Ago iso={at} />
                {toldAt === null ? ", not told" : ""}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
