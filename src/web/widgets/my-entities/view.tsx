import { EntitiesTable } from "../table-entities-explorer/view.tsx";
import type { WidgetProps } from "../widget-kind.ts";

const MINE = { property: "$team", operator: "containsAny", value: ["myTeamsDynamicFilter"] };

/** The entities that teams of whoever looks own. */
export function MyEntities({ widget, context }: WidgetProps) {
  const mine = { ...widget, dataset: { combinator: "and", rules: [MINE] } };
  return <EntitiesTable widget={mine} context={context} />;
}
