import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { getJson } from "../api/client.ts";
import { parseDocument } from "../builder/parse-document.ts";
import { Problem } from "../builder/new-blueprint.tsx";
import { Bone } from "../parts/bone.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import type { SentEvent, SourceEvent } from "../sources/events.ts";
import { MappingOutcome } from "../sources/mapping-outcome.tsx";
import { changeWebhook, tryWebhookMapping, type Webhook, webhookPath } from "./queries.ts";

const JsonEditor = lazy(() =>
  import("../builder/json-editor.tsx").then((module) => ({ default: module.JsonEditor })),
);

const MappingEditor = lazy(() =>
  import("../sources/mapping-editor.tsx").then((module) => ({ default: module.MappingEditor })),
);

const EVENT = JSON.stringify({ headers: {}, body: {} }, null, 2);

/** How events become entities, tried on one of them before it is saved. */
export function WebhookMapping({ webhook }: { webhook: Webhook }) {
  const { identifier } = webhook;
  const [stored] = useState<readonly unknown[]>(() => webhook.mappings ?? []);
  const [changed, setChanged] = useState<string | null>(null);
  const [event, setEvent] = useState({ text: EVENT, at: 0 });
  const client = useQueryClient();
  const payload = parseDocument(event.text);
  const mappings = changed ?? stored;
  const save = useMutation({
    mutationFn: () => changeWebhook(identifier, { mappings }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["webhooks"] }),
  });
  const latest = useMutation({
    mutationFn: () => latestEvent(identifier),
    onSuccess: (found) => {
      if (found !== null) setEvent(({ at }) => ({ text: JSON.stringify(found, null, 2), at: at + 1 }));
    },
  });
  const trial = useMutation({ mutationFn: () => tryWebhookMapping(mappings, payload.document ?? {}) });
  const error = save.error ?? latest.error ?? trial.error;
  return (
    <section className="card stack" aria-labelledby="mapping">
      <h2 id="mapping">Mapping</h2>
      <p className="muted small">
        Each mapping takes the events that pass its filter and says with jq which entity they tell of. After a
        change, replay the events above to apply it to them too.
      </p>
      {error ? <ErrorPanel what="do that" error={error} /> : null}
      <Suspense fallback={<Bone height={420} />}>
        <MappingEditor document={stored} onChange={setChanged} />
      </Suspense>
      <div className="row">
        <Button loading={save.isPending} disabled={changed === null} onClick={() => save.mutate()}>
          Save the mapping
        </Button>
        <span className="muted small" role="status">
          {save.isSuccess ? "Saved." : changed === null ? "Nothing is changed." : ""}
        </span>
      </div>
      <h3>Try it on an event</h3>
      <div className="row">
        <Button size="xs" variant="default" loading={latest.isPending} onClick={() => latest.mutate()}>
          Take the latest event
        </Button>
        {latest.data === null ? <span className="muted small">There is none yet.</span> : null}
      </div>
      <Suspense fallback={<Bone height={200} />}>
        <JsonEditor
          key={event.at}
          label="Event as JSON"
          initial={event.text}
          onChange={(changed) => setEvent(({ at }) => ({ text: changed, at }))}
        />
      </Suspense>
      <Problem text={payload.problem} />
      <div>
        <Button
          size="xs"
          variant="default"
          loading={trial.isPending}
          disabled={payload.document === null}
          onClick={() => trial.mutate()}
        >
          Try
        </Button>
      </div>
      {trial.data ? <MappingOutcome trial={trial.data} part="Mapping" /> : null}
    </section>
  );
}

/** What was sent last; null: nothing yet. */
async function latestEvent(identifier: string): Promise<object | null> {
  const base = webhookPath(identifier);
  const { events } = await getJson<{ events: SourceEvent[] }>(`${base}/events`, { limit: 20 });
  const last = events.find(({ status }) => status !== "rejected");
  if (last === undefined) return null;
  const { event } = await getJson<{ event: SentEvent }>(`${base}/events/${encodeURIComponent(last.id)}`);
  const { headers, queryParams, body } = event;
  return { headers, queryParams, body };
}
