import type { ReactNode } from "react";
import css from "./parts.module.css";

/** A short label; the tone only supports what the text says. */
export function Tag({ children, tone }: { children: ReactNode; tone?: "good" | "bad" | "warn" | undefined }) {
  return (
    <span className={css["tag"]} data-tone={tone}>
      {children}
    </span>
  );
}
