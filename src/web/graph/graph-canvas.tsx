import { ActionIcon } from "@mantine/core";
import { IconArrowsMaximize, IconMinus, IconPlus } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import css from "./graph.module.css";
import type { GraphEdge } from "./graph-model.ts";
import type { Layout, Placed } from "./hop-layout.ts";
import { type Camera, firstCamera, fitted, nextNode, showing, type Size, zoomed } from "./view-box.ts";
import { useGestures } from "./use-gestures.ts";
import { usePainting } from "./use-painting.ts";

interface Props {
  /** What the picture is of. */
  label: string;
  layout: Layout;
  edges: readonly GraphEdge[];
  /** Of the node that the graph is about; null: of none. */
  middle: string | null;
  selected: string | null;
  onSelect: (key: string | null) => void;
  /** Enter, or a double press. */
  onOpen: (key: string) => void;
  /** What a screen reader is told of a node. */
  describe: (key: string) => string;
}

const STEP = 1.25;
const PAN = 60;
const ARROWS = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]);

/**
 * Nodes and edges on a canvas, moved and enlarged by pointer, fingers and keys. What it shows is a list beside it too, for
 * whoever cannot see it.
 */
export function GraphCanvas(props: Props) {
  const { label, layout, edges, middle, selected, onSelect, onOpen, describe } = props;
  const { nodes, box } = layout;
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState<Size | null>(null);
  const last = useRef<Size | null>(null);
  const [moved, setMoved] = useState<Camera | null>(null);
  const [hovered, setHovered] = useState<string | null>(null);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => {
      const next = { width: element.clientWidth, height: element.clientHeight };
      const before = last.current;
      last.current = next;
      setSize(next);
      // What was in the middle of the picture stays there.
      if (before !== null)
        setMoved((camera) =>
          camera === null
            ? null
            : {
                ...camera,
                x: camera.x + (next.width - before.width) / 2,
                y: camera.y + (next.height - before.height) / 2,
              },
        );
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const byKey = useMemo(() => new Map(nodes.map((node) => [node.key, node])), [nodes]);
  const near = useMemo(() => {
    if (selected === null || !byKey.has(selected)) return null;
    const keys = new Set([selected]);
    for (const { from, to } of edges) {
      if (from === selected) keys.add(to);
      if (to === selected) keys.add(from);
    }
    return keys;
  }, [selected, edges, byKey]);
  const first = useMemo(
    () => (size === null ? null : firstCamera(box, size, nodes, middle)),
    [size, box, nodes, middle],
  );
  const camera = moved ?? first;
  usePainting(canvas, size, camera, { nodes, byKey, edges, selected, hovered, middle, near });
  const gestures = useGestures({ nodes, camera, setCamera: setMoved, setHovered, onSelect, onOpen });
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    // By hand: React listens to the wheel passively, and the page must not be enlarged along.
    element.addEventListener("wheel", gestures.onWheel, { passive: false });
    return () => element.removeEventListener("wheel", gestures.onWheel);
  }, [gestures.onWheel]);

  const zoom = (factor: number): void => {
    if (camera !== null && size !== null)
      setMoved(zoomed(camera, factor, { x: size.width / 2, y: size.height / 2 }));
  };
  const fit = (): void => {
    if (size !== null) setMoved(fitted(box, size));
  };
  const go = (node: Placed | null): void => {
    if (node === null || camera === null || size === null) return;
    onSelect(node.key);
    setMoved(showing(camera, node, size));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { key } = event;
    const at = byKey.get(selected ?? "") ?? null;
    if (ARROWS.has(key)) {
      if (event.shiftKey) pan(key);
      else if (at === null) go(byKey.get(middle ?? "") ?? nodes[0] ?? null);
      else go(nextNode(nodes, at, key as "ArrowUp"));
    } else if (key === "Enter" && at !== null) onOpen(at.key);
    else if (key === "Escape" && selected !== null) onSelect(null);
    else if (key === "Home") go(byKey.get(middle ?? "") ?? nodes[0] ?? null);
    else if (key === "+" || key === "=") zoom(STEP);
    else if (key === "-") zoom(1 / STEP);
    else if (key === "0") fit();
    else return;
    event.preventDefault();
  };
  const pan = (key: string): void => {
    if (camera === null) return;
    const across = key === "ArrowLeft" ? PAN : key === "ArrowRight" ? -PAN : 0;
    const down = key === "ArrowUp" ? PAN : key === "ArrowDown" ? -PAN : 0;
    setMoved({ ...camera, x: camera.x + across, y: camera.y + down });
  };

  return (
    <div className={css["frame"]} ref={frame}>
      <div
        className={css["canvas"]}
        role="application"
        tabIndex={0}
        aria-label={`${label}. Arrow keys move between nodes, Enter opens one, Escape leaves it, plus and minus enlarge, 0 shows all. The same as a list: the switch above.`}
        data-hovered={hovered !== null}
        onKeyDown={onKeyDown}
        {...gestures.handlers}
      >
        <canvas ref={canvas} aria-hidden />
      </div>
      <p className="sr" role="status">
        {selected !== null && byKey.has(selected) ? describe(selected) : ""}
      </p>
      <div className={css["zoom"]}>
        <ActionIcon size={28} variant="default" aria-label="Enlarge" onClick={() => zoom(STEP)}>
          <IconPlus size={15} aria-hidden />
        </ActionIcon>
        <ActionIcon size={28} variant="default" aria-label="Make smaller" onClick={() => zoom(1 / STEP)}>
          <IconMinus size={15} aria-hidden />
        </ActionIcon>
        <ActionIcon size={28} variant="default" aria-label="Show all" onClick={fit}>
          <IconArrowsMaximize size={15} aria-hidden />
        </ActionIcon>
      </div>
    </div>
  );
}
