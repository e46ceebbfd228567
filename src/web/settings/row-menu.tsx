import { ActionIcon, Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { OpensMenu } from "../parts/opens.tsx";

export interface RowAction {
  readonly label: string;
  readonly onChoose: () => void;
  readonly isDanger?: boolean;
}

/** What can be done with a row. */
export function RowMenu({ label, actions }: { label: string; actions: readonly RowAction[] }) {
  return (
    <OpensMenu
      position="bottom-end"
      width={220}
      button={
        <ActionIcon size={28} aria-label={`Actions for ${label}`}>
          <IconDots size={17} aria-hidden />
        </ActionIcon>
      }
    >
      {() => (
        <>
          {actions.map(({ label: text, onChoose, isDanger }) => (
            <Menu.Item key={text} {...(isDanger === true && { color: "red" })} onClick={onChoose}>
              {text}
            </Menu.Item>
          ))}
        </>
      )}
    </OpensMenu>
  );
}
