import { Button, NumberInput, Select, TagsInput } from "@mantine/core";
import { queryOptions } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { getJson, sendJson } from "../api/client.ts";
import { timeZones } from "../lib/time-zone.ts";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { UnsavedOnPage } from "../parts/unsaved-on-page.tsx";
import css from "./settings.module.css";
import { useSettled } from "./use-settled.ts";

interface DoraSettings {
  readonly timezone: string;
  readonly weekStart: "monday" | "sunday";
  readonly productionEnvironments: readonly string[];
  readonly failureWindowHours: number;
  readonly settingsHash: string;
}

export const doraSettingsQuery = queryOptions({
  queryKey: ["settings", "dora"],
  queryFn: ({ signal }) => getJson<{ settings: DoraSettings }>("/v1/dora/settings", {}, signal),
  select: (answer) => answer.settings,
});

/** What days and weeks are, and what counts as production, for everybody's numbers. */
export function DoraForm({ settings }: { settings: DoraSettings }) {
  const { timezone, weekStart, productionEnvironments, failureWindowHours } = settings;
  const before = { timezone, weekStart, productionEnvironments, failureWindowHours };
  const [draft, setDraft] = useState(before);
  const save = useSettled(() => sendJson("PUT", "/v1/dora/settings", draft));
  const isChanged = JSON.stringify(before) !== JSON.stringify(draft);
  return (
    <section className="card" aria-labelledby="dora-settings">
      <form
        className={css["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (isChanged) save.mutate(undefined);
        }}
      >
        <h2 id="dora-settings">Time zone and DORA</h2>
        <p className="muted small">
          For everybody's numbers; each reader may look at them in another zone. A change derives all services
          again, in the background. What counts as a deployment, a failure or an incident is in the{" "}
          <Link to="/dora/definition">definition of the metrics</Link>.
        </p>
        <UnsavedOnPage isChanged={isChanged} />
        {save.error ? <ErrorPanel what="save the DORA settings" error={save.error} /> : null}
        <Select
          label="Time zone"
          searchable
          allowDeselect={false}
          value={draft.timezone}
          data={[...new Set([draft.timezone, ...timeZones()])]}
          nothingFoundMessage="No such zone"
          onChange={(zone) => setDraft({ ...draft, timezone: zone ?? draft.timezone })}
        />
        <Select
          label="First day of the week"
          allowDeselect={false}
          value={draft.weekStart}
          data={[
            { value: "monday", label: "Monday" },
            { value: "sunday", label: "Sunday" },
          ]}
          onChange={(day) => setDraft({ ...draft, weekStart: day === "sunday" ? "sunday" : "monday" })}
        />
        <TagsInput
          label="Environments that count as production"
          placeholder="Type, then Enter"
          value={[...draft.productionEnvironments]}
          onChange={(names) => setDraft({ ...draft, productionEnvironments: names })}
        />
        <NumberInput
          label="Hours after a deployment in which an incident is its failure"
          hideControls
          min={1}
          value={draft.failureWindowHours}
          onChange={(hours) =>
            setDraft({
              ...draft,
              failureWindowHours: typeof hours === "number" ? hours : draft.failureWindowHours,
            })
          }
        />
        <div className="row">
          <Button type="submit" loading={save.isPending} disabled={!isChanged}>
            Save the DORA settings
          </Button>
          <span className="muted small" role="status">
            {isChanged ? "" : "Nothing is changed."}
          </span>
        </div>
      </form>
    </section>
  );
}
