import { LinesView } from "../lines-view.tsx";
import type { WidgetProps } from "../widget-kind.ts";

/** Lines of one blueprint: entities counted, their numbers, or one entity's numbers as they were. */
export function LineChart({ widget, context }: WidgetProps) {
  const { title: _, ...line } = widget;
  return <LinesView widget={widget} context={context} lines={[line]} />;
}
