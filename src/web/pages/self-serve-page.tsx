import { Button } from "@mantine/core";
import { IconBolt, IconPlayerPlay, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { ActionCard } from "../actions/action-card.tsx";
import css from "../actions/actions.module.css";
import { actionsQuery, runsQuery } from "../actions/queries.ts";
import { type ActionDoc, blueprintOf, titleOfAction } from "../actions/types.ts";
import { meQuery } from "../api/queries.ts";
import { useRole } from "../api/use-role.ts";
import { titleOf } from "../catalog/blueprint.ts";
import { allBlueprintsQuery } from "../catalog/queries.ts";
import type { HubSearch } from "../lib/action-search.ts";
import { plural } from "../lib/format.ts";
import { decodeJsurl } from "../lib/jsurl.ts";
import { holds } from "../lib/people-search.ts";
import { AddButton } from "../parts/add-button.tsx";
import { Ago } from "../parts/ago.tsx";
import { Bone } from "../parts/bone.tsx";
import { Choice } from "../parts/choice.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { Pick } from "../parts/pick.tsx";
import { SearchField } from "../parts/search-field.tsx";
import { SectionTabs } from "../parts/section-tabs.tsx";
import { SlowNote } from "../parts/slow-note.tsx";
import { StatusTag } from "../runs/status-tag.tsx";

const RunDrawer = lazy(() =>
  import("../actions/run-drawer.tsx").then((module) => ({ default: module.RunDrawer })),
);

const ActionDrawer = lazy(() =>
  import("../actions/action-drawer.tsx").then((module) => ({ default: module.ActionDrawer })),
);

const TemplateDialog = lazy(() =>
  import("../actions/template-dialog.tsx").then((module) => ({ default: module.TemplateDialog })),
);

const route = getRouteApi("/app/self-serve");
const NONE = "$none";

/** What people may do by themselves: actions by blueprint, and what they did lately. */
export function SelfServePage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const actions = useQuery(actionsQuery("self-service"));
  const blueprints = useQuery(allBlueprintsQuery).data ?? [];
  const { isAdmin, moderated, looksAfter } = useRole();
  const mayCreate = isAdmin || moderated.length > 0;
  const [isChoosing, setIsChoosing] = useState(false);
  const go = (part: Partial<Record<keyof HubSearch, string | undefined>>) =>
    navigate({
      search: (before) => ({ ...before, ...part }) as HubSearch,
      replace: true,
      ignoreBlocker: true,
    });
  const change = (part: Parameters<typeof go>[0]) => void go(part);
  const nameOf = (identifier: string): string => {
    const found = blueprints.find((one) => one.identifier === identifier);
    return identifier === NONE ? "General" : found === undefined ? identifier : titleOf(found);
  };
  const all = actions.data ?? [];
  const shown = all.filter((action) => fits(action, search));
  const groups = Map.groupBy(shown, (action) => action.trigger.blueprintIdentifier || NONE);
  const used = [...new Set(all.map(({ trigger }) => trigger.blueprintIdentifier || NONE))];
  return (
    <div className="stack">
      <PageHead
        title="Self-service"
        actions={
          <>
            {isAdmin ? (
              <Button size="xs" variant="default" onClick={() => setIsChoosing(true)}>
                From a template
              </Button>
            ) : null}
            {mayCreate ? <AddButton onClick={() => change({ edit: "new" })}>New action</AddButton> : null}
          </>
        }
      >
        Actions you may run by yourself.
      </PageHead>
      <SectionTabs section="actions" />
      <div className={css["hub"]}>
        <div className="stack">
          <div className={css["toolbar"]} role="search">
            <SearchField
              label="Search actions"
              value={search.q ?? ""}
              onChange={(text) => change({ q: text || undefined })}
            />
            <Choice
              label="Kind of action"
              value={search.operation ?? "all"}
              options={[
                { value: "all", label: "All" },
                { value: "CREATE", label: "Create" },
                { value: "DAY-2", label: "Day-2" },
                { value: "DELETE", label: "Delete" },
              ]}
              onChange={(value) => change({ operation: value === "all" ? undefined : value })}
            />
            {used.length > 1 ? (
              <Pick
                size="xs"
                aria-label="Blueprint"
                value={search.blueprint ?? ""}
                data={[
                  { value: "", label: "All blueprints" },
                  ...used.map((value) => ({ value, label: nameOf(value) })),
                ]}
                onChange={(value) => change({ blueprint: value || undefined })}
              />
            ) : null}
          </div>
          {actions.data === undefined ? (
            actions.error ? (
              <ErrorPanel
                what="load the actions"
                error={actions.error}
                onRetry={() => void actions.refetch()}
              />
            ) : (
              <div aria-busy>
                <SlowNote what="the actions" />
                <Bone height={260} />
              </div>
            )
          ) : all.length === 0 ? (
            <Empty icon={IconBolt} title="No actions yet">
              <p>
                An action is a form and what happens with it: a webhook, a workflow, an entity.
                {mayCreate ? "" : " Administrators make them."}
              </p>
              {mayCreate ? (
                <div className="row">
                  {isAdmin ? (
                    <Button size="xs" variant="default" onClick={() => setIsChoosing(true)}>
                      Begin with a template
                    </Button>
                  ) : null}
                  <Button size="xs" variant="default" onClick={() => change({ edit: "new" })}>
                    Create the first
                  </Button>
                </div>
              ) : null}
            </Empty>
          ) : shown.length === 0 ? (
            <Empty icon={IconSearch} title={`None of ${plural(all.length, "action")} fits.`}>
              <Button
                size="xs"
                variant="default"
                onClick={() => change({ q: undefined, operation: undefined, blueprint: undefined })}
              >
                Clear the search
              </Button>
            </Empty>
          ) : (
            [...groups].map(([blueprint, list]) => (
              <section key={blueprint} className="stack" style={{ gap: 8 }} aria-label={nameOf(blueprint)}>
                <h2>{nameOf(blueprint)}</h2>
                <ul className={css["cards"]}>
                  {list.map((action) => (
                    <ActionCard
                      key={action.identifier}
                      action={action}
                      mayEdit={looksAfter(blueprintOf(action))}
                    />
                  ))}
                </ul>
              </section>
            ))
          )}
        </div>
        <MyRuns />
      </div>
      <Suspense>
        {isChoosing ? (
          <TemplateDialog
            of="actions"
            onClose={() => setIsChoosing(false)}
            onMade={(identifier) => {
              setIsChoosing(false);
              change({ edit: identifier });
            }}
          />
        ) : null}
        {search.edit ? (
          <ActionDrawer
            key={search.edit}
            action={search.edit === "new" ? null : search.edit}
            onClose={() => change({ edit: undefined })}
          />
        ) : null}
        {search.action ? (
          <RunDrawer
            key={search.action}
            action={search.action}
            {...filledIn(search.actionInputs)}
            onClose={() => go({ action: undefined, actionInputs: undefined })}
          />
        ) : null}
      </Suspense>
    </div>
  );
}

function fits(action: ActionDoc, { q = "", operation, blueprint }: HubSearch): boolean {
  const { trigger, identifier, description } = action;
  return (
    holds(q, titleOfAction(action), identifier, description ?? "") &&
    (operation === undefined || trigger.operation === operation) &&
    (blueprint === undefined || (trigger.blueprintIdentifier || NONE) === blueprint)
  );
}

/** What a link fills in; `$targetEntity` is the entity it runs on. */
function filledIn(text: string | undefined): { initial: Record<string, unknown>; target: string | null } {
  const value = text === undefined ? undefined : decodeJsurl(text);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { initial: {}, target: null };
  const { $targetEntity: entity, ...initial } = value as Record<string, unknown>;
  const target =
    typeof entity === "object" && entity !== null ? (entity as { identifier?: unknown }).identifier : entity;
  return { initial, target: typeof target === "string" && target !== "" ? target : null };
}

function MyRuns() {
  const me = useQuery(meQuery).data?.user.email ?? "";
  const runs = useQuery({ ...runsQuery({ user_email: me, source: "UI", limit: 8 }), enabled: me !== "" });
  return (
    <aside className="card" aria-labelledby="my-runs">
      <h2 id="my-runs">My latest runs</h2>
      {runs.data === undefined ? (
        runs.error ? (
          <ErrorPanel what="load your runs" error={runs.error} onRetry={() => void runs.refetch()} />
        ) : (
          <Bone height={120} />
        )
      ) : runs.data.length === 0 ? (
        <Empty isSmall icon={IconPlayerPlay} title="No runs yet" />
      ) : (
        <ul className={css["recent"]}>
          {runs.data.map((run) => (
            <li key={run.id}>
              <div className="row between">
                <Link to="/runs/$run" params={{ run: run.id }}>
                  {run.action.title || run.action.identifier}
                </Link>
                <StatusTag run={run} />
              </div>
              <p className="muted small">
                {run.entity ? `${run.entity.title || run.entity.identifier} · ` : ""}
                <Ago iso={run.createdAt} />
              </p>
            </li>
          ))}
        </ul>
      )}
    </aside>
  );
}
