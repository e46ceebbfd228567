import { Button } from "@mantine/core";
import { IconSchema } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useIsAdmin } from "../api/use-is-admin.ts";
import { NewBlueprint } from "../builder/new-blueprint.tsx";
import { type BlueprintDoc, isSystem, titleOf } from "../catalog/blueprint.ts";
import { allBlueprintsQuery } from "../catalog/queries.ts";
import { AddButton } from "../parts/add-button.tsx";
import { Bone } from "../parts/bone.tsx";
import { Choice } from "../parts/choice.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { SlowNote } from "../parts/slow-note.tsx";

const BlueprintGraph = lazy(() =>
  import("../graph/blueprint-graph.tsx").then((module) => ({ default: module.BlueprintGraph })),
);
const route = getRouteApi("/app/builder");
type View = "list" | "graph";

/** The data model: every blueprint with what it holds and what it relates to. */
export function BuilderPage() {
  const blueprints = useQuery(allBlueprintsQuery);
  const isAdmin = useIsAdmin();
  const { new: isNew, ...shown } = route.useSearch();
  const view: View = shown.view ?? "list";
  const creating = isNew === "blueprint";
  const navigate = route.useNavigate();
  const show = (isOpen: boolean) =>
    navigate({
      search: isOpen ? { ...shown, new: "blueprint" } : shown,
      replace: true,
      ignoreBlocker: true,
    });
  const own = blueprints.data?.filter(({ identifier }) => !isSystem(identifier)) ?? [];
  const system = blueprints.data?.filter(({ identifier }) => isSystem(identifier)) ?? [];
  return (
    <div className="stack">
      <PageHead
        title="Data model"
        actions={isAdmin ? <AddButton onClick={() => void show(true)}>Blueprint</AddButton> : null}
      >
        Blueprints say what kinds of things the catalog holds, and how they relate.
      </PageHead>
      {blueprints.error && !blueprints.data ? (
        <ErrorPanel
          what="load the data model"
          error={blueprints.error}
          onRetry={() => void blueprints.refetch()}
        />
      ) : blueprints.data === undefined ? (
        <div aria-busy>
          <SlowNote what="the data model" />
          <Bone height={280} />
        </div>
      ) : (
        <>
          {own.length === 0 ? null : (
            <div>
              <Choice<View>
                label="View"
                value={view}
                onChange={(next) => void navigate({ search: next === "graph" ? { view: "graph" } : {} })}
                options={[
                  { value: "list", label: "List" },
                  { value: "graph", label: "Graph" },
                ]}
              />
            </div>
          )}
          {own.length === 0 ? (
            <Empty icon={IconSchema} title="No blueprints yet">
              {isAdmin ? (
                <>
                  <p>Create one, paste one as JSON, or load a template with the command line.</p>
                  <Button size="xs" variant="default" onClick={() => void show(true)}>
                    Create the first
                  </Button>
                </>
              ) : (
                <p>Administrators make them.</p>
              )}
            </Empty>
          ) : view === "graph" ? (
            <Suspense fallback={<Bone height={420} />}>
              <BlueprintGraph blueprints={blueprints.data} />
            </Suspense>
          ) : (
            <List title="Blueprints" blueprints={own} all={blueprints.data} />
          )}
          {view === "list" ? (
            <List
              title="Of the system"
              about="People, teams and what Fairway itself keeps: they are always there."
              blueprints={system}
              all={blueprints.data}
            />
          ) : null}
        </>
      )}
      {creating && isAdmin ? <NewBlueprint onClose={() => show(false)} /> : null}
    </div>
  );
}

function List({
  title,
  about,
  blueprints,
  all,
}: {
  title: string;
  about?: string;
  blueprints: readonly BlueprintDoc[];
  /** What they may relate to. */
  all: readonly BlueprintDoc[];
}) {
  if (blueprints.length === 0) return null;
  const nameOf = (identifier: string): string => {
    const found = all.find((one) => one.identifier === identifier);
    return found === undefined ? identifier : titleOf(found);
  };
  return (
    <section className="card" aria-labelledby={title}>
      <h2 id={title}>{title}</h2>
      {about === undefined ? null : <p className="muted small">{about}</p>}
      <div className="scroll-x" tabIndex={0} role="region" aria-label={`${title}, table`}>
        <table className="data stacked">
          <thead>
            <tr>
              <th scope="col" style={{ width: "45%" }}>
                Blueprint
              </th>
              <th scope="col" style={{ width: "15%" }}>
                Properties
              </th>
              <th scope="col">Relates to</th>
            </tr>
          </thead>
          <tbody>
            {blueprints.map((blueprint) => (
              <Row key={blueprint.identifier} blueprint={blueprint} nameOf={nameOf} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Row({ blueprint, nameOf }: { blueprint: BlueprintDoc; nameOf: (identifier: string) => string }) {
  const { schema, mirrorProperties, calculationProperties, aggregationProperties, relations } = blueprint;
  const count = [schema?.properties, mirrorProperties, calculationProperties, aggregationProperties]
    .map((definitions) => Object.keys(definitions ?? {}).length)
    .reduce((sum, size) => sum + size, 0);
  const targets = [...new Set(Object.values(relations ?? {}).map(({ target }) => target))];
  return (
    <tr>
      <td>
        <Link to="/builder/$blueprint" params={{ blueprint: blueprint.identifier }}>
          {titleOf(blueprint)}
        </Link>{" "}
        <code className="muted">{blueprint.identifier}</code>
        {blueprint.description ? <div className="muted small">{blueprint.description}</div> : null}
      </td>
      <td data-label="Properties">{count}</td>
      <td data-label="Relates to">
        {targets.length === 0 ? (
          <span className="muted">–</span>
        ) : (
          <ul className="row">
            {targets.map((target) => (
              <li key={target}>
                <Link to="/builder/$blueprint" params={{ blueprint: target }}>
                  {nameOf(target)}
                </Link>
              </li>
            ))}
          </ul>
        )}
      </td>
    </tr>
  );
}
