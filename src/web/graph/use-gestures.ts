import { type PointerEvent, useCallback, useEffect, useRef } from "react";
import type { Placed } from "./hop-layout.ts";
import { type Camera, nodeAt, zoomed } from "./view-box.ts";

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Use {
  readonly nodes: readonly Placed[];
  readonly camera: Camera | null;
  readonly setCamera: (camera: Camera) => void;
  readonly setHovered: (key: string | null) => void;
  readonly onSelect: (key: string | null) => void;
  readonly onOpen: (key: string) => void;
}

/** Less than this is a press, not a drag. */
const SLACK = 4;

/**
 * One pointer drags, two enlarge, a press selects, a double one opens. The wheel belongs to the page
 * unless Ctrl or ⌘ is held, which is also what trackpads send when pinched.
 */
export function useGestures({ nodes, camera, setCamera, setHovered, onSelect, onOpen }: Use) {
  const points = useRef(new Map<number, Point>());
  const dragged = useRef(0);
  const last = useRef(camera);
  useEffect(() => {
    last.current = camera;
  }, [camera]);

  const at = (event: PointerEvent<HTMLElement>): Point => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const onWheel = useCallback(
    (event: WheelEvent): void => {
      const now = last.current;
      if (now === null || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
      const point = { x: event.clientX - box.left, y: event.clientY - box.top };
      setCamera(zoomed(now, Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.06 : 0.004)), point));
    },
    [setCamera],
  );
  const onPointerDown = (event: PointerEvent<HTMLElement>): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    points.current.set(event.pointerId, at(event));
    if (points.current.size === 1) dragged.current = 0;
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    if (camera === null) return;
    const now = at(event);
    const before = points.current.get(event.pointerId);
    if (before === undefined) {
      if (event.pointerType === "mouse") setHovered(nodeAt(nodes, camera, now)?.key ?? null);
      return;
    }
    points.current.set(event.pointerId, now);
    dragged.current += Math.hypot(now.x - before.x, now.y - before.y);
    const other = [...points.current].find(([id]) => id !== event.pointerId)?.[1];
    if (other !== undefined) {
      const factor =
        Math.hypot(now.x - other.x, now.y - other.y) /
        Math.max(1, Math.hypot(before.x - other.x, before.y - other.y));
      setCamera(zoomed(camera, factor, { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 }));
    } else if (dragged.current > SLACK)
      setCamera({ ...camera, x: camera.x + now.x - before.x, y: camera.y + now.y - before.y });
  };
  const onPointerUp = (event: PointerEvent<HTMLElement>): void => {
    if (!points.current.delete(event.pointerId) || camera === null || dragged.current > SLACK) return;
    onSelect(nodeAt(nodes, camera, at(event))?.key ?? null);
  };
  return {
    onWheel,
    handlers: {
      onPointerDown,
      onPointerMove,
      onPointerUp,
      onPointerCancel: (event: PointerEvent<HTMLElement>) => void points.current.delete(event.pointerId),
      onPointerLeave: () => setHovered(null),
      onDoubleClick: (event: { clientX: number; clientY: number; currentTarget: HTMLElement }) => {
        if (camera === null) return;
        const box = event.currentTarget.getBoundingClientRect();
        const node = nodeAt(nodes, camera, { x: event.clientX - box.left, y: event.clientY - box.top });
        if (node !== null) onOpen(node.key);
      },
    },
  };
}
