import { CloseButton } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { type BlueprintDoc, isSystem, titleOf } from "../catalog/blueprint.ts";
import { plural } from "../lib/format.ts";
import { Tag } from "../parts/tag.tsx";
import { blueprintPicture } from "./blueprint-picture.ts";
import { BlueprintsMenu } from "./blueprints-menu.tsx";
import { GraphCanvas } from "./graph-canvas.tsx";
import { layOut } from "./hop-layout.ts";
import css from "./graph.module.css";
import { useGraphView } from "./use-graph-view.ts";

/** The data model as a graph: blueprints, and the relations between them. The list is the page beside it. */
export function BlueprintGraph({ blueprints }: { blueprints: readonly BlueprintDoc[] }) {
  const [view, change] = useGraphView();
  const hide = useMemo(
    () => view.hide ?? blueprints.map(({ identifier }) => identifier).filter(isSystem),
    [view.hide, blueprints],
  );
  const picture = useMemo(
    () => blueprintPicture(blueprints.filter(({ identifier }) => !hide.includes(identifier))),
    [blueprints, hide],
  );
  const layout = useMemo(() => layOut(picture.nodes, picture.edges), [picture]);
  const navigate = useNavigate();
  const chosen = blueprints.find(({ identifier }) => identifier === view.node);
  const select = (node: string | null): void => change({ node }, true);
  return (
    <div className={css["graph"]}>
      <div className={css["toolbar"]} role="group" aria-label="Shown in the graph">
        <BlueprintsMenu all={blueprints} own={null} hide={hide} onChange={(next) => change({ hide: next })} />
        <span className="muted small" role="status">
          {plural(picture.nodes.length, "blueprint")}, {plural(picture.edges.length, "relation")}. Arrows lead
          to what is related to.
        </span>
      </div>
      <div className={css["split"]} data-open={chosen !== undefined}>
        <GraphCanvas
          key={hide.join()}
          label="Graph of the data model"
          layout={layout}
          edges={picture.edges}
          middle={null}
          selected={view.node}
          onSelect={select}
          onOpen={(blueprint) => void navigate({ to: "/builder/$blueprint", params: { blueprint } })}
          describe={picture.describe}
        />
        {chosen === undefined ? null : <Panel blueprint={chosen} all={blueprints} onSelect={select} />}
      </div>
    </div>
  );
}

function Panel({
  blueprint,
  all,
  onSelect,
}: {
  blueprint: BlueprintDoc;
  all: readonly BlueprintDoc[];
  onSelect: (identifier: string | null) => void;
}) {
  const { identifier, description, relations } = blueprint;
  const inward = all.flatMap((other) =>
    Object.entries(other.relations ?? {})
      .filter(([, { target }]) => target === identifier)
      .map(([id, relation]) => ({ id, relation, other: other.identifier, isMany: relation.many === true })),
  );
  const outward = Object.entries(relations ?? {}).map(([id, relation]) => ({
    ...{ id, relation, other: relation.target, isMany: relation.many === true },
  }));
  const nameOf = (id: string): string =>
    titleOf(all.find((one) => one.identifier === id) ?? { identifier: id });
  const title = titleOf(blueprint);
  return (
    <aside className={css["panel"]} aria-label={`About ${title}`}>
      <div className={css["panelHead"]}>
        <div>
          <h2>{title}</h2>
          <code className="muted">{identifier}</code>
        </div>
        <CloseButton size={28} aria-label="Close" onClick={() => onSelect(null)} />
      </div>
      {description ? <p className="muted">{description}</p> : null}
      <div className="row">
        <Link to="/builder/$blueprint" params={{ blueprint: identifier }}>
          Definitions
        </Link>
        <Link to="/c/$blueprint" params={{ blueprint: identifier }}>
          Entities
        </Link>
      </div>
      {[
        { heading: "Relates to", rows: outward },
        { heading: "Related from", rows: inward },
      ].map(({ heading, rows }) =>
        rows.length === 0 ? null : (
          <section key={heading} aria-label={heading}>
            <h3>{heading}</h3>
            <ul className={css["neighbours"]}>
              {rows.map(({ id, relation, other, isMany }) => (
                <li key={`${other} ${id}`}>
                  <button type="button" onClick={() => onSelect(other)}>
                    {nameOf(other)}
                  </button>{" "}
                  <span className="muted small">
                    {relation.title || id} · {isMany ? "many" : "one"}
                  </span>{" "}
                  {relation.required === true ? <Tag>required</Tag> : null}
                </li>
              ))}
            </ul>
          </section>
        ),
      )}
    </aside>
  );
}
