import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { isRefused } from "../api/is-gone.ts";
import { Breadcrumb } from "../parts/breadcrumb.tsx";
import { Bone } from "../parts/bone.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { NoPermission } from "../parts/no-permission.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { connectorsQuery } from "../sources/queries.ts";
import { SourceForm } from "../sources/source-form.tsx";

const route = getRouteApi("/app/sources/new/$type");

/** Connects one system. */
export function NewSourcePage() {
  const { type } = route.useParams();
  const connectors = useQuery(connectorsQuery);
  const connector = connectors.data?.find((one) => one.type === type);
  return (
    <div className="stack">
      <PageHead
        title={connector === undefined ? "Connect a system" : `Connect ${connector.title}`}
        crumbs={
          <Breadcrumb>
            <Link to="/sources">Data sources</Link>
          </Breadcrumb>
        }
      />
      {isRefused(connectors.error) ? (
        <NoPermission title="Only administrators connect systems" />
      ) : connectors.error && !connectors.data ? (
        <ErrorPanel
          what="load the systems"
          error={connectors.error}
          onRetry={() => void connectors.refetch()}
        />
      ) : connectors.data === undefined ? (
        <div aria-busy>
          <Bone height={360} />
        </div>
      ) : connector === undefined ? (
        <Empty title={`“${type}” cannot be connected.`}>
          <Link to="/sources">All systems</Link>
        </Empty>
      ) : (
        <SourceForm key={type} connector={connector} />
      )}
    </div>
  );
}
