import { IconX } from "@tabler/icons-react";
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
  if (chips.length === 0) return null;
  return (
    <ul className={css["chips"]} aria-label={label}>
      {chips.map(({ key, text, removal, onRemove }) => (
        <li key={key}>
          {text}
          <button type="button" aria-label={removal} onClick={onRemove}>
            <IconX size={14} aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  );
}
