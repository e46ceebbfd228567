import { LinesView } from "../lines-view.tsx";
import type { WidgetProps } from "../widget-kind.ts";

/** Lines of several blueprints over one axis of time. */
export function MultiLineChart({ widget, context }: WidgetProps) {
  const { lines } = widget;
  return (
    <LinesView
      widget={widget}
      context={context}
      lines={Array.isArray(lines) ? (lines as Readonly<Record<string, unknown>>[]) : []}
    />
  );
}
