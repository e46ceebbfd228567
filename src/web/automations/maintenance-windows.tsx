import { Button, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import css from "../actions/actions.module.css";
import { type Doc, withKey } from "../actions/document-drawer.tsx";

interface Window {
  readonly from: string;
  readonly to: string;
}

const HOUR = 3_600_000;
const pad = (value: number): string => String(value).padStart(2, "0");

/** As an input of this browser shows it: in its own time zone. */
function localOf(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "";
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}T${pad(at.getHours())}:${pad(at.getMinutes())}`;
}

const isoOf = (local: string): string => {
  const at = new Date(local);
  return Number.isNaN(at.getTime()) ? "" : at.toISOString();
};

/** Spans in which an alert is silent; what still fires afterwards is told then. */
export function MaintenanceWindows({
  document,
  onChange,
}: {
  document: Doc;
  onChange: (document: Doc) => void;
}) {
  const windows = Array.isArray(document["maintenance"]) ? (document["maintenance"] as Window[]) : [];
  const set = (next: readonly Window[]) =>
    onChange(withKey(document, "maintenance", next.length === 0 ? undefined : next));
  const change = (index: number, part: Partial<Window>) =>
    set(windows.map((window, i) => (i === index ? { ...window, ...part } : window)));
  // Windows have no name of their own, and another one while their times are typed would take the focus away.
  const rows = windows.map((window, i) => ({ window, i, name: `window ${i + 1}` }));
  return (
    <fieldset className="stack" style={{ border: 0, padding: 0, margin: 0, gap: 8 }}>
      <legend className="small muted" style={{ fontWeight: 600 }}>
        Maintenance windows
      </legend>
      {windows.length === 0 ? <p className="muted small">None: it may tell at any time.</p> : null}
      {rows.map(({ window, i, name }) => (
        <div key={name} className={css["split"]}>
          {(["from", "to"] as const).map((key) => (
            <TextInput
              key={key}
              type="datetime-local"
              label={`${key === "from" ? "From" : "To"} (window ${i + 1}, your time)`}
              value={localOf(window[key])}
              onChange={(event) => change(i, { [key]: isoOf(event.currentTarget.value) })}
            />
          ))}
          <div>
            <Button
              size="compact-xs"
              variant="subtle"
              color="red"
              leftSection={<IconX size={14} aria-hidden />}
              onClick={() => set(windows.filter((_, at) => at !== i))}
            >
              Remove window {i + 1}
            </Button>
          </div>
        </div>
      ))}
      <div>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => {
            const from = new Date(Math.ceil(Date.now() / HOUR) * HOUR);
            const to = new Date(from.getTime() + HOUR);
            set([...windows, { from: from.toISOString(), to: to.toISOString() }]);
          }}
        >
          Add a window
        </Button>
      </div>
    </fieldset>
  );
}
