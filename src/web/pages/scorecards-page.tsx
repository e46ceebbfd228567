import { Button } from "@mantine/core";
import { IconListCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useIsAdmin } from "../api/use-is-admin.ts";
import { titleOf } from "../catalog/blueprint.ts";
import { allBlueprintsQuery } from "../catalog/queries.ts";
import { AddButton } from "../parts/add-button.tsx";
import { Command } from "../parts/command.tsx";
import { Empty } from "../parts/empty.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { Pending } from "../parts/pending.tsx";
import { SectionTabs } from "../parts/section-tabs.tsx";
import { LevelBar } from "../scorecards/level-bar.tsx";
import { scorecardsQuery } from "../scorecards/queries.ts";
import type { ScorecardDoc } from "../scorecards/types.ts";

const ScorecardDrawer = lazy(() =>
  import("../scorecards/scorecard-drawer.tsx").then((module) => ({ default: module.ScorecardDrawer })),
);

/** Every scorecard, by blueprint, with how its entities do. */
export function ScorecardsPage() {
  const isAdmin = useIsAdmin();
  const scorecards = useQuery(scorecardsQuery);
  const blueprints = useQuery(allBlueprintsQuery);
  const [creating, setCreating] = useState(false);
  const groups = Map.groupBy(scorecards.data ?? [], ({ blueprint }) => blueprint);
  const nameOf = (identifier: string): string => {
    const found = blueprints.data?.find((one) => one.identifier === identifier);
    return found === undefined ? identifier : titleOf(found);
  };
  return (
    <div className="stack">
      <PageHead
        title="Scorecards"
        actions={isAdmin ? <AddButton onClick={() => setCreating(true)}>New scorecard</AddButton> : null}
      >
        Rules for the entities of a blueprint, and the level each has reached.
      </PageHead>
      <SectionTabs section="standards" />
      {scorecards.data === undefined ? (
        <Pending
          what="the scorecards"
          error={scorecards.error}
          onRetry={() => void scorecards.refetch()}
          height={240}
        />
      ) : scorecards.data.length === 0 ? (
        <Empty icon={IconListCheck} title="No scorecards yet">
          {isAdmin ? (
            <>
              <p>
                Make one here, or begin with those that come along: delivery targets, production readiness,
                pull request hygiene.
              </p>
              <div style={{ width: "100%" }}>
                <Command label="the command" text="fairway apply -f templates/dora -f templates/scorecards" />
              </div>
              <Button size="xs" variant="default" onClick={() => setCreating(true)}>
                Create the first
              </Button>
            </>
          ) : (
            <p>Administrators make them.</p>
          )}
        </Empty>
      ) : (
        [...groups].map(([blueprint, list]) => (
          <Group key={blueprint} title={nameOf(blueprint)} list={list} />
        ))
      )}
      <Suspense>
        {creating ? <ScorecardDrawer scorecard={null} onClose={() => setCreating(false)} /> : null}
      </Suspense>
    </div>
  );
}

function Group({ title, list }: { title: string; list: readonly ScorecardDoc[] }) {
  return (
    <section className="card" aria-labelledby={title}>
      <h2 id={title}>{title}</h2>
      <div className="scroll-x" tabIndex={0} role="region" aria-label={`${title}, table`}>
        <table className="data stacked">
          <thead>
            <tr>
              <th scope="col">Scorecard</th>
              <th scope="col" className="num">
                Rules
              </th>
              <th scope="col" style={{ width: "50%" }}>
                Levels
              </th>
            </tr>
          </thead>
          <tbody>
            {list.map((scorecard) => (
              <tr key={scorecard.identifier}>
                <td>
                  <Link
                    to="/scorecards/$blueprint/$id"
                    params={{ blueprint: scorecard.blueprint, id: scorecard.identifier }}
                  >
                    {scorecard.title}
                  </Link>
                </td>
                <td className="num" data-label="Rules">
                  {scorecard.rules.length}
                </td>
                <td data-label="Levels">
                  <LevelBar scorecard={scorecard} withNumbers />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
