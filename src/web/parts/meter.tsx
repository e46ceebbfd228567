import css from "./parts.module.css";

interface Props {
  /** From 0 to 1. */
  value: number;
  label: string;
  /** Of what is done; otherwise of what goes on. */
  tone?: "good";
}

/** A progress bar. */
export function Meter({ value, label, tone }: Props) {
  const percent = Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <div
      className={css["meter"]}
      data-tone={tone}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <div style={{ width: `${percent}%` }} />
    </div>
  );
}
