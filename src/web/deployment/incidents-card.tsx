import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { doraModelQuery } from "../api/queries.ts";
import type { Deployment, LinkedIncident } from "../api/types.ts";
import { confidenceText, methodText, reasonOf } from "../dora/review-list.ts";
import { readWay, scopesAbove, type DeploymentWay } from "../lib/deployment-search.ts";
import { dateTime, duration, plural } from "../lib/format.ts";
import { encodeIncidentSearch } from "../lib/incident-search.ts";
import { EntityRef } from "../parts/entity-ref.tsx";
import css from "./deployment.module.css";

/** Incidents that this deployment caused: each leads to its data, and to where its cause is changed. */
export function IncidentsCard({
  deployment,
  incidents,
  timezone,
  way,
}: {
  deployment: Deployment;
  incidents: readonly LinkedIncident[];
  timezone: string;
  way: DeploymentWay;
}) {
  const blueprint = useQuery(doraModelQuery).data?.service.blueprint ?? "service";
  const { scopes, query } = readWay(way);
  const measured = {
    ...query,
    scope: { blueprint, entity: deployment.service },
    trail: scopesAbove(scopes, blueprint),
  };
  return (
    <section className="card" aria-labelledby="incidents">
      <h2 id="incidents">{plural(incidents.length, "incident")}</h2>
      <ul className={css["notes"]}>
        {incidents.map(({ entity, startedAt, endedAt, link }) => {
          const key = `${entity.blueprint}:${entity.identifier}`;
          return (
            <li key={key}>
              <EntityRef {...entity} />
              <div className="muted small">
                began {dateTime(startedAt, timezone)} ·{" "}
                {endedAt === null
                  ? "no known end"
                  : `over after ${duration((Date.parse(endedAt) - Date.parse(startedAt)) / 1000)}`}{" "}
                · {methodText(link.method)}
                {link.confidence === null ? "" : `, ${confidenceText(link.confidence)}`}:{" "}
                {reasonOf(link.reason)} ·{" "}
                <Link
                  to="/dora/incidents"
                  search={encodeIncidentSearch({ measured, show: "all", correct: key })}
                >
                  Review the cause
                </Link>
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
