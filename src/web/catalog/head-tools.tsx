import { ActionIcon, Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { type PointerEvent, useRef } from "react";
import { MAX_WIDTH, MIN_WIDTH } from "../lib/catalog-search.ts";
import { OpensMenu } from "../parts/opens.tsx";
import type { Column } from "./blueprint.ts";
import css from "./catalog.module.css";

export interface HeadAction {
  readonly label: string;
  readonly onChoose: () => void;
  /** It is what holds now. */
  readonly isOn?: boolean;
}

/** The menu of a column, and its edge. */
export function HeadTools({
  column,
  width,
  actions,
  onSizing,
  onWidth,
}: {
  column: Column;
  width: number;
  actions: readonly HeadAction[];
  /** While the edge is dragged; null when that is over. */
  onSizing: (width: number | null) => void;
  onWidth: (width: number) => void;
}) {
  return (
    <>
      <HeadMenu column={column} width={width} actions={actions} onWidth={onWidth} />
      <Sizer
        width={width}
        onSizing={onSizing}
        onSized={(next) => {
          onSizing(null);
          onWidth(next);
        }}
      />
    </>
  );
}

const STEP = 40;

function HeadMenu({
  column,
  width,
  actions,
  onWidth,
}: {
  column: Column;
  width: number;
  actions: readonly HeadAction[];
  onWidth: (width: number) => void;
}) {
  const clamped = (next: number) => Math.max(MIN_WIDTH, Math.min(MAX_WIDTH, next));
  return (
    <OpensMenu
      position="bottom-end"
      width={210}
      withinPortal
      button={
        <ActionIcon size={24} className={css["more"] ?? ""} aria-label={`Column ${column.title}`}>
          <IconDots size={15} aria-hidden />
        </ActionIcon>
      }
    >
      {() => (
        <>
          {actions.map(({ label, onChoose, isOn }) => (
            <Menu.Item key={label} onClick={onChoose} {...(isOn === true && { fw: 600 })}>
              {label}
              {isOn === true ? <span className="sr"> (on)</span> : null}
            </Menu.Item>
          ))}
          {actions.length > 0 ? <Menu.Divider /> : null}
          <Menu.Item closeMenuOnClick={false} onClick={() => onWidth(clamped(width + STEP))}>
            Wider
          </Menu.Item>
          <Menu.Item closeMenuOnClick={false} onClick={() => onWidth(clamped(width - STEP))}>
            Narrower
          </Menu.Item>
        </>
      )}
    </OpensMenu>
  );
}

/** The edge that is dragged; the menu does the same without a pointer. */
function Sizer({
  width,
  onSizing,
  onSized,
}: {
  width: number;
  onSizing: (width: number) => void;
  onSized: (width: number) => void;
}) {
  const from = useRef<{ x: number; width: number } | null>(null);
  const at = (event: PointerEvent): number =>
    Math.round(
      Math.max(
        MIN_WIDTH,
        Math.min(MAX_WIDTH, (from.current?.width ?? width) + event.clientX - (from.current?.x ?? 0)),
      ),
    );
  return (
    <span
      className={css["sizer"]}
      aria-hidden
      draggable
      onDragStart={(event) => {
        event.preventDefault();
        event.stopPropagation();
      }}
      onPointerDown={(event) => {
        from.current = { x: event.clientX, width };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (from.current !== null) onSizing(at(event));
      }}
      onPointerUp={(event) => {
        if (from.current !== null) onSized(at(event));
        from.current = null;
      }}
    />
  );
}
