import { Button, Switch } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { type BlueprintDoc, isSystem } from "../catalog/blueprint.ts";
import { allBlueprintsQuery } from "../catalog/queries.ts";
import { type GraphView, MAX_HOPS } from "../lib/graph-search.ts";
import { Bone } from "../parts/bone.tsx";
import { Choice } from "../parts/choice.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Pick } from "../parts/pick.tsx";
import { SlowNote } from "../parts/slow-note.tsx";
import { BlueprintsMenu } from "./blueprints-menu.tsx";
import { colourChoices, entityPicture } from "./entity-picture.ts";
import { GraphCanvas } from "./graph-canvas.tsx";
import { keyOf } from "./graph-model.ts";
import { GraphList } from "./graph-list.tsx";
import { GraphLegend } from "./graph-legend.tsx";
import { GraphNotes } from "./graph-notes.tsx";
import { layOut } from "./hop-layout.ts";
import css from "./graph.module.css";
import { NodePanel } from "./node-panel.tsx";
import { readGraph } from "./read-graph.ts";
import { useGraphView } from "./use-graph-view.ts";

interface Props {
  blueprint: string;
  entity: string;
  /** Blueprints that the stored page hides. */
  hidden: readonly string[];
}

/** What an entity depends on and what depends on it, so many hops far; the address says how it is shown. */
export function EntityGraph(props: Props) {
  const [view, change] = useGraphView();
  return <EntityGraphOf {...props} view={view} onChange={change} />;
}

interface ViewedProps extends Props {
  view: GraphView;
  onChange: (patch: Partial<GraphView>, replace?: boolean) => void;
  /** As high as its place, not as the page. */
  fills?: boolean;
}

/** The same, shown as whoever uses it says. */
export function EntityGraphOf(props: ViewedProps) {
  const all = useQuery(allBlueprintsQuery);
  if (all.error && !all.data)
    return <ErrorPanel what="load the data model" error={all.error} onRetry={() => void all.refetch()} />;
  if (!all.data) return <Bone height={420} />;
  return <Loaded all={all.data} {...props} />;
}

function Loaded(props: ViewedProps & { all: readonly BlueprintDoc[] }) {
  const { all, blueprint, entity, hidden, view, onChange: change, fills = false } = props;
  const hide = view.hide ?? [
    ...hidden,
    ...all.map(({ identifier }) => identifier).filter((id) => isSystem(id) && id !== blueprint),
  ];
  const { hops, fold, open, colour } = view;
  const found = useQuery({
    queryKey: ["entities", "graph", blueprint, entity, { hops, hide, fold, open, colour }],
    queryFn: ({ signal }) =>
      readGraph(
        {
          ...{ blueprint, identifier: entity, hops, fold, property: colour },
          hidden: new Set(hide),
          open: new Set(open),
        },
        all,
        signal,
      ),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  const middle = keyOf(blueprint, entity);
  const picture = useMemo(
    () => (found.data ? entityPicture(found.data, all, colour) : null),
    [found.data, all, colour],
  );
  const layout = useMemo(
    () => (picture ? layOut(picture.graph.nodes, picture.graph.edges) : null),
    [picture],
  );
  const navigate = useNavigate();
  const toggle = (key: string): void =>
    change({ open: open.includes(key) ? open.filter((one) => one !== key) : [...open, key] });
  const openNode = (key: string): void => {
    const node = picture?.details.get(key);
    if (node?.kind === "group") toggle(key);
    else if (node?.kind === "entity" && key !== middle)
      void navigate({
        to: "/c/$blueprint/$id",
        params: { blueprint: node.blueprint, id: node.identifier },
        search: { tab: "graph" },
      });
  };
  const select = (node: string | null): void => change({ node }, true);

  return (
    <div className={css["graph"]} data-fills={fills}>
      <Toolbar view={view} all={all} hide={hide} own={blueprint} onChange={change} />
      {found.error ? (
        <ErrorPanel what="read the graph" error={found.error} onRetry={() => void found.refetch()} />
      ) : null}
      {picture !== null && layout !== null && found.data ? (
        <>
          <GraphNotes found={found.data} busy={found.isFetching} onUnfold={() => change({ fold: false })} />
          {layout.nodes.length <= 1 ? (
            <Empty title="Nothing is related to it">
              <p>
                No relation leads to it or from it
                {hide.length > 0 ? ", as far as the blueprints that are shown go" : ""}.
              </p>
              {view.hide !== null || hidden.length > 0 ? (
                <Button size="xs" variant="default" onClick={() => change({ hide: [] })}>
                  Show every blueprint
                </Button>
              ) : null}
            </Empty>
          ) : view.asList ? (
            <GraphList picture={picture} middle={middle} onToggle={toggle} />
          ) : (
            <div className={css["split"]} data-open={view.node !== null && picture.details.has(view.node)}>
              <GraphCanvas
                key={`${middle} ${hops} ${hide.join()} ${fold}`}
                label={`Graph of what ${entity} depends on, to the left, and what depends on it, to the right`}
                layout={layout}
                edges={picture.graph.edges}
                middle={middle}
                selected={view.node}
                onSelect={select}
                onOpen={openNode}
                describe={picture.describe}
              />
              <NodePanel
                picture={picture}
                node={view.node}
                middle={middle}
                open={open}
                onToggle={toggle}
                onSelect={select}
              />
            </div>
          )}
          <GraphLegend title={picture.colouredBy} entries={picture.legend} />
        </>
      ) : found.error ? null : (
        <div aria-busy>
          <SlowNote what="the graph" />
          {view.asList ? <Bone height={280} /> : <div className={css["frame"]} aria-hidden />}
        </div>
      )}
    </div>
  );
}

const HOPS = Array.from({ length: MAX_HOPS }, (_, at) => {
  const value = String(at + 1);
  return { value, label: value };
});

function Toolbar({
  view,
  all,
  hide,
  own,
  onChange,
}: {
  view: GraphView;
  all: readonly BlueprintDoc[];
  hide: readonly string[];
  own: string;
  onChange: (patch: Partial<GraphView>) => void;
}) {
  const colours = colourChoices(all, hide);
  return (
    <div className={css["toolbar"]} role="group" aria-label="Shown in the graph">
      <span className={css["hops"]}>
        <span aria-hidden>Hops</span>
        <Choice
          label="Hops from here"
          value={String(view.hops)}
          options={HOPS}
          onChange={(hops) => onChange({ hops: Number(hops), open: [] })}
        />
      </span>
      <BlueprintsMenu all={all} own={own} hide={hide} onChange={(next) => onChange({ hide: next })} />
      <Pick
        size="xs"
        aria-label="Colour by"
        className={css["pick"] ?? ""}
        searchable={colours.length > 8}
        value={view.colour ?? ""}
        data={[
          { value: "", label: "Colour: blueprint" },
          ...colours.map(({ id, title }) => ({ value: id, label: `Colour: ${title}` })),
        ]}
        onChange={(colour) => onChange({ colour: colour === "" ? null : colour })}
      />
      <Switch
        size="xs"
        label="Fold groups"
        checked={view.fold}
        onChange={(event) => onChange({ fold: event.currentTarget.checked, open: [] })}
      />
      <span className={css["grow"]} />
      <Choice
        label="Shown as"
        value={view.asList ? "list" : "graph"}
        options={[
          { value: "graph", label: "Graph" },
          { value: "list", label: "List" },
        ]}
        onChange={(as) => onChange({ asList: as === "list" })}
      />
    </div>
  );
}
