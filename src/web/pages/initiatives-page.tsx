import { Button } from "@mantine/core";
import { IconTargetArrow } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useIsAdmin } from "../api/use-is-admin.ts";
import { InitiativeStatus } from "../initiatives/initiative-status.tsx";
import { ProgressBar } from "../initiatives/progress-bar.tsx";
import { type InitiativeDoc, initiativesQuery } from "../initiatives/queries.ts";
import { date, plural } from "../lib/format.ts";
import { AddButton } from "../parts/add-button.tsx";
import { Empty } from "../parts/empty.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { Pending } from "../parts/pending.tsx";
import { SectionTabs } from "../parts/section-tabs.tsx";
import { scorecardsQuery } from "../scorecards/queries.ts";

const InitiativeDrawer = lazy(() =>
  import("../initiatives/initiative-drawer.tsx").then((module) => ({ default: module.InitiativeDrawer })),
);

/** What is to be reached of scorecards by when, and how far it is. */
export function InitiativesPage() {
  const initiatives = useQuery(initiativesQuery);
  const isAdmin = useIsAdmin();
  const [isCreating, setIsCreating] = useState(false);
  return (
    <div className="stack">
      <PageHead
        title="Initiatives"
        actions={isAdmin ? <AddButton onClick={() => setIsCreating(true)}>New initiative</AddButton> : null}
      >
        Levels or rules of a scorecard to reach by a date, each with somebody who answers for it.
      </PageHead>
      <SectionTabs section="standards" />
      {initiatives.data === undefined ? (
        <Pending
          what="the initiatives"
          error={initiatives.error}
          onRetry={() => void initiatives.refetch()}
          height={200}
        />
      ) : initiatives.data.length === 0 ? (
        <Empty icon={IconTargetArrow} title="No initiatives yet">
          <p>
            An initiative takes a level or some rules of a scorecard, a day, and somebody who answers for it.
          </p>
          {isAdmin ? (
            <Button size="xs" variant="default" onClick={() => setIsCreating(true)}>
              Create the first
            </Button>
          ) : null}
        </Empty>
      ) : (
        <List initiatives={initiatives.data} />
      )}
      <Suspense>
        {isCreating ? <InitiativeDrawer initiative={null} onClose={() => setIsCreating(false)} /> : null}
      </Suspense>
    </div>
  );
}

function List({ initiatives }: { initiatives: readonly InitiativeDoc[] }) {
  const { data: scorecards = [] } = useQuery(scorecardsQuery);
  const goalOf = ({ blueprint, scorecard: of, level, rules = [] }: InitiativeDoc): string => {
    const found = scorecards.find((one) => one.blueprint === blueprint && one.identifier === of);
    return `${found?.title ?? of}: ${level ?? plural(rules.length, "rule")}`;
  };
  return (
    <div className="card scroll-x" tabIndex={0} role="region" aria-label="Initiatives">
      <table className="data stacked">
        <thead>
          <tr>
            <th scope="col">Initiative</th>
            <th scope="col">Goal</th>
            <th scope="col">Owner</th>
            <th scope="col">Due</th>
            <th scope="col" style={{ width: "30%" }}>
              Progress
            </th>
          </tr>
        </thead>
        <tbody>
          {initiatives.map((initiative) => (
            <tr key={initiative.identifier}>
              <td>
                <Link to="/initiatives/$id" params={{ id: initiative.identifier }}>
                  {initiative.title}
                </Link>
              </td>
              <td data-label="Goal">
                <span>{goalOf(initiative)}</span>
              </td>
              <td data-label="Owner">
                <span>{[initiative.owner, initiative.team].filter(Boolean).join(", ")}</span>
              </td>
              <td data-label="Due">
                <span className="row">
                  <span className="nums">{date(initiative.dueDate, "UTC")}</span>
                  <InitiativeStatus initiative={initiative} />
                </span>
              </td>
              <td data-label="Progress">
                <ProgressBar total={initiative.total} done={initiative.done} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
