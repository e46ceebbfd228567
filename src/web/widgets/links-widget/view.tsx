import { AnyLink } from "../../parts/any-link.tsx";
import type { WidgetProps } from "../widget-kind.ts";
import { WidgetEmpty } from "../widget-state.tsx";
import css from "../widgets.module.css";

interface LinkDoc {
  readonly title?: string;
  readonly url?: string;
  readonly description?: string | null;
}

/** Addresses with a name and a sentence; those of the portal itself stay in this tab. */
export function Links({ widget }: WidgetProps) {
  const links = (Array.isArray(widget["links"]) ? (widget["links"] as LinkDoc[]) : []).filter(
    ({ url }) => url,
  );
  if (links.length === 0) return <WidgetEmpty title="No links yet">Edit the widget to add some.</WidgetEmpty>;
  return (
    <ul className={css["links"]}>
      {links.map(({ title, url = "", description }) => {
        const inside = (
          <>
            {title || url}
            {description ? <small>{description}</small> : null}
          </>
        );
        return (
          <li key={`${title} ${url}`}>
            <AnyLink href={url}>{inside}</AnyLink>
          </li>
        );
      })}
    </ul>
  );
}
