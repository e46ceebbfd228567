import { Button } from "@mantine/core";
import { IconListCheck, IconPencil } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useFollow } from "../api/live.tsx";
import { useIsAdmin } from "../api/use-is-admin.ts";
import { type Column, columnsOf, titleOf } from "../catalog/blueprint.ts";
import { blueprintQuery } from "../catalog/queries.ts";
import { count, percent } from "../lib/format.ts";
import { ActionsMenu } from "../parts/actions-menu.tsx";
import { Breadcrumb } from "../parts/breadcrumb.tsx";
import { Bone } from "../parts/bone.tsx";
import { ConfirmDelete } from "../parts/confirm-delete.tsx";
import { Empty } from "../parts/empty.tsx";
import { EntityRef } from "../parts/entity-ref.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { NotLoaded } from "../parts/not-loaded.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { RowsTable } from "../parts/rows-table.tsx";
import { Compared, NoData, queryText } from "../scorecards/condition-text.tsx";
import { LevelBar } from "../scorecards/level-bar.tsx";
import { LevelHistory } from "../scorecards/level-history.tsx";
import { LevelMoves } from "../scorecards/level-moves.tsx";
import { isWithoutData } from "../scorecards/level-parts.ts";
import { LevelTag } from "../scorecards/level-tag.tsx";
import {
  blueprintScorecardsQuery,
  deleteScorecard,
  levelCountsQuery,
  matchingQuery,
} from "../scorecards/queries.ts";
import type { RuleDoc, ScorecardDoc } from "../scorecards/types.ts";

const ScorecardDrawer = lazy(() =>
  import("../scorecards/scorecard-drawer.tsx").then((module) => ({ default: module.ScorecardDrawer })),
);
/** Each rule asks by itself; of more than so many the numbers are those of the moment. */
const FOLLOWED = 20;

const route = getRouteApi("/app/scorecards/$blueprint/$id");

/** One scorecard: how its entities do, rule by rule, down to those that fail. */
export function ScorecardPage() {
  const { blueprint, id } = route.useParams();
  const scorecards = useQuery(blueprintScorecardsQuery(blueprint));
  const definition = useQuery(blueprintQuery(blueprint));
  const scorecard = scorecards.data?.find(({ identifier }) => identifier === id);
  if (scorecard !== undefined && definition.data !== undefined)
    return (
      <Loaded scorecard={scorecard} columns={columnsOf(definition.data)} of={titleOf(definition.data)} />
    );
  return (
    <NotLoaded
      title="Scorecard"
      crumbs={
        <Breadcrumb>
          <Link to="/scorecards">Scorecards</Link>
        </Breadcrumb>
      }
      what={`“${id}”`}
      error={scorecards.error ?? definition.error}
      onRetry={() => void Promise.all([scorecards.refetch(), definition.refetch()])}
      isMissing={scorecards.data !== undefined && definition.data !== undefined}
      back={<Link to="/scorecards">All scorecards</Link>}
    />
  );
}

function Loaded({
  scorecard,
  columns,
  of,
}: {
  scorecard: ScorecardDoc;
  columns: readonly Column[];
  of: string;
}) {
  const [open, setOpen] = useState<"edit" | "delete" | null>(null);
  const isAdmin = useIsAdmin();
  const { blueprint, title, filter } = scorecard;
  return (
    <div className="stack">
      <PageHead
        title={title}
        crumbs={
          <Breadcrumb>
            <Link to="/scorecards">Scorecards</Link>
          </Breadcrumb>
        }
        actions={
          isAdmin ? (
            <>
              <Button
                size="xs"
                variant="default"
                leftSection={<IconPencil size={15} aria-hidden />}
                onClick={() => setOpen("edit")}
              >
                Edit
              </Button>
              <ActionsMenu
                label={title}
                actions={[{ label: "Delete", isDanger: true, onChoose: () => setOpen("delete") }]}
              />
            </>
          ) : null
        }
      >
        About the entities of{" "}
        <Link to="/c/$blueprint" params={{ blueprint }}>
          {of}
        </Link>
      </PageHead>
      <section className="card" aria-labelledby="levels">
        <h2 id="levels">Levels</h2>
        <div style={{ marginTop: 10 }}>
          <LevelBar scorecard={scorecard} withLegend />
        </div>
        {filter ? <p className="muted small">Only where {queryText(filter, columns)}.</p> : null}
      </section>
      <LevelHistory scorecard={scorecard} />
      <section className="card" aria-labelledby="rules">
        <h2 id="rules">Rules</h2>
        {scorecard.rules.length === 0 ? (
          <Empty isSmall icon={IconListCheck} title="No rules yet">
            <p>Every entity has the base level until there is one.</p>
          </Empty>
        ) : null}
        {scorecard.levels.flatMap(({ title: level }) =>
          scorecard.rules
            .filter((rule) => rule.level === level)
            .map((rule) => (
              <RuleRow key={rule.identifier} scorecard={scorecard} rule={rule} columns={columns} />
            )),
        )}
      </section>
      <LevelMoves scorecard={scorecard} />
      <Suspense>
        {open === "edit" ? <ScorecardDrawer scorecard={scorecard} onClose={() => setOpen(null)} /> : null}
      </Suspense>
      {open === "delete" ? <Delete scorecard={scorecard} onClose={() => setOpen(null)} /> : null}
    </div>
  );
}

function RuleRow({
  scorecard,
  rule,
  columns,
}: {
  scorecard: ScorecardDoc;
  rule: RuleDoc;
  columns: readonly Column[];
}) {
  const [open, setOpen] = useState(false);
  const follow = useFollow();
  const counts = useQuery({
    ...levelCountsQuery(scorecard.blueprint, scorecard.identifier, rule.identifier),
    refetchInterval: scorecard.rules.length <= FOLLOWED ? follow : false,
  });
  const failed = counts.data?.counts.get("FAILURE") ?? 0;
  const passed = counts.data?.counts.get("SUCCESS") ?? 0;
  const withoutData = counts.data?.withoutData ?? 0;
  const blank = withoutData === 0 ? "" : ` (${count(withoutData)} without data)`;
  return (
    <details
      style={{ borderTop: "1px solid var(--line)", padding: "8px 0" }}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        <span className="row between" style={{ display: "inline-flex", width: "calc(100% - 20px)" }}>
          <span>
            <strong>{rule.title}</strong>{" "}
            <span className="muted small">{queryText(rule.query, columns)}</span>
          </span>
          <span className="row">
            <span className="small nums">
              {counts.data === undefined || counts.data.isWorkedOutLater
                ? "…"
                : `${count(failed)} fail${blank}, ${count(passed)} pass${share(passed, failed)}`}
            </span>
            <LevelTag level={rule.level} scorecard={scorecard} />
          </span>
        </span>
      </summary>
      {open ? <Failing scorecard={scorecard} rule={rule} columns={columns} total={failed} /> : null}
    </details>
  );
}

const share = (passed: number, failed: number): string =>
  passed + failed === 0 ? "" : ` (${percent(Math.round((passed / (passed + failed)) * 100) / 100)})`;

/** Who fails a rule, and why: the values that were compared. */
function Failing({
  scorecard: { blueprint, identifier },
  rule,
  columns,
  total,
}: {
  scorecard: ScorecardDoc;
  rule: RuleDoc;
  columns: readonly Column[];
  total: number;
}) {
  const failing = useQuery(matchingQuery(blueprint, identifier, rule.identifier, "FAILURE"));
  if (failing.error)
    return <ErrorPanel what="find who fails" error={failing.error} onRetry={() => void failing.refetch()} />;
  if (failing.data === undefined) return <Bone height={60} />;
  if (failing.data.length === 0) return <p className="muted">No entity fails this rule.</p>;
  return (
    <RowsTable
      few={10}
      label={`Who fails ${rule.title}`}
      rows={failing.data}
      total={total}
      keyOf={({ identifier: of }) => of}
      columns={[
        {
          title: "Entity",
          renderCell: (entity) => (
            <EntityRef
              blueprint={blueprint}
              identifier={entity.identifier}
              title={entity.title ?? null}
              tab="scorecards"
            />
          ),
        },
        {
          title: "Has",
          renderCell: (entity) =>
            isWithoutData(rule.query, entity) ? (
              <NoData query={rule.query} columns={columns} />
            ) : (
              <Compared query={rule.query} columns={columns} entity={entity} />
            ),
        },
      ]}
    />
  );
}

function Delete({ scorecard, onClose }: { scorecard: ScorecardDoc; onClose: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const removal = useMutation({
    mutationFn: () => deleteScorecard(scorecard.blueprint, scorecard.identifier),
    onSuccess: async () => {
      await navigate({ to: "/scorecards" });
      await client.invalidateQueries({ queryKey: ["blueprints"] });
    },
  });
  return (
    <ConfirmDelete
      title={`Delete the scorecard ${scorecard.title}?`}
      identifier={scorecard.identifier}
      consequence="The levels of its entities go with it."
      what="delete the scorecard"
      removal={removal}
      onClose={onClose}
    />
  );
}
