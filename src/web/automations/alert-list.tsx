import { Button } from "@mantine/core";
import { IconBell } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { textAt } from "../actions/document-drawer.tsx";
import { titleOf } from "../catalog/blueprint.ts";
import { allBlueprintsQuery } from "../catalog/queries.ts";
import { Bone } from "../parts/bone.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Tag } from "../parts/tag.tsx";
import { sourcesQuery } from "../sources/queries.ts";
import { type AlertDoc, alertsQuery } from "./queries.ts";
import { METRICS } from "./words.ts";

/** Alerts with what they watch and whether they speak. */
export function AlertList({ onNew }: { onNew: () => void }) {
  const alerts = useQuery(alertsQuery);
  const watched = useWatched();
  if (alerts.data === undefined)
    return alerts.error ? (
      <ErrorPanel what="load the alerts" error={alerts.error} onRetry={() => void alerts.refetch()} />
    ) : (
      <Bone height={200} />
    );
  if (alerts.data.length === 0)
    return (
      <Empty icon={IconBell} title="No alerts yet">
        <p>An alert watches numbers and tells people once when they cross a line.</p>
        <Button size="xs" variant="default" onClick={onNew}>
          Create the first
        </Button>
      </Empty>
    );
  return (
    <div className="card scroll-x" tabIndex={0} role="region" aria-label="Alerts">
      <table className="data stacked">
        <thead>
          <tr>
            <th scope="col">Alert</th>
            <th scope="col">Watches</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {alerts.data.map((alert) => (
            <tr key={alert.identifier}>
              <td>
                <Link
                  from="/automations"
                  to="/automations"
                  search={(before) => ({ ...before, edit: alert.identifier })}
                >
                  {alert.title || alert.identifier}
                </Link>
              </td>
              <td data-label="Watches">
                <span>{watched(alert)}</span>
              </td>
              <td data-label="State">
                <span>
                  <State alert={alert} />
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function State({ alert: { enabled, mutedUntil } }: { alert: AlertDoc }) {
  if (enabled === false) return <Tag>Off</Tag>;
  // The list is drawn when it is read; a mute that ends meanwhile is seen with the next hint.
  if (mutedUntil !== undefined)
    return <Tag tone="warn">Muted until {mutedUntil.slice(0, 16).replace("T", " ")}</Tag>;
  return <Tag tone="good">On</Tag>;
}

/** In words, with the titles of what it names where they are known. */
function useWatched(): (alert: AlertDoc) => string {
  const blueprints = useQuery(allBlueprintsQuery).data ?? [];
  const sources = useQuery(sourcesQuery).data ?? [];
  return ({ source }) => {
    const [metric, blueprint, part, per, from] = [
      textAt(source, "metric"),
      textAt(source, "blueprint"),
      textAt(source, "property") || textAt(source, "scorecard"),
      textAt(source, "per"),
      textAt(source, "dataSource"),
    ] as const;
    const named = (identifier: string): string => {
      const found = blueprints.find((one) => one.identifier === identifier);
      return found === undefined ? identifier : titleOf(found);
    };
    if (source["type"] === "metric")
      return `${METRICS.find(({ value }) => value === metric)?.label ?? metric}${per ? `, each ${named(per)}` : ""}`;
    if (source["type"] === "dataSource")
      return `Silence of ${sources.find(({ id }) => id === from)?.title ?? from}`;
    if (source["type"] === "silence") return `Silence of ${named(blueprint)}`;
    const properties =
      blueprints.find(({ identifier }) => identifier === blueprint)?.schema?.properties ?? {};
    return `${properties[part]?.title ?? part} of each ${named(blueprint)}`;
  };
}
