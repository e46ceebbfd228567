import { Select, type SelectProps } from "@mantine/core";
import { useMemo, useState } from "react";

type Data = NonNullable<SelectProps["data"]>;

interface Props extends Omit<SelectProps, "allowDeselect" | "onDropdownOpen" | "onFocus" | "data"> {
  /** A function, where the list is long or dear: it is called when somebody comes to the field. */
  data: Data | (() => Data);
}

/**
 * A select that always has a value. Its list exists only while open, and Mantine reads the list's id while drawing
 * the field: drawn once more after opening, `aria-expanded` and `aria-controls` are right.
 */
export function Pick({ data, ...props }: Props) {
  const [, redraw] = useState(0);
  const [isNear, setNear] = useState(false);
  const { value } = props;
  const list = useMemo(
    () => (typeof data !== "function" ? data : isNear ? data() : value ? [value] : []),
    [data, isNear, value],
  );
  return (
    <Select
      {...props}
      data={list}
      allowDeselect={false}
      onFocus={() => setNear(true)}
      onDropdownOpen={() => setTimeout(() => redraw((times) => times + 1), 0)}
    />
  );
}
