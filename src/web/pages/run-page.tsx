import { Button } from "@mantine/core";
import { IconPlayerStop, IconRefresh } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { actionQuery, cancelRun, runQuery } from "../actions/queries.ts";
import { isEnded, type RunDoc } from "../actions/types.ts";
import { meQuery } from "../api/queries.ts";
import { useRole } from "../api/use-role.ts";
import { duration } from "../lib/format.ts";
import { encodeJsurl } from "../lib/jsurl.ts";
import { Breadcrumb } from "../parts/breadcrumb.tsx";
import { Ago } from "../parts/ago.tsx";
import { AnyLink } from "../parts/any-link.tsx";
import { Bone } from "../parts/bone.tsx";
import { EntityRef } from "../parts/entity-ref.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { NotLoaded } from "../parts/not-loaded.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { Actor } from "../parts/actor.tsx";
import { Affected } from "../runs/affected.tsx";
import { ApprovalPanel } from "../runs/approval-panel.tsx";
import { RunCause } from "../runs/run-cause.tsx";
import { RunInputs } from "../runs/run-inputs.tsx";
import { RunLog } from "../runs/run-log.tsx";
import css from "../runs/runs.module.css";
import { STATUS_WORDS, StatusTag } from "../runs/status-tag.tsx";

const Markdown = lazy(() =>
  import("../widgets/markdown/markdown.tsx").then((module) => ({ default: module.Markdown })),
);

const route = getRouteApi("/app/runs/$run");
/** The stream of its log tells of changes; this is for when there is none. */
const EVERY_MS = 5000;

/** One run: how it goes, what it was given, what it says and what it changed. */
export function RunPage() {
  const { run: id } = route.useParams();
  const run = useQuery({
    ...runQuery(id),
    refetchInterval: ({ state }) => (state.data !== undefined && isEnded(state.data.run) ? false : EVERY_MS),
  });
  if (run.data !== undefined) return <Loaded run={run.data} />;
  return (
    <NotLoaded
      title="Run"
      crumbs={
        <Breadcrumb>
          <Link to="/runs">Action runs</Link>
        </Breadcrumb>
      }
      what="the run"
      error={run.error}
      onRetry={() => void run.refetch()}
      back={<Link to="/runs">All action runs</Link>}
    />
  );
}

function Loaded({ run }: { run: RunDoc }) {
  const { id, action, entity, blueprint } = run;
  const isLive = !isEnded(run);
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => cancelRun(id),
    onSettled: () => client.invalidateQueries({ queryKey: ["runs"] }),
  });
  const definition = useQuery({
    ...actionQuery(action.identifier),
    enabled: action.deleted !== true,
    retry: false,
  });
  const { looksAfter } = useRole();
  const isOwn = useQuery(meQuery).data?.user.email === run.createdBy;
  const mayCancel = isLive && (isOwn || looksAfter(blueprint?.identifier));
  const isAgain = definition.data?.trigger.type === "self-service";
  return (
    <div className="stack">
      <PageHead
        title={action.title || action.identifier}
        crumbs={
          <Breadcrumb>
            <Link to="/runs">Action runs</Link>
            <code>{id}</code>
          </Breadcrumb>
        }
        actions={
          <>
            {isAgain ? (
              <Button
                size="xs"
                variant="default"
                leftSection={<IconRefresh size={15} aria-hidden />}
                renderRoot={(props) => (
                  <Link
                    to="/self-serve"
                    search={{
                      action: action.identifier,
                      actionInputs: againOf(run, definition.data?.trigger),
                    }}
                    {...props}
                  />
                )}
              >
                Run again
              </Button>
            ) : null}
            {mayCancel ? (
              <Button
                size="xs"
                variant="default"
                loading={cancel.isPending}
                leftSection={<IconPlayerStop size={15} aria-hidden />}
                onClick={() => cancel.mutate()}
              >
                Cancel
              </Button>
            ) : null}
          </>
        }
      />
      {cancel.error ? <ErrorPanel what="cancel the run" error={cancel.error} /> : null}
      <dl className={`card ${css["facts"]}`}>
        <Fact name="Status">
          <span className="row">
            <StatusTag run={run} />
            {run.statusLabel ? <span>{run.statusLabel}</span> : null}
          </span>
        </Fact>
        <Fact name={run.source === "AUTOMATION" ? "Started by" : "By"}>
          {run.source === "AUTOMATION" ? <RunCause action={action} /> : <Actor id={run.createdBy} />}
        </Fact>
        <Fact name="Started">
          <Ago iso={run.createdAt} />
        </Fact>
        {run.endedAt === null ? null : (
          <Fact name="Took">{duration((Date.parse(run.endedAt) - Date.parse(run.createdAt)) / 1000)}</Fact>
        )}
        {entity && blueprint ? (
          <Fact name={blueprint.title || blueprint.identifier}>
            <EntityRef
              blueprint={blueprint.identifier}
              identifier={entity.identifier}
              title={entity.title ?? null}
            />
          </Fact>
        ) : null}
        {run.link.length === 0 ? null : (
          <Fact name={run.link.length === 1 ? "Link" : "Links"}>
            <span className="row">
              {run.link.map((href) => (
                <AnyLink key={href} href={href}>
                  {hostOf(href)}
                </AnyLink>
              ))}
            </span>
          </Fact>
        )}
      </dl>
      <p className="sr" role="status">
        {STATUS_WORDS[run.status]} {run.statusLabel}
      </p>
      <div className={css["columns"]}>
        <div className="stack">
          {run.requiredApproval ? <ApprovalPanel run={run} /> : null}
          {run.summary ? (
            <section className="card" aria-labelledby="summary">
              <h2 id="summary">Summary</h2>
              <Suspense fallback={<Bone height={60} />}>
                <Markdown text={run.summary} />
              </Suspense>
            </section>
          ) : null}
          <RunLog run={id} isLive={isLive} />
        </div>
        <div className="stack">
          <section className="card" aria-labelledby="inputs">
            <h2 id="inputs" style={{ paddingBottom: 8 }}>
              Inputs
            </h2>
            <RunInputs run={run} />
          </section>
          <Affected run={id} isLive={isLive} />
          <Document title="Sent" label="What was sent, with secrets masked" value={run.payload} />
          <Document title="Answer" label="What was answered" value={run.response} />
        </div>
      </div>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Document({ title, label, value }: { title: string; label: string; value: unknown }) {
  if (value === null || value === undefined) return null;
  return (
    <details className="card">
      <summary>{title}</summary>
      <pre className={css["json"]} tabIndex={0} aria-label={label}>
        {typeof value === "string" ? value : JSON.stringify(value, null, 2)}
      </pre>
    </details>
  );
}

function hostOf(href: string): string {
  return URL.parse(href)?.host || href;
}

/** What the form is filled in with; secrets are typed anew. */
function againOf(
  run: RunDoc,
  trigger: { userInputs?: { properties?: Record<string, { encryption?: unknown }> } } | undefined,
): string {
  const rules = trigger?.userInputs?.properties ?? {};
  const kept = Object.entries(run.rawProperties).filter(
    ([key, value]) => Object.hasOwn(rules, key) && value !== null && !rules[key]?.encryption,
  );
  return encodeJsurl({
    ...Object.fromEntries(kept),
    ...(run.entity === null ? {} : { $targetEntity: run.entity.identifier }),
  });
}
