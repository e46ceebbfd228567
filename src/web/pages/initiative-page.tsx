import { Button } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useFollow } from "../api/live.tsx";
import { useIsAdmin } from "../api/use-is-admin.ts";
import { BurnDown } from "../initiatives/burn-down.tsx";
import { InitiativeStatus } from "../initiatives/initiative-status.tsx";
import { ProgressBar } from "../initiatives/progress-bar.tsx";
import {
  type InitiativeDoc,
  initiativeQuery,
  openQuery,
  type ProgressDoc,
  progressQuery,
} from "../initiatives/queries.ts";
import { date } from "../lib/format.ts";
import { Breadcrumb } from "../parts/breadcrumb.tsx";
import { Bone } from "../parts/bone.tsx";
import { EntityRef } from "../parts/entity-ref.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { NotLoaded } from "../parts/not-loaded.tsx";
import { Notice } from "../parts/notice.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { RowsTable } from "../parts/rows-table.tsx";
import { LevelTag } from "../scorecards/level-tag.tsx";
import { blueprintScorecardsQuery } from "../scorecards/queries.ts";
import type { ScorecardDoc } from "../scorecards/types.ts";

const InitiativeDrawer = lazy(() =>
  import("../initiatives/initiative-drawer.tsx").then((module) => ({ default: module.InitiativeDrawer })),
);
const route = getRouteApi("/app/initiatives/$id");

/** One initiative: how far it is, how that came, and who is not there yet. */
export function InitiativePage() {
  const { id } = route.useParams();
  const follow = useFollow();
  const initiative = useQuery({ ...initiativeQuery(id), refetchInterval: follow });
  const progress = useQuery({ ...progressQuery(id), refetchInterval: follow });
  if (initiative.data !== undefined && progress.data !== undefined)
    return <Loaded initiative={initiative.data} progress={progress.data} />;
  return (
    <NotLoaded
      title="Initiative"
      crumbs={
        <Breadcrumb>
          <Link to="/initiatives">Initiatives</Link>
        </Breadcrumb>
      }
      what={`“${initiative.data?.title ?? id}”`}
      error={initiative.error ?? progress.error}
      onRetry={() => void Promise.all([initiative.refetch(), progress.refetch()])}
      back={<Link to="/initiatives">All initiatives</Link>}
    />
  );
}

function Loaded({ initiative, progress }: { initiative: InitiativeDoc; progress: ProgressDoc }) {
  const isAdmin = useIsAdmin();
  const scorecards = useQuery(blueprintScorecardsQuery(initiative.blueprint));
  const scorecard = scorecards.data?.find(({ identifier }) => identifier === initiative.scorecard);
  const [isEditing, setIsEditing] = useState(false);
  const navigate = route.useNavigate();
  const { title, description, owner, team, dueDate, problem } = initiative;
  return (
    <div className="stack">
      <PageHead
        title={title}
        crumbs={
          <Breadcrumb>
            <Link to="/initiatives">Initiatives</Link>
          </Breadcrumb>
        }
        actions={
          isAdmin ? (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPencil size={15} aria-hidden />}
              onClick={() => setIsEditing(true)}
            >
              Edit
            </Button>
          ) : null
        }
      >
        {scorecard === undefined ? (
          initiative.scorecard
        ) : (
          <Link
            to="/scorecards/$blueprint/$id"
            params={{ blueprint: initiative.blueprint, id: scorecard.identifier }}
          >
            {scorecard.title}
          </Link>
        )}{" "}
        · due {date(dueDate, "UTC")}
        {[owner, team].some(Boolean) ? ` · ${[owner, team].filter(Boolean).join(", ")}` : null}
      </PageHead>
      {problem === undefined ? null : (
        <Notice>
          It cannot be reached as it stands, and reminds nobody: {problem}. What is shown was counted before.
        </Notice>
      )}
      <section className="card" aria-labelledby="progress">
        <div className="row between">
          <h2 id="progress">Progress</h2>
          <InitiativeStatus initiative={initiative} />
        </div>
        {description ? <p>{description}</p> : null}
        <p className="row" style={{ margin: "8px 0" }}>
          <span className="muted">To be reached:</span> <Goal initiative={initiative} scorecard={scorecard} />
        </p>
        <ProgressBar total={progress.total} done={progress.done} />
        <BurnDown initiative={initiative} progress={progress} />
      </section>
      {problem === undefined ? (
        <Open initiative={initiative} progress={progress} scorecard={scorecard} />
      ) : null}
      <Suspense>
        {isEditing ? (
          <InitiativeDrawer
            initiative={initiative}
            onClose={() => setIsEditing(false)}
            onDeleted={() => void navigate({ to: "/initiatives", ignoreBlocker: true })}
          />
        ) : null}
      </Suspense>
    </div>
  );
}

function Goal({
  initiative: { level, rules },
  scorecard,
}: {
  initiative: InitiativeDoc;
  scorecard: ScorecardDoc | undefined;
}) {
  if (level !== undefined) return <LevelTag level={level} scorecard={scorecard} />;
  const titles = (rules ?? []).map(
    (rule) => scorecard?.rules.find(({ identifier }) => identifier === rule)?.title ?? rule,
  );
  return <span>{titles.join("; ")}</span>;
}

function Open({
  initiative: { blueprint, scorecard: of, rules },
  progress,
  scorecard,
}: {
  initiative: InitiativeDoc;
  progress: ProgressDoc;
  scorecard: ScorecardDoc | undefined;
}) {
  const open = useQuery(openQuery(blueprint, progress.open));
  const left = progress.total - progress.done;
  const missing = (score: { rules: readonly { identifier: string; status: string }[] } | undefined) =>
    (score?.rules ?? [])
      .filter(
        ({ identifier, status }) =>
          status === "FAILURE" && (rules === undefined || rules.includes(identifier)),
      )
      .map(({ identifier }) => {
        const found = scorecard?.rules.find((rule) => rule.identifier === identifier);
        return found?.title ?? identifier;
      });
  return (
    <section className="card stack" style={{ gap: 8 }} aria-labelledby="open">
      <h2 id="open">Not there yet</h2>
      {open.error ? (
        <ErrorPanel what="find who is not there yet" error={open.error} onRetry={() => void open.refetch()} />
      ) : left === 0 ? (
        <p className="muted">{progress.total === 0 ? "It is about nothing yet." : "Everybody is there."}</p>
      ) : open.data === undefined ? (
        <Bone height={90} />
      ) : (
        <RowsTable
          few={10}
          label="Not there yet, table"
          rows={open.data}
          total={left}
          keyOf={({ identifier }) => identifier}
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
              title: "Level",
              renderCell: (entity) => (
                <LevelTag
                  level={entity.scorecards?.[of]?.level ?? "–"}
                  scorecard={scorecard}
                  entity={entity}
                />
              ),
            },
            { title: "Fails", renderCell: (entity) => missing(entity.scorecards?.[of]).join("; ") },
          ]}
        />
      )}
    </section>
  );
}
