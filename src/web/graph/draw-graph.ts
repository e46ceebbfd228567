/** Draws a graph on a canvas: from far away as blocks, from near with what each node is called. */
import type { GraphEdge } from "./graph-model.ts";
import { NODE_HEIGHT, NODE_WIDTH, type Placed } from "./hop-layout.ts";
import type { Camera, Size } from "./view-box.ts";

/** The page's tokens, so that both themes fit. */
export interface Ink {
  readonly surface: string;
  readonly raised: string;
  readonly line: string;
  readonly strong: string;
  readonly text: string;
  readonly muted: string;
  readonly link: string;
  readonly font: string;
}

export interface Picture {
  readonly nodes: readonly Placed[];
  readonly byKey: ReadonlyMap<string, Placed>;
  readonly edges: readonly GraphEdge[];
  readonly selected: string | null;
  /** Under the pointer. */
  readonly hovered: string | null;
  readonly middle: string | null;
  /** Keys of the neighbours of the selected node, itself among them; null: nothing is selected. */
  readonly near: ReadonlySet<string> | null;
}

/** Below it text would be dots. */
const TEXT_ZOOM = 0.34;
/** So many edges have arrows and curves; more are plain lines, or a picture would take longer than a frame. */
const FINE_EDGES = 1500;
const LABELS = 40;

export function draw(
  canvas: CanvasRenderingContext2D,
  size: Size,
  scale: number,
  camera: Camera,
  picture: Picture,
  ink: Ink,
): void {
  canvas.setTransform(scale, 0, 0, scale, 0, 0);
  canvas.clearRect(0, 0, size.width, size.height);
  canvas.translate(camera.x, camera.y);
  canvas.scale(camera.zoom, camera.zoom);
  const seen = {
    left: -camera.x / camera.zoom - NODE_WIDTH,
    top: -camera.y / camera.zoom - NODE_HEIGHT,
    right: (size.width - camera.x) / camera.zoom,
    bottom: (size.height - camera.y) / camera.zoom,
  };
  drawEdges(canvas, camera, picture, ink);
  const visible = picture.nodes.filter(
    ({ x, y }) => x >= seen.left && x <= seen.right && y >= seen.top && y <= seen.bottom,
  );
  const isFar = camera.zoom < TEXT_ZOOM;
  for (const node of visible) {
    const isFaint = picture.near !== null && !picture.near.has(node.key);
    canvas.globalAlpha = isFaint ? 0.35 : 1;
    if (isFar) drawBlock(canvas, node, picture, ink);
    else drawNode(canvas, node, picture, ink);
  }
  canvas.globalAlpha = 1;
}

function drawEdges(canvas: CanvasRenderingContext2D, camera: Camera, picture: Picture, ink: Ink): void {
  const { byKey, edges, selected } = picture;
  const isFine = edges.length <= FINE_EDGES && camera.zoom >= TEXT_ZOOM / 2;
  const own = edges.filter(({ from, to }) => from === selected || to === selected);
  const others =
    own.length === 0 ? edges : edges.filter(({ from, to }) => from !== selected && to !== selected);
  canvas.lineWidth = 1.2 / Math.max(camera.zoom, 0.5);
  canvas.strokeStyle = ink.strong;
  canvas.globalAlpha = own.length > 0 ? 0.18 : isFine ? 0.6 : 0.3;
  canvas.beginPath();
  for (const edge of others) path(canvas, byKey.get(edge.from), byKey.get(edge.to), isFine);
  canvas.stroke();
  if (isFine) for (const edge of others) arrow(canvas, byKey.get(edge.from), byKey.get(edge.to), ink.strong);
  canvas.globalAlpha = 1;
  if (own.length === 0) return;
  canvas.strokeStyle = ink.link;
  canvas.lineWidth = 1.8 / Math.max(camera.zoom, 0.5);
  canvas.beginPath();
  for (const edge of own) path(canvas, byKey.get(edge.from), byKey.get(edge.to), true);
  canvas.stroke();
  for (const edge of own) arrow(canvas, byKey.get(edge.from), byKey.get(edge.to), ink.link);
  if (camera.zoom < TEXT_ZOOM) return;
  for (const edge of own.slice(0, LABELS))
    label(canvas, byKey.get(edge.from), byKey.get(edge.to), edge.label, ink);
}

/** Ends of an edge: the sides of the nodes that face each other. */
function ends(from: Placed, to: Placed) {
  const isRight = from.x >= to.x + NODE_WIDTH;
  const isLeft = to.x >= from.x + NODE_WIDTH;
  const mid = NODE_HEIGHT / 2;
  if (isRight) return { x1: from.x, y1: from.y + mid, x2: to.x + NODE_WIDTH, y2: to.y + mid, bend: -1 };
  if (isLeft) return { x1: from.x + NODE_WIDTH, y1: from.y + mid, x2: to.x, y2: to.y + mid, bend: 1 };
  // Below each other: around the right side.
  return {
    x1: from.x + NODE_WIDTH,
    y1: from.y + mid,
    x2: to.x + NODE_WIDTH,
    y2: to.y + mid,
    bend: 2,
  };
}

function path(
  canvas: CanvasRenderingContext2D,
  from: Placed | undefined,
  to: Placed | undefined,
  isCurved: boolean,
): void {
  if (from === undefined || to === undefined) return;
  const { x1, y1, x2, y2, bend } = ends(from, to);
  if (from === to) return loop(canvas, from);
  canvas.moveTo(x1, y1);
  if (!isCurved) return canvas.lineTo(x2, y2);
  if (bend === 2) return canvas.bezierCurveTo(x1 + 46, y1, x2 + 46, y2, x2, y2);
  const pull = Math.max(28, Math.abs(x2 - x1) / 2) * bend;
  canvas.bezierCurveTo(x1 + pull, y1, x2 - pull, y2, x2, y2);
}

/** A node that points at itself: around its right upper corner. */
function loop(canvas: CanvasRenderingContext2D, { x, y }: Placed): void {
  const right = x + NODE_WIDTH;
  canvas.moveTo(right - 34, y);
  canvas.bezierCurveTo(right - 28, y - 34, right + 34, y - 26, right, y + NODE_HEIGHT / 2);
}

const HEAD = 6;

/** At what is depended on. */
function arrow(
  canvas: CanvasRenderingContext2D,
  from: Placed | undefined,
  to: Placed | undefined,
  colour: string,
): void {
  if (from === undefined || to === undefined) return;
  const { x2, y2, bend } = ends(from, to);
  const back = bend === 1 ? -HEAD : HEAD;
  canvas.fillStyle = colour;
  canvas.beginPath();
  canvas.moveTo(x2, y2);
  canvas.lineTo(x2 + back, y2 - HEAD / 2);
  canvas.lineTo(x2 + back, y2 + HEAD / 2);
  canvas.closePath();
  canvas.fill();
}

function label(
  canvas: CanvasRenderingContext2D,
  from: Placed | undefined,
  to: Placed | undefined,
  text: string,
  ink: Ink,
): void {
  if (from === undefined || to === undefined || text === "") return;
  const { x1, y1, x2, y2, bend } = ends(from, to);
  const room = Math.abs(x2 - x1);
  if (bend !== 2 && room < 40) return;
  canvas.font = `11px ${ink.font}`;
  const shown = shortened(canvas, text, Math.max(60, room - 12));
  const width = canvas.measureText(shown).width;
  const [x, y] = bend === 2 ? [x1 + 40, (y1 + y2) / 2] : [(x1 + x2) / 2, (y1 + y2) / 2];
  canvas.fillStyle = ink.surface;
  canvas.fillRect(x - width / 2 - 3, y - 8, width + 6, 16);
  canvas.fillStyle = ink.muted;
  canvas.textAlign = "center";
  canvas.textBaseline = "middle";
  canvas.fillText(shown, x, y);
  canvas.textAlign = "left";
}

function drawBlock(
  canvas: CanvasRenderingContext2D,
  { key, x, y, colour }: Placed,
  { selected, hovered, middle }: Picture,
  ink: Ink,
): void {
  canvas.fillStyle = colour;
  canvas.fillRect(x, y, NODE_WIDTH, NODE_HEIGHT);
  if (key !== selected && key !== hovered && key !== middle) return;
  canvas.lineWidth = 10;
  canvas.strokeStyle = key === selected ? ink.link : ink.text;
  canvas.strokeRect(x - 8, y - 8, NODE_WIDTH + 16, NODE_HEIGHT + 16);
}

function drawNode(
  canvas: CanvasRenderingContext2D,
  node: Placed,
  { selected, hovered, middle }: Picture,
  ink: Ink,
): void {
  const { key, x, y, colour, isGroup } = node;
  if (isGroup) {
    // A second sheet behind it: there are several.
    canvas.fillStyle = ink.raised;
    canvas.strokeStyle = ink.line;
    canvas.lineWidth = 1;
    box(canvas, x + 4, y + 4);
  }
  canvas.fillStyle = key === middle ? ink.raised : ink.surface;
  canvas.strokeStyle =
    key === selected ? ink.link : key === hovered || key === middle ? ink.strong : ink.line;
  canvas.lineWidth = key === selected ? 2.5 : key === middle ? 1.6 : 1;
  box(canvas, x, y);
  canvas.fillStyle = colour;
  canvas.beginPath();
  canvas.roundRect(x + 1, y + 1, 5, NODE_HEIGHT - 2, [6, 0, 0, 6]);
  canvas.fill();
  canvas.textBaseline = "alphabetic";
  canvas.textAlign = "left";
  canvas.fillStyle = ink.text;
  canvas.font = `${key === middle ? 650 : 550} 13px ${ink.font}`;
  canvas.fillText(shortened(canvas, node.title, NODE_WIDTH - 26), x + 15, y + 19);
  canvas.fillStyle = ink.muted;
  canvas.font = `11.5px ${ink.font}`;
  canvas.fillText(shortened(canvas, node.note, NODE_WIDTH - 26), x + 15, y + 34);
}

function box(canvas: CanvasRenderingContext2D, x: number, y: number): void {
  canvas.beginPath();
  canvas.roundRect(x, y, NODE_WIDTH, NODE_HEIGHT, 7);
  canvas.fill();
  canvas.stroke();
}

/** Measured texts: the same ones are drawn sixty times a second. */
const known = new Map<string, string>();
const MAX_KNOWN = 20_000;

function shortened(canvas: CanvasRenderingContext2D, text: string, room: number): string {
  const key = `${canvas.font}|${room}|${text}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  let shown = text;
  if (canvas.measureText(text).width > room) {
    let [low, high] = [0, Math.min(text.length, 200)];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (canvas.measureText(`${text.slice(0, middle)}…`).width <= room) low = middle;
      else high = middle - 1;
    }
    shown = `${text.slice(0, low).trimEnd()}…`;
  }
  if (known.size > MAX_KNOWN) known.clear();
  known.set(key, shown);
  return shown;
}
