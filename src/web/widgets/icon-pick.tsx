import { Select } from "@mantine/core";
import { ICON_NAMES, PortIcon } from "../parts/port-icon.tsx";

/** A name of an icon; one that is not in the list stays chosen. */
export function IconPick({
  value,
  onChange,
}: {
  value: string | null;
  onChange: (name: string | null) => void;
}) {
  const names = value !== null && !ICON_NAMES.includes(value) ? [value, ...ICON_NAMES] : [...ICON_NAMES];
  return (
    <Select
      label="Icon"
      placeholder="Choose an icon"
      searchable
      clearable
      value={value}
      data={names}
      onChange={onChange}
      leftSection={value === null ? null : <PortIcon name={value} size={16} />}
      renderOption={({ option }) => (
        <span className="row">
          <PortIcon name={option.value} size={16} />
          {option.label}
        </span>
      )}
    />
  );
}
