import { Button } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useFollow } from "../api/live.tsx";
import { meQuery } from "../api/queries.ts";
import { titleOf } from "../catalog/blueprint.ts";
import { BurnDown } from "../initiatives/burn-down.tsx";
import { InitiativeStatus } from "../initiatives/initiative-status.tsx";
import { ProgressBar } from "../initiatives/progress-bar.tsx";
import {
  type InitiativeDoc,
  initiativeQuery,
  OPEN_SHOWN,
  openQuery,
  type ProgressDoc,
  progressQuery,
} from "../initiatives/queries.ts";
import { Bone } from "../parts/bone.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Notice } from "../parts/notice.tsx";
import { PageHead } from "../parts/page-head.tsx";
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
  const error = initiative.error ?? progress.error;
  if (initiative.data !== undefined && progress.data !== undefined)
    return <Loaded initiative={initiative.data} progress={progress.data} />;
  return (
    <div className="stack" aria-busy={!error}>
      <PageHead title={id} />
      {error ? (
        <ErrorPanel what={`open “${id}”`} error={error} onRetry={() => void initiative.refetch()} />
      ) : (
        <Bone height={320} />
      )}
    </div>
  );
}

function Loaded({ initiative, progress }: { initiative: InitiativeDoc; progress: ProgressDoc }) {
  const isAdmin = useQuery(meQuery).data?.user.role === "Admin";
  const scorecards = useQuery(blueprintScorecardsQuery(initiative.blueprint));
  const scorecard = scorecards.data?.find(({ identifier }) => identifier === initiative.scorecard);
  const [isEditing, setIsEditing] = useState(false);
  const navigate = route.useNavigate();
  const { title, description, owner, team, dueDate, problem } = initiative;
  return (
    <div className="stack">
      <PageHead
        title={title}
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
        <Link to="/initiatives">Initiatives</Link> ·{" "}
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
        · due {dueDate.slice(0, 10)} · {[owner, team].filter(Boolean).join(", ")}
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
            onDeleted={() => void navigate({ to: "/initiatives" })}
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
    <section className="card" aria-labelledby="open">
      <h2 id="open">Not there yet</h2>
      {open.error ? (
        <ErrorPanel what="find who is not there yet" error={open.error} onRetry={() => void open.refetch()} />
      ) : left === 0 ? (
        <p className="muted">{progress.total === 0 ? "It is about nothing yet." : "Everybody is there."}</p>
      ) : open.data === undefined ? (
        <Bone height={90} />
      ) : (
        <div className="scroll-x" tabIndex={0} role="region" aria-label="Not there yet, table">
          <table className="data stacked">
            <tbody>
              {open.data.map((entity) => (
                <tr key={entity.identifier}>
                  <td>
                    <Link
                      to="/c/$blueprint/$id"
                      params={{ blueprint, id: entity.identifier }}
                      search={{ tab: "scorecards" }}
                    >
                      {titleOf(entity)}
                    </Link>
                  </td>
                  <td data-label="Level">
                    <span>
                      <LevelTag level={entity.scorecards?.[of]?.level ?? "–"} scorecard={scorecard} />
                    </span>
                  </td>
                  <td data-label="Fails" className="small">
                    <span>{missing(entity.scorecards?.[of]).join("; ")}</span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {left > OPEN_SHOWN ? (
            <p className="muted small">
              The first {OPEN_SHOWN} of {left}.
            </p>
          ) : null}
        </div>
      )}
    </section>
  );
}
