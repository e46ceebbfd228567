import { useDocumentTitle } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { organizationQuery } from "../app/organization-query.ts";
import { noteVisit } from "../palette/recent.ts";
import css from "./parts.module.css";

interface Props {
  title: string;
  /** The way to it, above the title: a `Breadcrumb`. */
  crumbs?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
}

/** The page's only h1, its document title, where it belongs, and what can be done with the page as a whole. */
export function PageHead({ title, crumbs, children, actions }: Props) {
  const { data } = useQuery({ ...organizationQuery, enabled: false });
  useDocumentTitle(`${title} · ${data?.settings.portalTitle || "Fairway"}`);
  useEffect(() => noteVisit({ path: location.pathname, title }), [title]);
  return (
    <div>
      {crumbs}
      <div className={css["head"]}>
        <div>
          <h1 dir="auto">{title}</h1>
          {children ? <p>{children}</p> : null}
        </div>
        {actions ? <div className={css["actions"]}>{actions}</div> : null}
      </div>
    </div>
  );
}
