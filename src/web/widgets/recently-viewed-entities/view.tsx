import { AnyLink } from "../../parts/any-link.tsx";
import { recentVisits } from "../../palette/recent.ts";
import { WidgetEmpty } from "../widget-state.tsx";
import css from "../widgets.module.css";

const SHOWN = 8;

/** The pages of entities among the latest ones, as the palette remembers them. */
export function RecentlyViewed() {
  const entities = recentVisits().flatMap(({ path, title }) => {
    const [, area, blueprint, id, ...rest] = path.split("/");
    return area === "c" && blueprint && id && rest.length === 0
      ? [{ path, title, blueprint: decodeURIComponent(blueprint) }]
      : [];
  });
  if (entities.length === 0)
    return <WidgetEmpty title="Nothing yet">Entities that you open are listed here.</WidgetEmpty>;
  return (
    <ul className={css["links"]}>
      {entities.slice(0, SHOWN).map(({ path, title, blueprint }) => (
        <li key={path}>
          <AnyLink href={path}>
            {title}
            <small>{blueprint}</small>
          </AnyLink>
        </li>
      ))}
    </ul>
  );
}
