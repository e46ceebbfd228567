import { IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import css from "./parts.module.css";

/** Something the reader should know before trusting the page; announced politely. */
export function Notice({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className={css["notice"]} role="status">
      <IconInfoCircle size={17} aria-hidden />
      <div>{children}</div>
      {action}
    </div>
  );
}
