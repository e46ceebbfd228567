import { ActionIcon, Button, Menu } from "@mantine/core";
import {
  IconArrowAutofitHeight,
  IconArrowAutofitWidth,
  IconArrowDown,
  IconArrowLeft,
  IconArrowRight,
  IconArrowsMove,
  IconArrowUp,
  IconCopy,
  IconDots,
  IconPencil,
  IconTrash,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Component, type KeyboardEvent, type PointerEvent, type ReactNode, Suspense } from "react";
import { isGone } from "../api/is-gone.ts";
import { allBlueprintsQuery, blueprintQuery } from "../catalog/queries.ts";
import { Bone } from "../parts/bone.tsx";
import { OpensMenu } from "../parts/opens.tsx";
import { PortIcon } from "../parts/port-icon.tsx";
import { Measured } from "../catalog/measured.tsx";
import { axisOf } from "../widgets/lines.ts";
import { kindOf } from "../widgets/registry.ts";
import { type Scope, scopeOf, textOf } from "../widgets/scope.ts";
import type { WidgetContext, WidgetDoc } from "../widgets/widget-kind.ts";
import { WidgetEmpty, WidgetFailure } from "../widgets/widget-state.tsx";
import css from "./dashboard.module.css";
import { type Direction, HEIGHT_STEP } from "./layout.ts";

export interface WidgetActions {
  readonly onEdit: (id: string) => void;
  readonly onDuplicate: (id: string) => void;
  readonly onDelete: (id: string) => void;
  readonly onMove: (id: string, direction: Direction) => void;
  /** Whether that would change anything. */
  readonly mayMove: (id: string, direction: Direction) => boolean;
  readonly onWiden: (id: string, by: number) => void;
  readonly onHeighten: (id: string, by: number) => void;
  readonly onDragStart: (id: string, event: PointerEvent<HTMLElement>) => void;
  readonly onSizeStart: (id: string, event: PointerEvent<HTMLElement>) => void;
}

interface Props {
  widget: WidgetDoc;
  context: WidgetContext;
  /** null: the reader may not change the page, or it is locked. */
  actions: WidgetActions | null;
}

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

const MOVES = [
  ["left", IconArrowLeft],
  ["right", IconArrowRight],
  ["up", IconArrowUp],
  ["down", IconArrowDown],
] as const;

/** By so many columns, or steps of height. */
const SIZES = [
  ["Wider", IconArrowAutofitWidth, 1, 0],
  ["Narrower", IconArrowAutofitWidth, -1, 0],
  ["Taller", IconArrowAutofitHeight, 0, 1],
  ["Shorter", IconArrowAutofitHeight, 0, -1],
] as const;

/** A widget with its head; what fails inside fails alone. */
export function WidgetFrame({ widget, context, actions }: Props) {
  const kind = kindOf(widget.type);
  const title = widget.title || kind?.label || widget.type;
  const blueprint = textOf(widget, "blueprint") ?? "";
  const found = useQuery({ ...blueprintQuery(blueprint), enabled: blueprint !== "" });
  return (
    <section className={css["widget"]} data-type={widget.type} aria-label={title}>
      <header className={css["head"]} role="presentation">
        <PortIcon name={widget.icon} size={16} />
        <div className={css["name"]}>
          <h2 title={title}>{title}</h2>
          {widget.description ? <p title={widget.description}>{widget.description}</p> : null}
          <Covered widget={widget} context={context} />
        </div>
        {actions === null ? null : <Controls id={widget.id} title={title} actions={actions} />}
      </header>
      <div className={css["body"]}>
        <Fence key={JSON.stringify(widget)}>
          {isGone(found.error) ? (
            <WidgetFailure title={`Blueprint “${blueprint}” no longer exists`}>
              {actions === null ? null : (
                <span className="row">
                  <Button size="compact-xs" variant="default" onClick={() => actions.onEdit(widget.id)}>
                    Edit
                  </Button>
                  <Button size="compact-xs" variant="default" onClick={() => actions.onDelete(widget.id)}>
                    Delete
                  </Button>
                </span>
              )}
            </WidgetFailure>
          ) : kind ? (
            <Suspense fallback={<Bone height={80} />}>
              <kind.View widget={widget} context={context} />
            </Suspense>
          ) : (
            <WidgetEmpty title="This widget cannot be drawn yet">
              Widgets of type {widget.type} are kept as they are.
            </WidgetEmpty>
          )}
        </Fence>
      </div>
      {actions === null ? null : (
        <span
          className={css["size"]}
          title="Drag to size"
          aria-hidden
          onPointerDown={(event) => actions.onSizeStart(widget.id, event)}
        />
      )}
    </section>
  );
}

/** Widgets that count entities, or list them. */
const COUNTS: ReadonlySet<string> = new Set([
  ...["entities-number-chart", "entities-pie-chart", "bar-chart", "table-entities-explorer"],
  ...["line-chart", "multi-line-chart"],
]);

/** The window and the filters of what is counted, and which filters of the page it ignores. */
function Covered({ widget, context }: Pick<Props, "widget" | "context">) {
  const { data: all } = useQuery(allBlueprintsQuery);
  if (!COUNTS.has(widget.type)) return null;
  const isOverTime = widget.type === "line-chart" || widget.type === "multi-line-chart";
  const preset = isOverTime ? axisOf(widget, context.timeZone).timeRange.preset : null;
  // It says itself what its property covers.
  const isSingle = widget["chartType"] === "displaySingleProperty";
  const counted = isSingle ? [] : countedBy(widget, context);
  const ignored = context.filters
    .filter(
      ({ blueprint }) =>
        !counted.some((one) => one.blueprint === blueprint || (blueprint === null && one !== HISTORY)),
    )
    .map(
      ({ blueprint }) =>
        all?.find(({ identifier }) => identifier === blueprint)?.title || blueprint || "everything",
    );
  return (
    <>
      {isSingle ? null : <Measured of={counted} preset={preset} />}
      {ignored.length === 0 ? null : <p className="muted">Ignores the filter of {ignored.join(", ")}</p>}
    </>
  );
}

/** What each number, or each line, is counted over. */
function countedBy(widget: WidgetDoc, context: WidgetContext): readonly Scope[] {
  if (widget.type !== "multi-line-chart") {
    const scope = isHistory(widget) ? HISTORY : scopeOf(widget, context);
    return scope === null ? [] : [scope];
  }
  const { lines } = widget;
  return (Array.isArray(lines) ? (lines as WidgetDoc[]) : []).flatMap((line) =>
    isHistory(line) ? HISTORY : (scopeOf(line, context) ?? []),
  );
}

/** Of one entity's past values: no filter reaches them. */
const HISTORY: Scope = { blueprint: "", rules: [] };
const isHistory = (line: WidgetDoc): boolean => line["chartType"] === "propertiesValueHistory";

function Controls({ id, title, actions }: { id: string; title: string; actions: WidgetActions }) {
  const onKeyDown = (event: KeyboardEvent) => {
    const direction = ARROWS[event.key];
    if (direction === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (!event.shiftKey) actions.onMove(id, direction);
    else if (direction === "left" || direction === "right")
      actions.onWiden(id, direction === "left" ? -1 : 1);
    else actions.onHeighten(id, direction === "up" ? -HEIGHT_STEP : HEIGHT_STEP);
  };
  return (
    <div className={css["controls"]}>
      <ActionIcon
        size={26}
        data-move={id}
        className={css["handle"] ?? ""}
        aria-label={`Move ${title}: arrow keys move it, Shift and arrow keys size it`}
        title="Drag to move. Keys: arrows move, Shift + arrows size"
        onKeyDown={onKeyDown}
        onPointerDown={(event) => actions.onDragStart(id, event)}
      >
        <IconArrowsMove size={15} aria-hidden />
      </ActionIcon>
      <OpensMenu
        position="bottom-end"
        width={200}
        button={
          <ActionIcon size={26} aria-label={`Menu of ${title}`}>
            <IconDots size={16} aria-hidden />
          </ActionIcon>
        }
      >
        {() => (
          <>
            <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => actions.onEdit(id)}>
              Edit
            </Menu.Item>
            <Menu.Item
              leftSection={<IconCopy size={16} aria-hidden />}
              onClick={() => actions.onDuplicate(id)}
            >
              Duplicate
            </Menu.Item>
            <Menu.Divider />
            {MOVES.map(([direction, Icon]) => (
              <Menu.Item
                key={direction}
                leftSection={<Icon size={16} aria-hidden />}
                disabled={!actions.mayMove(id, direction)}
                onClick={() => actions.onMove(id, direction)}
              >
                Move {direction}
              </Menu.Item>
            ))}
            {SIZES.map(([label, Icon, wider, taller]) => (
              <Menu.Item
                key={label}
                className={css["sizing"] ?? ""}
                leftSection={<Icon size={16} aria-hidden />}
                onClick={() =>
                  wider === 0 ? actions.onHeighten(id, taller * HEIGHT_STEP) : actions.onWiden(id, wider)
                }
              >
                {label}
              </Menu.Item>
            ))}
            <Menu.Divider />
            <Menu.Item
              color="var(--bad)"
              leftSection={<IconTrash size={16} aria-hidden />}
              onClick={() => actions.onDelete(id)}
            >
              Delete
            </Menu.Item>
          </>
        )}
      </OpensMenu>
    </div>
  );
}

/** Another widget, or another version of this one, begins anew: it has another key. */
class Fence extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    return error === null ? this.props.children : <WidgetFailure title="This widget failed" error={error} />;
  }
}
