const WIDTH = 120;
const HEIGHT = 22;

/** Deployments per week as small bars; a week without any is a hairline, not a gap. */
export function Spark({ counts }: { counts: readonly number[] }) {
  const top = Math.max(1, ...counts);
  const step = WIDTH / Math.max(1, counts.length);
  const total = counts.reduce((sum, value) => sum + value, 0);
  return (
    <svg
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={`${total} deployments in ${counts.length} weeks`}
    >
      {counts
        .map((value, index) => ({ value, x: index * step, height: barHeight(value, top) }))
        .map(({ value, x, height }) => (
          <rect
            key={x}
            x={x}
            y={HEIGHT - height}
            width={Math.max(1, step - 2)}
            height={height}
            fill={value === 0 ? "var(--line-strong)" : "var(--chart)"}
            rx={1}
          />
        ))}
    </svg>
  );
}

function barHeight(value: number, top: number): number {
  return value === 0 ? 1 : Math.max(2, (value / top) * HEIGHT);
}
