import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { LazyJsonEditor } from "../builder/lazy-json-editor.tsx";
import { parseDocument } from "../builder/parse-document.ts";
import { Problem } from "../builder/problem.tsx";
import { allBlueprintsQuery } from "../catalog/queries.ts";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { latestEventQuery } from "../sources/event-queries.ts";
import { MappingForm } from "../sources/mapping-form.tsx";
import { MappingOutcome } from "../sources/mapping-outcome.tsx";
import { webhookMappingShape } from "../sources/mapping-shape.ts";
import { changeWebhook, tryWebhookMapping, type Webhook, webhookPath } from "./queries.ts";

const EVENT = JSON.stringify({ headers: {}, body: {} }, null, 2);

/** How events become entities, tried on one of them before it is saved. */
export function WebhookMapping({ webhook }: { webhook: Webhook }) {
  const { identifier } = webhook;
  const [stored] = useState<readonly unknown[]>(() => webhook.mappings ?? []);
  const [changed, setChanged] = useState<string | null>(null);
  const [event, setEvent] = useState({ text: EVENT, at: 0 });
  const { data: blueprints = [] } = useQuery(allBlueprintsQuery);
  const latest = useQuery(latestEventQuery(webhookPath(identifier)));
  const client = useQueryClient();
  const payload = parseDocument(event.text);
  const mappings = changed ?? stored;
  const save = useMutation({
    mutationFn: () => changeWebhook(identifier, { mappings }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["webhooks"] }),
  });
  const take = async (): Promise<void> => {
    const { data } = await latest.refetch();
    if (data) setEvent(({ at }) => ({ text: JSON.stringify(data, null, 2), at: at + 1 }));
  };
  const trial = useMutation({ mutationFn: () => tryWebhookMapping(mappings, payload.document ?? {}) });
  return (
    <MappingForm
      about="Each mapping takes the events that pass its filter and says with jq which entity they tell of. After a change, replay the events above to apply it to them too."
      stored={stored}
      changed={changed}
      onChange={setChanged}
      save={save}
      saved="Saved."
      assist={{
        shape: webhookMappingShape(blueprints),
        sample: event.text === EVENT ? (latest.data ?? {}) : payload.document,
      }}
    >
      <h3>Try it on an event</h3>
      {trial.error ? <ErrorPanel what="try the mapping" error={trial.error} /> : null}
      {latest.error ? <ErrorPanel what="read the latest event" error={latest.error} /> : null}
      <div className="row">
        <Button size="xs" variant="default" loading={latest.isFetching} onClick={() => void take()}>
          Take the latest event
        </Button>
        {latest.data === null ? <span className="muted small">There is none yet.</span> : null}
      </div>
      <LazyJsonEditor
        key={event.at}
        label="Event as JSON"
        initial={event.text}
        onChange={(changed) => setEvent(({ at }) => ({ text: changed, at }))}
        height={200}
      />
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
    </MappingForm>
  );
}
