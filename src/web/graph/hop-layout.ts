/**
 * Places for nodes: one column for each hop, tall ones wrapped, neighbours near each other. Linear but for sorting:
 * 2,000 nodes with 3,000 edges take about 30 ms, where layouts of general purpose take seconds.
 */
import type { GraphEdge, GraphNode } from "./graph-model.ts";

export const NODE_WIDTH = 196;
export const NODE_HEIGHT = 44;
const GAP_X = 84;
const GAP_Y = 12;
/** Between the parts of a column that was wrapped. */
const WRAP_GAP = 18;
const SWEEPS = 4;
const LEAST_ROWS = 12;
/** Width to height of the whole, roughly that of a screen. */
const ASPECT = 1.5;

export interface Placed extends GraphNode {
  /** Of the left upper corner. */
  readonly x: number;
  readonly y: number;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  readonly nodes: readonly Placed[];
  readonly box: Box;
}

export function layOut(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Layout {
  const columns = inOrder(nodes, edges);
  const rows = rowsFor(columns.map((column) => column.length));
  const placed: Placed[] = [];
  let x = 0;
  for (const column of columns) {
    const wraps = Math.max(1, Math.ceil(column.length / rows));
    // Even parts rather than full ones and a rest.
    const each = Math.ceil(column.length / wraps);
    for (let part = 0; part < wraps; part++) {
      const some = column.slice(part * each, (part + 1) * each);
      const top = -((some.length - 1) * (NODE_HEIGHT + GAP_Y)) / 2 - NODE_HEIGHT / 2;
      for (const [row, node] of some.entries())
        placed.push({ ...node, x, y: top + row * (NODE_HEIGHT + GAP_Y) });
      x += NODE_WIDTH + (part === wraps - 1 ? GAP_X : WRAP_GAP);
    }
  }
  return { nodes: placed, box: boxOf(placed) };
}

function boxOf(nodes: readonly Placed[]): Box {
  if (nodes.length === 0) return { x: 0, y: 0, width: 0, height: 0 };
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of nodes) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + NODE_WIDTH);
    bottom = Math.max(bottom, y + NODE_HEIGHT);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** So many below each other that the whole has about the shape of a screen. */
function rowsFor(sizes: readonly number[]): number {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const rows = Math.sqrt((total * (NODE_WIDTH + WRAP_GAP)) / ((NODE_HEIGHT + GAP_Y) * ASPECT));
  return Math.max(LEAST_ROWS, Math.ceil(rows));
}

/** Columns from left to right, each ordered by where its neighbours stand. */
function inOrder(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): GraphNode[][] {
  const numbers = [...new Set(nodes.map(({ column }) => column))].sort((a, b) => a - b);
  const place = new Map(numbers.map((column, at) => [column, at]));
  const columns: GraphNode[][] = numbers.map(() => []);
  for (const node of nodes) columns[place.get(node.column) ?? 0]?.push(node);
  for (const column of columns)
    column.sort((a, b) => compare(a.note, b.note) || compare(a.title, b.title) || compare(a.key, b.key));
  const neighbours = new Map<string, string[]>(nodes.map(({ key }) => [key, []]));
  for (const { from, to } of edges) {
    if (!neighbours.has(from) || !neighbours.has(to)) continue;
    neighbours.get(from)?.push(to);
    neighbours.get(to)?.push(from);
  }
  const rank = new Map<string, number>();
  const keep = (column: readonly GraphNode[]): void => {
    for (const [at, { key }] of column.entries()) rank.set(key, (at + 0.5) / column.length);
  };
  columns.forEach(keep);
  const columnOf = new Map(nodes.map(({ key, column }) => [key, column]));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const order = sweep % 2 === 0 ? columns : columns.toReversed();
    for (const column of order) {
      const wanted = new Map(
        column.map(({ key, column: own }) => {
          const others = (neighbours.get(key) ?? []).filter((one) => columnOf.get(one) !== own);
          const sum = others.reduce((total, one) => total + (rank.get(one) ?? 0), 0);
          return [key, others.length === 0 ? (rank.get(key) ?? 0) : sum / others.length];
        }),
      );
      // Equal ones stay in the order they have, which keeps what is alike together.
      column.sort((a, b) => (wanted.get(a.key) ?? 0) - (wanted.get(b.key) ?? 0));
      keep(column);
    }
  }
  return columns;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
