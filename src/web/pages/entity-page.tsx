import { ActionIcon, Button } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy, IconPencil, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { ApiError } from "../api/client.ts";
import { doraModelQuery } from "../api/queries.ts";
import { type BlueprintDoc, type EntityDoc, isSystem, titleOf } from "../catalog/blueprint.ts";
import { blueprintQuery, entityQuery } from "../catalog/queries.ts";
import css from "../entity/entity.module.css";
import { History } from "../entity/history.tsx";
import { Overview } from "../entity/overview.tsx";
import { Related } from "../entity/related.tsx";
import { ENTITY_TABS, type EntityTab } from "../lib/entity-tabs.ts";
import { Bone } from "../parts/bone.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { SlowNote } from "../parts/slow-note.tsx";

/** Forms are most of the code; they come when one is opened. */
const EntityDrawer = lazy(() =>
  import("../entity/entity-drawer.tsx").then((module) => ({ default: module.EntityDrawer })),
);
const EntityScores = lazy(() =>
  import("../scorecards/entity-scores.tsx").then((module) => ({ default: module.EntityScores })),
);
const DeleteEntity = lazy(() =>
  import("../entity/delete-entity.tsx").then((module) => ({ default: module.DeleteEntity })),
);

const route = getRouteApi("/app/c/$blueprint/$id");

/** One entity: everything that is known of it, what it relates to, and its history. */
export function EntityPage() {
  const { blueprint: of, id } = route.useParams();
  const { tab = "overview" } = route.useSearch();
  const blueprint = useQuery(blueprintQuery(of));
  const entity = useQuery(entityQuery(of, id));
  const error = blueprint.error ?? entity.error;

  if (blueprint.data && entity.data)
    return <Loaded key={`${of}/${id}`} blueprint={blueprint.data} entity={entity.data} tab={tab} />;
  if (entity.error instanceof ApiError && entity.error.status === 404)
    return (
      <div className="stack">
        <PageHead title={id} />
        <Empty title={`There is no “${id}” in ${of}.`}>
          <p>
            It may have been deleted or renamed.{" "}
            <Link to="/c/$blueprint" params={{ blueprint: of }}>
              All of {of}
            </Link>
          </p>
        </Empty>
      </div>
    );
  return (
    <div className="stack" aria-busy={!error}>
      <PageHead title={id} />
      {error ? (
        <ErrorPanel what={`open “${id}”`} error={error} onRetry={() => void entity.refetch()} />
      ) : (
        <>
          <SlowNote what="the entity" />
          <Bone height={38} />
          <Bone height={320} />
        </>
      )}
    </div>
  );
}

const TITLES: Readonly<Record<EntityTab, string>> = {
  overview: "Overview",
  related: "Related entities",
  scorecards: "Scorecards",
  audit: "Audit log",
  json: "JSON",
};

function Loaded({ blueprint, entity, tab }: { blueprint: BlueprintDoc; entity: EntityDoc; tab: EntityTab }) {
  const [open, setOpen] = useState<"edit" | "delete" | null>(null);
  const params = { blueprint: blueprint.identifier, id: entity.identifier };
  const isService = useQuery(doraModelQuery).data?.service.blueprint === blueprint.identifier;
  return (
    <div className="stack">
      <div>
        <p className={css["crumb"]}>
          <Link to="/c/$blueprint" params={params}>
            {titleOf(blueprint)}
          </Link>
          <span aria-hidden>/</span>
          <code>{entity.identifier}</code>
          <Copy text={entity.identifier} label="identifier" />
        </p>
        <PageHead
          title={entity.title || entity.identifier}
          actions={
            isSystem(blueprint.identifier) ? undefined : (
              <>
                {isService ? (
                  <Link to="/dora" search={{ scope: `${blueprint.identifier}:${entity.identifier}` }}>
                    DORA metrics
                  </Link>
                ) : null}
                <Button
                  size="xs"
                  variant="default"
                  leftSection={<IconPencil size={15} aria-hidden />}
                  onClick={() => setOpen("edit")}
                >
                  Edit
                </Button>
                <Button
                  size="xs"
                  variant="default"
                  leftSection={<IconTrash size={15} aria-hidden />}
                  onClick={() => setOpen("delete")}
                >
                  Delete
                </Button>
              </>
            )
          }
        />
      </div>
      <nav className={css["tabs"]} aria-label="Parts of this entity">
        {ENTITY_TABS.filter((name) => name !== "scorecards" || entity.scorecards !== undefined).map(
          (name) => (
            <Link
              key={name}
              to="/c/$blueprint/$id"
              params={params}
              search={name === "overview" ? {} : { tab: name }}
              resetScroll={false}
              activeOptions={{ exact: true, includeSearch: true }}
            >
              {TITLES[name]}
            </Link>
          ),
        )}
      </nav>
      {tab === "overview" ? <Overview blueprint={blueprint} entity={entity} /> : null}
      {tab === "related" ? <Related blueprint={blueprint} entity={entity} /> : null}
      {tab === "scorecards" ? (
        <Suspense fallback={<Bone height={280} />}>
          <EntityScores blueprint={blueprint} entity={entity} />
        </Suspense>
      ) : null}
      {tab === "audit" ? <History blueprint={blueprint.identifier} entity={entity} /> : null}
      {tab === "json" ? <Json entity={entity} /> : null}
      <Suspense>
        {open === "edit" ? (
          <EntityDrawer blueprint={blueprint} entity={entity} onClose={() => setOpen(null)} />
        ) : null}
        {open === "delete" ? (
          <DeleteEntity blueprint={blueprint.identifier} entity={entity} onClose={() => setOpen(null)} />
        ) : null}
      </Suspense>
    </div>
  );
}

function Copy({ text, label }: { text: string; label: string }) {
  const clipboard = useClipboard({ timeout: 2000 });
  return (
    <>
      <ActionIcon size={24} aria-label={`Copy ${label}`} onClick={() => clipboard.copy(text)}>
        {clipboard.copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
      </ActionIcon>
      <span className="sr" role="status">
        {clipboard.copied ? "Copied" : ""}
      </span>
    </>
  );
}

/** As the API returns it. */
function Json({ entity }: { entity: EntityDoc }) {
  const text = JSON.stringify(entity, null, 2);
  return (
    <div>
      <div className="row" style={{ justifyContent: "flex-end" }}>
        <Copy text={text} label="JSON" />
      </div>
      <pre className={css["json"]} tabIndex={0} aria-label="The entity as JSON">
        {text}
      </pre>
    </div>
  );
}
