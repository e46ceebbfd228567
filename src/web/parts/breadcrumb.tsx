import { Children, type ReactNode } from "react";
import css from "./breadcrumb.module.css";

/** The way to what is shown, above the title of the page; each child is a step, as a rule a link back. */
export function Breadcrumb({ children }: { children: ReactNode }) {
  return (
    <nav aria-label="Breadcrumb">
      <ol className={css["crumbs"]}>
        {Children.map(children, (step) => (step === null ? null : <li>{step}</li>))}
      </ol>
    </nav>
  );
}
