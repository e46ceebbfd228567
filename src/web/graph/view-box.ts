/** What part of a graph is on the screen. Pure. */
import { type Box, NODE_HEIGHT, NODE_WIDTH, type Placed } from "./hop-layout.ts";

export interface Camera {
  /** Of the graph's origin on the screen, in pixels. */
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const MIN_ZOOM = 0.04;
const MAX_ZOOM = 2;
const MARGIN = 24;
/** Below it the text of nodes cannot be read. */
const LEGIBLE = 0.62;
/** A screen on which three columns would be cut at both edges. */
const NARROW = 500;
/** More than these are looked at from far away first. */
const MANY = 250;

const limited = (zoom: number): number => Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, zoom));

/** The whole, as large as it fits. */
export function fitted(box: Box, size: Size): Camera {
  const zoom = limited(
    Math.min(
      1,
      (size.width - 2 * MARGIN) / Math.max(1, box.width),
      (size.height - 2 * MARGIN) / Math.max(1, box.height),
    ),
  );
  return {
    zoom,
    x: (size.width - box.width * zoom) / 2 - box.x * zoom,
    y: (size.height - box.height * zoom) / 2 - box.y * zoom,
  };
}

/** Where one begins: the whole when it can be read or is large, else what is around the node in the middle, or the first. */
export function firstCamera(box: Box, size: Size, nodes: readonly Placed[], middle: string | null): Camera {
  const whole = fitted(box, size);
  const node = nodes.find(({ key }) => key === middle) ?? nodes[0];
  if (whole.zoom >= LEGIBLE || nodes.length > MANY || node === undefined) return whole;
  const { zoom, y, ...centred } = centredOn(node, size, LEGIBLE);
  // On a phone there is room for two columns: its own, and the one that depends on it.
  const x = size.width < NARROW ? MARGIN / 2 - node.x * zoom : centred.x;
  // No room is left empty beyond the last column while others are out of sight.
  return {
    zoom,
    x: within(x, size.width, box.x * zoom, box.width * zoom),
    y: within(y, size.height, box.y * zoom, box.height * zoom),
  };
}

function within(at: number, room: number, start: number, length: number): number {
  if (length <= room - 2 * MARGIN) return (room - length) / 2 - start;
  return Math.min(MARGIN - start, Math.max(room - MARGIN - start - length, at));
}

function centredOn({ x, y }: Pick<Placed, "x" | "y">, size: Size, zoom: number): Camera {
  return {
    zoom,
    x: size.width / 2 - (x + NODE_WIDTH / 2) * zoom,
    y: size.height / 2 - (y + NODE_HEIGHT / 2) * zoom,
  };
}

/** Larger or smaller around a point of the screen, which stays where it is. */
export function zoomed(camera: Camera, factor: number, at: { x: number; y: number }): Camera {
  const zoom = limited(camera.zoom * factor);
  const by = zoom / camera.zoom;
  return { zoom, x: at.x - (at.x - camera.x) * by, y: at.y - (at.y - camera.y) * by };
}

/** The same place, moved as little as shows the whole node. */
export function showing(camera: Camera, { x, y }: Pick<Placed, "x" | "y">, size: Size): Camera {
  const shift = (at: number, length: number, room: number): number => {
    if (at < MARGIN) return MARGIN - at;
    return at + length > room - MARGIN ? room - MARGIN - at - length : 0;
  };
  const { zoom } = camera;
  return {
    zoom,
    x: camera.x + shift(camera.x + x * zoom, NODE_WIDTH * zoom, size.width),
    y: camera.y + shift(camera.y + y * zoom, NODE_HEIGHT * zoom, size.height),
  };
}

/** The node under a point of the screen; the last one drawn is on top. */
export function nodeAt(
  nodes: readonly Placed[],
  camera: Camera,
  at: { x: number; y: number },
): Placed | null {
  const [x, y] = [(at.x - camera.x) / camera.zoom, (at.y - camera.y) / camera.zoom];
  return (
    nodes.findLast(
      (node) => x >= node.x && x <= node.x + NODE_WIDTH && y >= node.y && y <= node.y + NODE_HEIGHT,
    ) ?? null
  );
}

export type Arrow = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";

/** The nearest node in a direction; what is straight ahead counts as nearer. */
export function nextNode(nodes: readonly Placed[], from: Placed, arrow: Arrow): Placed | null {
  const isAcross = arrow === "ArrowLeft" || arrow === "ArrowRight";
  const sign = arrow === "ArrowLeft" || arrow === "ArrowUp" ? -1 : 1;
  let best: Placed | null = null;
  let least = Infinity;
  for (const node of nodes) {
    const [dx, dy] = [node.x - from.x, node.y - from.y];
    const [ahead, aside] = isAcross ? [dx * sign, Math.abs(dy)] : [dy * sign, Math.abs(dx)];
    if (ahead <= 1) continue;
    const distance = ahead + aside * 2.5;
    if (distance < least) [best, least] = [node, distance];
  }
  return best;
}
