import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";
import css from "./parts.module.css";

/** The page's only h1, its document title, and what can be done with the page as a whole. */
export function PageHead({
  title,
  children,
  actions,
}: {
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  useDocumentTitle(`${title} · Fairway`);
  return (
    <div className={css["head"]}>
      <div>
        <h1>{title}</h1>
        {children ? <p>{children}</p> : null}
      </div>
      {actions ? <div className="row">{actions}</div> : null}
    </div>
  );
}
