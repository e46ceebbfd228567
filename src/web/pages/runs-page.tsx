import { IconPlayerPlay, IconSearch } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import css from "../actions/actions.module.css";
import { runsQuery } from "../actions/queries.ts";
import { actorQuery } from "../api/actors.ts";
import { meQuery } from "../api/queries.ts";
import { useFollow } from "../api/live.tsx";
import { pickRunsSearch, type RunsSearch } from "../lib/action-search.ts";
import { holds } from "../lib/people-search.ts";
import { Bone } from "../parts/bone.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { Pick } from "../parts/pick.tsx";
import { SearchField } from "../parts/search-field.tsx";
import { SectionTabs } from "../parts/section-tabs.tsx";
import { SlowNote } from "../parts/slow-note.tsx";
import { RunsTable } from "../runs/runs-table.tsx";
import { STATUS_WORDS } from "../runs/status-tag.tsx";

const route = getRouteApi("/app/runs");
const LIMIT = 300;

/** Runs of actions and automations, by status, origin, who and what. */
export function RunsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const me = useQuery(meQuery).data?.user.email ?? "";
  const follow = useFollow();
  const { q = "", status, action, source, by } = search;
  const runs = useQuery({
    ...runsQuery({
      limit: LIMIT,
      ...(action === undefined ? {} : { action }),
      ...(source === undefined ? {} : { source }),
      ...(by === "me" ? { user_email: me } : {}),
    }),
    refetchInterval: follow,
  });
  const change = (part: Partial<Record<keyof RunsSearch, string | undefined>>) =>
    void navigate({ search: (before) => ({ ...before, ...part }) as RunsSearch, replace: true });
  // As the table names them, as far as it has drawn them.
  const known = useQueryClient();
  const nameOf = (id: string): string => known.getQueryData(actorQuery(id).queryKey)?.name ?? "";
  const shown = (runs.data ?? []).filter(
    (run) =>
      (status === undefined || run.status === status) &&
      holds(
        q,
        run.action.title ?? "",
        run.action.identifier,
        run.entity?.identifier ?? "",
        run.createdBy,
        nameOf(run.createdBy),
        run.entity?.title ?? "",
        run.id,
      ),
  );
  return (
    <div className="stack">
      <PageHead title="Action runs">
        Actions started by people, programs and automations, with their outcomes.
      </PageHead>
      <SectionTabs section="actions" />
      <div className={css["toolbar"]} role="search">
        <SearchField label="Search runs" value={q} onChange={(text) => change({ q: text || undefined })} />
        <Pick
          size="xs"
          aria-label="Status"
          value={status ?? ""}
          data={[
            { value: "", label: "Any status" },
            ...Object.entries(STATUS_WORDS).map(([value, label]) => ({ value, label })),
          ]}
          onChange={(value) => change({ status: value || undefined })}
        />
        <Pick
          size="xs"
          aria-label="Started by"
          value={by === "me" ? "me" : (source ?? "")}
          data={[
            { value: "", label: "Started by anyone" },
            { value: "me", label: "Started by me" },
            { value: "UI", label: "In the portal" },
            { value: "API", label: "By the API" },
            { value: "AUTOMATION", label: "By automations" },
          ]}
          onChange={(value) =>
            change(
              value === "me"
                ? { by: "me", source: undefined }
                : { by: undefined, source: value || undefined },
            )
          }
        />
        {action === undefined ? null : (
          <span className="small">
            of <code>{action}</code>{" "}
            <Link from="/runs" to="/runs" search={(before) => pickRunsSearch({ ...before, action: null })}>
              all actions
            </Link>
          </span>
        )}
      </div>
      {runs.data === undefined ? (
        runs.error ? (
          <ErrorPanel what="load the runs" error={runs.error} onRetry={() => void runs.refetch()} />
        ) : (
          <div aria-busy>
            <SlowNote what="the runs" />
            <Bone height={280} />
          </div>
        )
      ) : shown.length > 0 ? (
        <>
          <RunsTable runs={shown} label="Runs" />
          {runs.data.length >= LIMIT ? (
            <p className="muted small">
              The newest {LIMIT} were searched; choose an action or who started them to see older ones.
            </p>
          ) : null}
        </>
      ) : runs.data.length > 0 ? (
        <Empty icon={IconSearch} title={`None of ${runs.data.length} runs fits.`} />
      ) : (
        <Empty icon={IconPlayerPlay} title="No runs yet">
          <p>
            Runs come from <Link to="/self-serve">actions</Link> and{" "}
            <Link to="/automations">automations</Link>.
          </p>
        </Empty>
      )}
    </div>
  );
}
