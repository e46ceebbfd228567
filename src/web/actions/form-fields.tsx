import css from "./actions.module.css";
import { InputField } from "./input-field.tsx";
import type { FormState } from "./settle-form.ts";
import type { UserInputsDoc } from "./types.ts";

/** Inputs and headings of a form, or of one of its steps. */
export function FormFields({
  form,
  keys,
  state,
  errors,
  onChange,
}: {
  form: UserInputsDoc;
  keys: readonly string[];
  state: FormState;
  errors: Readonly<Record<string, string>>;
  onChange: (key: string, value: unknown) => void;
}) {
  const titleOf = (key: string) => form.properties?.[key]?.title || key;
  return (
    <div className={css["fields"]}>
      {keys.map((key) => {
        const heading = form.titles?.[key];
        if (heading !== undefined)
          return state.holds(heading.visible, true) ? (
            <div key={key}>
              <h3>{heading.title}</h3>
              {heading.description ? <p className="muted small">{heading.description}</p> : null}
            </div>
          ) : null;
        const field = state.fields.get(key);
        if (field === undefined || !field.visible) return null;
        return (
          <InputField
            key={key}
            id={key}
            field={field}
            error={errors[key] ?? null}
            waitsFor={field.waitsFor.map(titleOf)}
            onChange={(value) => onChange(key, value)}
          />
        );
      })}
    </div>
  );
}
