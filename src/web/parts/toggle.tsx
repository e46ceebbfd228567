import css from "./toggle.module.css";

interface Props {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly className?: string;
}

/** A switch with its label, of a tenth of the library's weight: for the page of DORA, whose budget that one exceeds. */
export function Toggle({ label, checked, onChange, className = "" }: Props) {
  return (
    <label className={`${css["toggle"]} ${className}`}>
      <input
        type="checkbox"
        role="switch"
        checked={checked}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      {label}
    </label>
  );
}
