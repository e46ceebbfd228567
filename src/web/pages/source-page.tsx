import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { ActionsMenu } from "../parts/actions-menu.tsx";
import { Breadcrumb } from "../parts/breadcrumb.tsx";
import { Bone } from "../parts/bone.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { NotLoaded } from "../parts/not-loaded.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { DeleteSource } from "../sources/delete-source.tsx";
import { EventLog } from "../sources/event-log.tsx";
import { MappingPanel } from "../sources/mapping-panel.tsx";
import { NamesPanel } from "../sources/names-panel.tsx";
import { connectorsQuery, sourcePath, sourceQuery } from "../sources/queries.ts";
import { RunPanel } from "../sources/run-panel.tsx";
import { StrategiesPanel } from "../sources/strategies-panel.tsx";
import type { ConnectorInfo, DataSource } from "../sources/types.ts";
import { WebhookPanel } from "../sources/webhook-panel.tsx";

const route = getRouteApi("/app/sources/$id");
/** Categories of systems that name services instead of having them. */
const NAMING: ReadonlySet<string> = new Set(["incidents", "issues"]);

/** One data source: how its sync stands, its connection, its mapping. */
export function SourcePage() {
  const { id } = route.useParams();
  const source = useQuery(sourceQuery(id));
  if (source.data) return <Loaded key={id} source={source.data} />;
  return (
    <NotLoaded
      title="Data source"
      crumbs={
        <Breadcrumb>
          <Link to="/sources">Data sources</Link>
        </Breadcrumb>
      }
      what="the data source"
      error={source.error}
      onRetry={() => void source.refetch()}
      back={<Link to="/sources">All data sources</Link>}
    />
  );
}

function subtitle(source: DataSource, connector: ConnectorInfo | undefined): string {
  const strategies = source.strategies.map(
    (id) => connector?.strategies.find((one) => one.id === id)?.title ?? id,
  );
  const brings = strategies.length === 0 ? "no deployments from it" : `deployments: ${strategies.join(", ")}`;
  return `${connector?.title ?? source.type} · ${brings}`;
}

function Loaded({ source }: { source: DataSource }) {
  const connectors = useQuery(connectorsQuery);
  const connector = connectors.data?.find(({ type }) => type === source.type);
  const [deleting, setDeleting] = useState(false);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <div className="stack">
      <PageHead
        title={source.title}
        crumbs={
          <Breadcrumb>
            <Link to="/sources">Data sources</Link>
          </Breadcrumb>
        }
        actions={
          <ActionsMenu
            label={source.title}
            actions={[{ label: "Disconnect", isDanger: true, onChoose: () => setDeleting(true) }]}
          />
        }
      >
        {connectors.isPending ? <Bone width={260} height={20} /> : subtitle(source, connector)}
      </PageHead>
      {/* What its kinds and settings are called comes with the connectors: nothing else waits for them. */}
      <RunPanel source={source} connector={connector} isNamed={!connectors.isPending} />
      <WebhookPanel source={source} connector={connector} isNamed={!connectors.isPending} />
      <EventLog
        base={sourcePath(source.id)}
        search={search}
        onSearch={(next) => void navigate({ search: next, replace: true, resetScroll: false })}
      />
      {connectors.isPending ? (
        <>
          <Bone height={160} />
          <Bone height={420} />
        </>
      ) : connectors.error && !connectors.data ? (
        <ErrorPanel
          what="load what such a source can bring"
          error={connectors.error}
          onRetry={() => void connectors.refetch()}
        />
      ) : connector === undefined ? null : (
        <>
          {connector.strategies.length === 0 ? null : (
            <StrategiesPanel key={source.strategies.join(" ")} source={source} connector={connector} />
          )}
          {NAMING.has(connector.category) ? (
            <NamesPanel base={sourcePath(source.id)} effect="Everything is read again then." />
          ) : null}
          <MappingPanel key={source.updatedAt} source={source} connector={connector} />
        </>
      )}
      {deleting ? <DeleteSource source={source} onClose={() => setDeleting(false)} /> : null}
    </div>
  );
}
