import { type ComboboxData, type ComboboxItem, Select, type SelectProps } from "@mantine/core";
import { memo, useCallback, useEffect, useMemo, useRef, useState } from "react";

interface Props extends Omit<
  SelectProps,
  "allowDeselect" | "onDropdownOpen" | "onFocus" | "data" | "onChange" | "list"
> {
  /** A function, where the list is long or dear: it is called when somebody comes to the field. */
  data: ComboboxData | (() => ComboboxData);
  onChange: (value: string | null) => void;
}

/** A select that always has a value. It is drawn anew only when what it shows is another. */
export function Pick({ data, onChange, ...props }: Props) {
  const list = typeof data === "function" ? data : JSON.stringify(data);
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  }, [onChange]);
  const change = useCallback((value: string | null) => latest.current(value), []);
  return <Field {...props} list={list} onChange={change} />;
}

type FieldProps = Omit<Props, "data" | "onChange" | "list"> & {
  list: string | (() => ComboboxData);
  onChange: (value: string | null) => void;
};

/**
 * Its list exists only while open, and Mantine reads the list's id while drawing the field: drawn once more after opening,
 * `aria-expanded` and `aria-controls` are right.
 */
const Field = memo(function Field({ list, ...props }: FieldProps) {
  const [, redraw] = useState(0);
  const [isNear, setNear] = useState(false);
  const { value } = props;
  const data = useMemo(
    () =>
      typeof list === "string"
        ? (JSON.parse(list) as ComboboxItem[])
        : isNear
          ? list()
          : value
            ? [value]
            : [],
    [list, isNear, value],
  );
  return (
    <Select
      {...props}
      data={data}
      allowDeselect={false}
      onFocus={() => setNear(true)}
      onDropdownOpen={() => setTimeout(() => redraw((times) => times + 1), 0)}
    />
  );
});
