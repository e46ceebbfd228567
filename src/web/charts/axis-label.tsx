import type { TickRendererProps } from "@visx/axis";

/** A label of an axis as one element. That of the library measures each of its words in the page, and makes four. */
export const axisLabel = ({ formattedValue, x, y, dx, dy, className, textAnchor }: TickRendererProps) => (
  <text x={x} y={y} dx={dx} dy={dy} className={className} textAnchor={textAnchor}>
    {formattedValue}
  </text>
);
