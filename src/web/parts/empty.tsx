import { IconInbox } from "@tabler/icons-react";
import type { ComponentType, ReactNode } from "react";
import css from "./parts.module.css";

interface Props {
  /** Of what is missing; otherwise an empty tray. */
  icon?: ComponentType<{ size?: number; "aria-hidden"?: boolean }>;
  title: string;
  /** Why that is so, and the button or link that goes on from here. */
  children?: ReactNode;
  /** In a section or a drawer, among other things. */
  isSmall?: boolean;
}

/** Nothing here: what is missing, why, and what to do next. */
export function Empty({ icon: Icon = IconInbox, title, children, isSmall = false }: Props) {
  return (
    <div className={css["empty"]} data-small={isSmall || undefined}>
      <span className={css["emptyIcon"]}>
        <Icon size={isSmall ? 18 : 24} aria-hidden />
      </span>
      <strong>{title}</strong>
      {children}
    </div>
  );
}
