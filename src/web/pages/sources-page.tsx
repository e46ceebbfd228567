import { IconPlugConnected } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { isRefused } from "../api/is-gone.ts";
import { Bone } from "../parts/bone.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { NoPermission } from "../parts/no-permission.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { SlowNote } from "../parts/slow-note.tsx";
import { ConnectorGrid } from "../sources/connector-grid.tsx";
import { connectorsQuery, sourcesQuery } from "../sources/queries.ts";
import { SourceList } from "../sources/source-list.tsx";
import { WebhookList } from "../webhooks/webhook-list.tsx";

/** The systems that are connected, and those that can be. */
export function SourcesPage() {
  const connectors = useQuery(connectorsQuery);
  const sources = useQuery(sourcesQuery);
  const error = sources.error ?? connectors.error;
  return (
    <div className="stack">
      <PageHead title="Data sources">
        Systems that Fairway reads: their history once, then every change within a second by webhook.
      </PageHead>
      {isRefused(error) ? (
        <NoPermission title="Only administrators connect systems" />
      ) : error && !(sources.data && connectors.data) ? (
        <ErrorPanel
          what="load the data sources"
          error={error}
          onRetry={() => void Promise.all([sources.refetch(), connectors.refetch()])}
        />
      ) : sources.data === undefined || connectors.data === undefined ? (
        <div aria-busy>
          <SlowNote what="the data sources" />
          <Bone height={280} />
        </div>
      ) : (
        <>
          {sources.data.length === 0 ? (
            <Empty icon={IconPlugConnected} title="Nothing is connected yet">
              <p>Choose the system that holds your code first: deployments and changes come from it.</p>
            </Empty>
          ) : (
            <SourceList sources={sources.data} connectors={connectors.data} />
          )}
          <ConnectorGrid connectors={connectors.data} />
          <WebhookList />
        </>
      )}
    </div>
  );
}
