import type { ReactNode } from "react";
import css from "./parts.module.css";

/** What is done with a form in a drawer: at its lower edge, however long the form is. */
export function DrawerButtons({ children }: { children: ReactNode }) {
  return <div className={css["drawerButtons"]}>{children}</div>;
}
