import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useRole } from "../api/use-role.ts";
import css from "../builder/builder.module.css";
import { blueprintShape, sampleEntity } from "../builder/blueprint-shape.ts";
import { definitionsOf, type Kind, KINDS } from "../builder/definition-kind.ts";
import { Definitions } from "../builder/definitions.tsx";
import { Problem } from "../builder/problem.tsx";
import { LazyJsonEditor } from "../builder/lazy-json-editor.tsx";
import { editable, parseDocument } from "../builder/parse-document.ts";
import { replaceBlueprint } from "../builder/queries.ts";
import { type BlueprintDoc, isSystem, titleOf } from "../catalog/blueprint.ts";
import { allBlueprintsQuery, blueprintQuery } from "../catalog/queries.ts";
import type { BlueprintTab } from "../lib/blueprint-search.ts";
import { ActionsMenu } from "../parts/actions-menu.tsx";
import { Breadcrumb } from "../parts/breadcrumb.tsx";
import { Bone } from "../parts/bone.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { NotLoaded } from "../parts/not-loaded.tsx";
import { Notice } from "../parts/notice.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { TabStrip } from "../parts/tab-strip.tsx";
import { UnsavedOnPage } from "../parts/unsaved-on-page.tsx";
import runs from "../runs/runs.module.css";

const OwnershipCard = lazy(() =>
  import("../builder/ownership-card.tsx").then((module) => ({ default: module.OwnershipCard })),
);
const PermissionsTab = lazy(() =>
  import("../builder/permissions-tab.tsx").then((module) => ({ default: module.PermissionsTab })),
);
const DeleteBlueprint = lazy(() =>
  import("../builder/delete-blueprint.tsx").then((module) => ({ default: module.DeleteBlueprint })),
);
const DefinitionDrawer = lazy(() =>
  import("../builder/definition-drawer.tsx").then((module) => ({ default: module.DefinitionDrawer })),
);
const DeleteDefinition = lazy(() =>
  import("../builder/delete-definition.tsx").then((module) => ({ default: module.DeleteDefinition })),
);
const route = getRouteApi("/app/builder/$blueprint");

/** One blueprint: its definitions, and its document to edit. */
export function BlueprintPage() {
  const { blueprint: identifier } = route.useParams();
  const blueprint = useQuery(blueprintQuery(identifier));
  if (blueprint.data) return <Loaded key={identifier} blueprint={blueprint.data} />;
  return (
    <NotLoaded
      title={identifier}
      crumbs={
        <Breadcrumb>
          <Link to="/builder">Data model</Link>
        </Breadcrumb>
      }
      what={`“${identifier}”`}
      error={blueprint.error}
      onRetry={() => void blueprint.refetch()}
      back={<Link to="/builder">All blueprints</Link>}
    />
  );
}

const TABS: readonly { readonly value: BlueprintTab; readonly label: string }[] = [
  { value: "definitions", label: "Definitions" },
  { value: "permissions", label: "Permissions" },
  { value: "json", label: "JSON" },
];

function Loaded({ blueprint }: { blueprint: BlueprintDoc }) {
  const { tab: view = "definitions", open } = route.useSearch();
  const navigate = route.useNavigate();
  const [deleting, setDeleting] = useState(false);
  const [removing, setRemoving] = useState<{ kind: Kind; id: string } | null>(null);
  const { identifier } = blueprint;
  const { isAdmin: mayChange, looksAfter } = useRole();
  const show = (opened: string | null) =>
    void navigate({
      search: {
        ...(view === "definitions" ? {} : { tab: view }),
        ...(opened === null ? {} : { open: opened }),
      },
      replace: true,
      ignoreBlocker: true,
    });
  const opened = openedOf(open, blueprint);
  return (
    <div className="stack">
      <PageHead
        title={titleOf(blueprint)}
        crumbs={
          <Breadcrumb>
            <Link to="/builder">Data model</Link>
            <code>{identifier}</code>
          </Breadcrumb>
        }
        actions={
          <>
            <Link to="/c/$blueprint" params={{ blueprint: identifier }}>
              Entities
            </Link>
            {mayChange ? (
              <ActionsMenu
                label={titleOf(blueprint)}
                actions={[
                  { label: "Edit JSON", onChoose: () => void navigate({ search: { tab: "json" } }) },
                  ...(isSystem(identifier)
                    ? []
                    : [{ label: "Delete", isDanger: true, onChoose: () => setDeleting(true) }]),
                ]}
              />
            ) : null}
          </>
        }
      />
      <TabStrip label="Parts of this blueprint">
        {TABS.map(({ value, label }) => (
          <Link
            key={value}
            to="/builder/$blueprint"
            params={{ blueprint: identifier }}
            search={value === "definitions" ? {} : { tab: value }}
            resetScroll={false}
            aria-current={value === view ? "page" : undefined}
            activeOptions={{ exact: true, includeSearch: true }}
          >
            {label}
          </Link>
        ))}
      </TabStrip>
      {view === "definitions" ? (
        <>
          <Definitions
            blueprint={blueprint}
            actions={
              mayChange
                ? {
                    onAdd: (kind) => show(`new ${kind}`),
                    onEdit: (kind, id) => show(`${kind} ${id}`),
                    onDelete: (kind, id) => setRemoving({ kind, id }),
                  }
                : null
            }
          />
          <Suspense fallback={<Bone height={150} />}>
            <OwnershipCard
              key={JSON.stringify(blueprint.ownership)}
              blueprint={blueprint}
              mayChange={mayChange}
            />
          </Suspense>
        </>
      ) : null}
      {view === "permissions" ? (
        <Suspense fallback={<Bone height={360} />}>
          <PermissionsTab blueprint={blueprint} mayChange={looksAfter(identifier)} />
        </Suspense>
      ) : null}
      {view !== "json" ? null : mayChange ? (
        <Document key={blueprint.updatedAt} blueprint={blueprint} />
      ) : (
        <pre className={runs["json"]} tabIndex={0} aria-label="Blueprint as JSON">
          {editable(blueprint)}
        </pre>
      )}
      {opened && mayChange ? (
        <Suspense>
          <DefinitionDrawer key={open} blueprint={blueprint} {...opened} onClose={() => show(null)} />
        </Suspense>
      ) : null}
      {removing ? (
        <Suspense>
          <DeleteDefinition blueprint={blueprint} {...removing} onClose={() => setRemoving(null)} />
        </Suspense>
      ) : null}
      {deleting ? (
        <Suspense>
          <DeleteBlueprint blueprint={blueprint} onClose={() => setDeleting(false)} />
        </Suspense>
      ) : null}
    </div>
  );
}

/** `new aggregation`, or `property tier`; anything else opens nothing. */
function openedOf(
  open: string | undefined,
  blueprint: BlueprintDoc,
): { kind: Kind; id: string | null } | null {
  const [first = "", ...rest] = (open ?? "").split(" ");
  const name = rest.join(" ");
  const isNew = first === "new";
  const kind = KINDS.find((one) => one === (isNew ? name : first));
  if (kind === undefined) return null;
  if (isNew) return { kind, id: null };
  return name in definitionsOf(blueprint, kind) ? { kind, id: name } : null;
}

/** The document as a whole; saving replaces the blueprint. */
function Document({ blueprint }: { blueprint: BlueprintDoc }) {
  const [initial] = useState(() => editable(blueprint));
  const [text, setText] = useState(initial);
  const { data: all = [] } = useQuery(allBlueprintsQuery);
  const client = useQueryClient();
  const parsed = parseDocument(text);
  const save = useMutation({
    mutationFn: () => replaceBlueprint(blueprint.identifier, parsed.document),
    onSuccess: () => client.invalidateQueries({ queryKey: ["blueprints"] }),
  });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (parsed.document !== null) save.mutate();
      }}
    >
      <UnsavedOnPage isChanged={text !== initial} />
      {save.error ? <ErrorPanel what="save the blueprint" error={save.error} /> : null}
      {save.data?.warnings && save.data.warnings.length > 0 ? (
        <Notice>{save.data.warnings.join(" ")}</Notice>
      ) : null}
      <LazyJsonEditor
        label="Blueprint as JSON"
        initial={initial}
        onChange={setText}
        height={420}
        assist={{
          shape: blueprintShape(all.map((one) => one.identifier)),
          sample: sampleEntity(blueprint),
          refusal: save.error?.message ?? null,
        }}
      />
      <Problem text={parsed.problem} />
      <div className={css["saveBar"]}>
        <Button
          type="submit"
          loading={save.isPending}
          disabled={parsed.document === null || text === initial}
        >
          Save
        </Button>
        <span className="muted small" role="status">
          {save.isSuccess
            ? "Saved."
            : text === initial
              ? "Nothing is changed."
              : "Parts that are left out will be deleted."}
        </span>
      </div>
    </form>
  );
}
