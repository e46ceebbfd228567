import { Switch } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { ActionsMenu } from "../parts/actions-menu.tsx";
import { Breadcrumb } from "../parts/breadcrumb.tsx";
import { Command } from "../parts/command.tsx";
import { ConfirmDelete } from "../parts/confirm-delete.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { NotLoaded } from "../parts/not-loaded.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { EventLog } from "../sources/event-log.tsx";
import { NamesPanel } from "../sources/names-panel.tsx";
import { ChangeWebhook } from "../webhooks/change-webhook.tsx";
import {
  changeWebhook,
  removeWebhook,
  type Webhook,
  webhookPath,
  webhookQuery,
} from "../webhooks/queries.ts";
import { WebhookMapping } from "../webhooks/webhook-mapping.tsx";

const route = getRouteApi("/app/sources/webhooks/$identifier");

/** One webhook: its address, its events, its mapping. */
export function WebhookPage() {
  const { identifier } = route.useParams();
  const webhook = useQuery(webhookQuery(identifier));
  if (webhook.data) return <Loaded key={identifier} webhook={webhook.data} />;
  return (
    <NotLoaded
      title="Webhook"
      crumbs={
        <Breadcrumb>
          <Link to="/sources">Data sources</Link>
        </Breadcrumb>
      }
      what={`“${identifier}”`}
      error={webhook.error}
      onRetry={() => void webhook.refetch()}
      back={<Link to="/sources">All data sources</Link>}
    />
  );
}

function Loaded({ webhook }: { webhook: Webhook }) {
  const { identifier, title, enabled, url, security } = webhook;
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const client = useQueryClient();
  const [deleting, setDeleting] = useState(false);
  const [isChanging, setChanging] = useState(false);
  const change = useMutation({
    mutationFn: (isOn: boolean) => changeWebhook(identifier, { enabled: isOn }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["webhooks"] }),
  });
  const secret = security?.secret ?? null;
  return (
    <div className="stack">
      <PageHead
        title={title}
        crumbs={
          <Breadcrumb>
            <Link to="/sources">Data sources</Link>
            <code>{identifier}</code>
          </Breadcrumb>
        }
        actions={
          <ActionsMenu
            label={title}
            actions={[
              {
                label: secret === null ? "Rename, set a secret" : "Rename, replace the secret",
                onChoose: () => setChanging(true),
              },
              { label: "Delete", isDanger: true, onChoose: () => setDeleting(true) },
            ]}
          />
        }
      />
      <section className="card stack" aria-labelledby="connection">
        <h2 id="connection">Connection</h2>
        {change.error ? <ErrorPanel what="change the webhook" error={change.error} /> : null}
        <Command label="address of the webhook" text={url} />
        {secret === null ? (
          <p className="muted small">
            It has no secret: whoever knows the address may send. Set one in the menu above.
          </p>
        ) : (
          <details>
            <summary>
              Secret, for the header <code>{security?.signatureHeaderName}</code> (
              {security?.signatureAlgorithm})
            </summary>
            <Command label="secret of the webhook" text={secret} />
          </details>
        )}
        <Switch
          label="Takes events"
          checked={enabled}
          disabled={change.isPending}
          onChange={({ currentTarget: { checked } }) => change.mutate(checked)}
        />
      </section>
      <EventLog
        base={webhookPath(identifier)}
        search={search}
        onSearch={(next) => void navigate({ search: next, replace: true, resetScroll: false })}
      />
      <WebhookMapping key={JSON.stringify(webhook.mappings)} webhook={webhook} />
      <NamesPanel
        base={webhookPath(identifier)}
        effect="It counts for events from then on; replay those that came before."
      />
      {isChanging ? <ChangeWebhook webhook={webhook} onClose={() => setChanging(false)} /> : null}
      {deleting ? <DeleteWebhook webhook={webhook} onClose={() => setDeleting(false)} /> : null}
    </div>
  );
}

function DeleteWebhook({
  webhook: { identifier, title },
  onClose,
}: {
  webhook: Webhook;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const removal = useMutation({
    mutationFn: () => removeWebhook(identifier),
    onSuccess: async () => {
      await navigate({ to: "/sources", ignoreBlocker: true });
      await client.invalidateQueries({ queryKey: ["webhooks"] });
    },
  });
  return (
    <ConfirmDelete
      title={`Delete ${title}?`}
      identifier={identifier}
      consequence="Its events are deleted and its address stops answering; entities that they wrote stay."
      what="delete the webhook"
      removal={removal}
      onClose={onClose}
    />
  );
}
