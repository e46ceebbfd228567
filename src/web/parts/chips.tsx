import { IconX } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import css from "./chips.module.css";

export interface Chip {
  readonly key: string;
  readonly text: string;
  /** What its button does. */
  readonly removal: string;
  readonly onRemove: () => void;
}

/** What is chosen, each with a way to take it away. */
export function Chips({ label, chips }: { label: string; chips: readonly Chip[] }) {
  const list = useRef<HTMLUListElement>(null);
  /** Where one was taken away, and the control before them all. */
  const removed = useRef<{ at: number; before: HTMLElement | null } | null>(null);
  const keys = chips.map(({ key }) => key).join("\n");
  useEffect(() => {
    const gone = removed.current;
    removed.current = null;
    if (gone === null || document.activeElement !== document.body) return;
    const { at, before } = gone;
    const next = list.current?.querySelectorAll("button")[Math.min(at, keys.split("\n").length - 1)];
    (next ?? before)?.focus();
  }, [keys]);
  if (chips.length === 0) return null;
  return (
    <ul ref={list} className={css["chips"]} aria-label={label}>
      {chips.map(({ key, text, removal, onRemove }, at) => (
        <li key={key}>
          {text}
          <button
            type="button"
            aria-label={removal}
            onClick={() => {
              removed.current = { at, before: controlBefore(list.current) };
              onRemove();
            }}
          >
            <IconX size={14} aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  );
}

function controlBefore(list: HTMLElement | null): HTMLElement | null {
  const within = list?.closest("main") ?? document;
  const before = [...within.querySelectorAll<HTMLElement>("button, input, a[href]")].filter(
    (control) =>
      control.checkVisibility() &&
      !control.matches(":disabled") &&
      list &&
      list.compareDocumentPosition(control) & Node.DOCUMENT_POSITION_PRECEDING,
  );
  return before.at(-1) ?? null;
}
