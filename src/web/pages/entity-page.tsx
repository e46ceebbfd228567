import { ActionIcon } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { type BlueprintDoc, type EntityDoc, titleOf } from "../catalog/blueprint.ts";
import { blueprintQuery, entityQuery } from "../catalog/queries.ts";
import { pageQuery } from "../dashboard/queries.ts";
import { EntityHead } from "../entity/entity-head.tsx";
import css from "../entity/entity.module.css";
import { TabContent } from "../entity/tab-content.tsx";
import { tabsOf } from "../entity/tabs.ts";
import { Breadcrumb } from "../parts/breadcrumb.tsx";
import { Bone } from "../parts/bone.tsx";
import { Empty } from "../parts/empty.tsx";
import { NotLoaded } from "../parts/not-loaded.tsx";
import { TabStrip } from "../parts/tab-strip.tsx";

/** Forms are most of the code; they come when one is opened. */
const EntityDrawer = lazy(() =>
  import("../entity/entity-drawer.tsx").then((module) => ({ default: module.EntityDrawer })),
);
const TabsDrawer = lazy(() =>
  import("../entity/tabs-drawer.tsx").then((module) => ({ default: module.TabsDrawer })),
);
const DeleteEntity = lazy(() =>
  import("../entity/delete-entity.tsx").then((module) => ({ default: module.DeleteEntity })),
);

const route = getRouteApi("/app/c/$blueprint/$id");

/** One entity: everything that is known of it, what it relates to, and its history. */
export function EntityPage() {
  const { blueprint: of, id } = route.useParams();
  const blueprint = useQuery(blueprintQuery(of));
  const entity = useQuery(entityQuery(of, id));
  const error = blueprint.error ?? entity.error;

  if (blueprint.data && entity.data)
    return <Loaded key={`${of}/${id}`} blueprint={blueprint.data} entity={entity.data} />;
  return (
    <NotLoaded
      title={id}
      crumbs={
        <Breadcrumb>
          <Link to="/c/$blueprint" params={{ blueprint: of }}>
            {blueprint.data ? titleOf(blueprint.data) : of}
          </Link>
        </Breadcrumb>
      }
      what={`“${id}”`}
      error={error}
      onRetry={() => {
        void blueprint.refetch();
        void entity.refetch();
      }}
      back={
        <>
          <Link to="/c/$blueprint" params={{ blueprint: of }}>
            All of {blueprint.data ? titleOf(blueprint.data) : of}
          </Link>
          {" · "}
          <Link to="/audit" search={{ blueprint: of, entity: id, system: "shown" }}>
            Its events in the audit log
          </Link>
        </>
      }
    />
  );
}

/** `service` → `serviceEntity`: where the API keeps the tabs. */
const pageOf = (blueprint: string): string => `${blueprint}Entity`;

function Loaded({ blueprint, entity }: { blueprint: BlueprintDoc; entity: EntityDoc }) {
  const [open, setOpen] = useState<"edit" | "delete" | "tabs" | null>(null);
  const { tab: key } = route.useSearch();
  const params = { blueprint: blueprint.identifier, id: entity.identifier };
  const stored = useQuery({ ...pageQuery(pageOf(blueprint.identifier)), retry: false, staleTime: 60_000 });
  const tabs = tabsOf(blueprint, entity, stored.data?.page ?? null);
  const tab = tabs.find((one) => one.key === (key ?? tabs[0]?.key));
  return (
    <div className="stack">
      <EntityHead blueprint={blueprint} entity={entity} onOpen={setOpen} />
      <div className={css["tabRow"]}>
        <TabStrip label="Parts of this entity">
          {tabs.map((one, at) => (
            <Link
              key={one.key}
              to="/c/$blueprint/$id"
              params={params}
              search={at === 0 ? {} : { tab: one.key }}
              resetScroll={false}
              aria-current={one === tab ? "page" : undefined}
              activeOptions={{ exact: true, includeSearch: true }}
            >
              {one.title}
            </Link>
          ))}
        </TabStrip>
        {stored.data?.mayUpdate && stored.data.page.locked !== true ? (
          <ActionIcon
            size={28}
            aria-label="Edit the tabs"
            title="Edit the tabs of every entity like this"
            onClick={() => setOpen("tabs")}
          >
            <IconPencil size={17} aria-hidden />
          </ActionIcon>
        ) : null}
      </div>
      {tab !== undefined ? (
        <TabContent key={tab.key} tab={tab} tabs={tabs} blueprint={blueprint} entity={entity} />
      ) : stored.isPending ? (
        <Bone height={320} />
      ) : (
        <Empty title={`This entity has no tab “${key}”.`}>
          <Link to="/c/$blueprint/$id" params={params}>
            Its first one
          </Link>
        </Empty>
      )}
      <Suspense>
        {open === "edit" ? (
          <EntityDrawer blueprint={blueprint} entity={entity} onClose={() => setOpen(null)} />
        ) : null}
        {open === "tabs" && stored.data ? (
          <TabsDrawer
            page={stored.data.page}
            blueprint={blueprint}
            entity={entity}
            onClose={() => setOpen(null)}
          />
        ) : null}
        {open === "delete" ? (
          <DeleteEntity blueprint={blueprint.identifier} entity={entity} onClose={() => setOpen(null)} />
        ) : null}
      </Suspense>
    </div>
  );
}
