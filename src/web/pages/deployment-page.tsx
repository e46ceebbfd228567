import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { deploymentQuery } from "../api/queries.ts";
import type { DeploymentAnswer } from "../api/types.ts";
import { ChangesTable } from "../deployment/changes-table.tsx";
import { CommitDrawer } from "../deployment/commit-drawer.tsx";
import css from "../deployment/deployment.module.css";
import { FactList } from "../deployment/fact-list.tsx";
import { Crumbs } from "../dora/crumbs.tsx";
import { DEFAULT_QUERY } from "../lib/dora-search.ts";
import { DeploymentCrumbs } from "../deployment/deployment-crumbs.tsx";
import { IncidentsCard } from "../deployment/incidents-card.tsx";
import type { DeploymentWay } from "../lib/deployment-search.ts";
import { reasonText } from "../lib/metric-info.ts";
import { count, plural } from "../lib/format.ts";
import { isTimeZone } from "../lib/time-zone.ts";
import { NotLoaded } from "../parts/not-loaded.tsx";
import { Notice } from "../parts/notice.tsx";
import { PageHead } from "../parts/page-head.tsx";

const route = getRouteApi("/app/dora/deployments/$id");

/** One deployment: what it was, whether it failed and why, and the changes it shipped. */
export function DeploymentPage() {
  const { id } = route.useParams();
  const { commit, ...way } = route.useSearch();
  const navigate = route.useNavigate();
  const timezone = way.tz !== undefined && isTimeZone(way.tz) ? way.tz : "UTC";
  const { data, error, refetch } = useQuery(deploymentQuery(id));

  if (!data)
    return (
      <NotLoaded
        title="Deployment"
        crumbs={<Crumbs query={DEFAULT_QUERY} way={[]} />}
        what="the deployment"
        error={error}
        onRetry={() => void refetch()}
        back={<Link to="/dora">DORA metrics</Link>}
      />
    );

  const repository = data.changes.find(({ sha }) => sha === commit)?.repository ?? null;
  return (
    <>
      <Details answer={data} timezone={timezone} way={way} />
      {commit === undefined ? null : (
        <CommitDrawer
          sha={commit}
          repository={repository}
          timezone={timezone}
          onClose={() => void navigate({ search: way, replace: true, resetScroll: false })}
        />
      )}
    </>
  );
}

function Details({
  answer,
  timezone,
  way,
}: {
  answer: DeploymentAnswer;
  timezone: string;
  way: DeploymentWay;
}) {
  const { deployment, changes } = answer;
  const counted = changes.filter(({ excluded }) => excluded === null).length;
  return (
    <div className="stack">
      <PageHead
        title={deployment.title ?? deployment.id}
        crumbs={<DeploymentCrumbs deployment={deployment} way={way} />}
      />
      {deployment.excluded ? (
        <Notice>
          This deployment counts in no metric: {reasonText(deployment.excluded.reason)}.{" "}
          {deployment.excluded.detail}
        </Notice>
      ) : null}
      <FactList answer={answer} timezone={timezone} way={way} />
      {deployment.notes.length > 0 ? (
        <section className="card" aria-labelledby="notes">
          <h2 id="notes">Left out of this deployment</h2>
          <ul className={css["notes"]}>
            {deployment.notes.map((note) => (
              <li key={`${note.reason}/${note.detail}`}>
                <strong>{count(note.count)}</strong> · {reasonText(note.reason)}
                <div className="muted small">{note.detail}</div>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {answer.incidents.length > 0 ? (
        <IncidentsCard deployment={deployment} incidents={answer.incidents} timezone={timezone} way={way} />
      ) : null}
      <section className="card" aria-labelledby="changes">
        <h2 id="changes">{plural(changes.length, "change")}</h2>
        <p className="muted small">
          {changes.length === 0
            ? "This deployment shipped nothing that is known."
            : `${countedText(counted, changes.length)} in change lead time. Times are in ${timezone}.`}
        </p>
        {changes.length > 0 ? <ChangesTable changes={changes} timezone={timezone} way={way} /> : null}
      </section>
    </div>
  );
}

function countedText(counted: number, all: number): string {
  if (all === 1) return counted === 1 ? "It counts" : "It does not count";
  if (counted === 0) return "None of them counts";
  return `${count(counted)} of them ${counted === 1 ? "counts" : "count"}`;
}
