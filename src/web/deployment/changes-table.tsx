import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Shipment } from "../api/types.ts";
import type { DeploymentWay } from "../lib/deployment-search.ts";
import { dateTime, duration, plural } from "../lib/format.ts";
import { reasonText, STAGES } from "../lib/metric-info.ts";
import css from "./deployment.module.css";

/** The changes of a deployment, with how each was found and how long each step took. */
export function ChangesTable({
  changes,
  timezone,
  way,
}: {
  changes: readonly Shipment[];
  timezone: string;
  way: DeploymentWay;
}) {
  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label="Changes">
      <table className={`data stacked ${css["changes"]}`}>
        <thead>
          <tr>
            <th scope="col">Change</th>
            <th scope="col" className="num">
              Lead time
            </th>
            <th scope="col">Found by</th>
            <th scope="col">First commit</th>
            <th scope="col">Merged</th>
            <th scope="col">Deployed</th>
            <th scope="col">Stages</th>
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => (
            <tr key={change.change}>
              <td className={css["title"]}>
                {change.sha === null ? (
                  change.entity ? (
                    <InCatalogue entity={change.entity}>{change.title}</InCatalogue>
                  ) : (
                    change.title
                  )
                ) : (
                  <Link to="." search={{ ...way, commit: change.sha }} resetScroll={false}>
                    {change.title}
                  </Link>
                )}
                <div className="muted small">
                  {[
                    change.author,
                    change.kind === "pull_request" && change.number !== null ? `#${change.number}` : null,
                    change.commitCount > 1 ? plural(change.commitCount, "commit") : null,
                  ]
                    .filter((part) => part !== null)
                    .join(" · ")}{" "}
                  {change.entity && change.sha !== null ? (
                    <InCatalogue entity={change.entity}>In the catalogue</InCatalogue>
                  ) : null}
                </div>
              </td>
              <td className="num" data-label="Lead time">
                {change.leadSeconds === null ? "–" : duration(change.leadSeconds)}
                {change.excluded ? (
                  <div className={css["left-out"]}>
                    left out: {reasonText(change.excluded.reason)}. {change.excluded.detail}
                  </div>
                ) : null}
              </td>
              <td data-label="Found by">
                {change.method}
                <div className="muted small">{change.matchedBy}</div>
              </td>
              <When label="First commit" iso={change.firstCommitAt} timezone={timezone} />
              <When label="Merged" iso={change.mergedAt} timezone={timezone} />
              <When label="Deployed" iso={change.deployedAt} timezone={timezone} />
              <td data-label="Stages">
                <Stages change={change} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function InCatalogue({
  entity: { blueprint, identifier },
  children,
}: {
  entity: NonNullable<Shipment["entity"]>;
  children: ReactNode;
}) {
  return (
    <Link to="/c/$blueprint/$id" params={{ blueprint, id: identifier }}>
      {children}
    </Link>
  );
}

function When({ label, iso, timezone }: { label: string; iso: string | null; timezone: string }) {
  return (
    <td className={css["when"]} data-label={label}>
      {iso === null ? (
        <span className="muted">unknown</span>
      ) : (
        <time dateTime={iso}>{dateTime(iso, timezone)}</time>
      )}
    </td>
  );
}

function Stages({ change }: { change: Shipment }) {
  const known = STAGES.filter(({ name }) => change.stages[name] !== null);
  return (
    <>
      <ul className={css["stages"]}>
        {known.map(({ name, title }) => (
          <li key={name}>
            <i style={{ background: `var(--stage-${name})` }} aria-hidden />
            {title} {duration(change.stages[name] ?? 0)}
          </li>
        ))}
        {known.length === 0 ? <li className="muted">–</li> : null}
      </ul>
      {change.stageNotes.map((note) => (
        <div key={note} className="muted small">
          {note}
        </div>
      ))}
    </>
  );
}
