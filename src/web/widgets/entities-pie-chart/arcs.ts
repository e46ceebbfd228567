/** A ring cut into parts. */
export interface Arc {
  /** Of an SVG path, in a box from -100 to 100. */
  readonly path: string;
  readonly share: number;
}

const OUTER = 98;
const INNER = 60;

/** One arc for each amount, clockwise from the top; amounts of nothing have none. */
export function arcsOf(amounts: readonly number[]): (Arc | null)[] {
  const total = amounts.reduce((sum, amount) => sum + amount, 0);
  let at = 0;
  return amounts.map((amount) => {
    if (amount <= 0 || total <= 0) return null;
    const share = amount / total;
    const from = at;
    at += share;
    return { path: ringPart(from, at), share };
  });
}

function ringPart(from: number, to: number): string {
  // A whole ring has no two ends to draw between: two halves.
  if (to - from > 0.9999) return `${ringPart(from, from + 0.5)} ${ringPart(from + 0.5, from + 0.99989)}`;
  const isLarge = to - from > 0.5 ? 1 : 0;
  const [a, b, c, d] = [point(from, OUTER), point(to, OUTER), point(to, INNER), point(from, INNER)];
  return `M${a}A${OUTER},${OUTER} 0 ${isLarge} 1 ${b}L${c}A${INNER},${INNER} 0 ${isLarge} 0 ${d}Z`;
}

function point(turn: number, radius: number): string {
  const angle = turn * 2 * Math.PI;
  return `${(Math.sin(angle) * radius).toFixed(2)},${(-Math.cos(angle) * radius).toFixed(2)}`;
}
