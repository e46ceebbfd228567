import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { isRefused } from "../api/is-gone.ts";
import { Breadcrumb } from "../parts/breadcrumb.tsx";
import { Bone } from "../parts/bone.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { NoPermission } from "../parts/no-permission.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { templatesQuery } from "../webhooks/queries.ts";
import { WebhookForm } from "../webhooks/webhook-form.tsx";

const route = getRouteApi("/app/sources/webhooks/new/$template");

/** Makes a webhook from a template. */
export function NewWebhookPage() {
  const { template: id } = route.useParams();
  const templates = useQuery(templatesQuery);
  const template = templates.data?.find((one) => one.id === id);
  return (
    <div className="stack">
      <PageHead
        title={template === undefined ? "New webhook" : `New webhook for ${template.title}`}
        crumbs={
          <Breadcrumb>
            <Link to="/sources">Data sources</Link>
          </Breadcrumb>
        }
      />
      {isRefused(templates.error) ? (
        <NoPermission title="Only administrators create webhooks" />
      ) : templates.error && !templates.data ? (
        <ErrorPanel
          what="load the templates"
          error={templates.error}
          onRetry={() => void templates.refetch()}
        />
      ) : templates.data === undefined ? (
        <Bone height={300} />
      ) : template === undefined ? (
        <Empty title={`There is no template “${id}”.`}>
          <Link to="/sources">All of them</Link>
        </Empty>
      ) : (
        <WebhookForm key={id} template={template} />
      )}
    </div>
  );
}
