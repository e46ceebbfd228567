import { ActionIcon, Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { OpensMenu } from "./opens.tsx";

export interface MenuAction {
  readonly label: string;
  readonly onChoose: () => void;
  /** Takes something away: it stands last, apart from the others. */
  readonly isDanger?: boolean;
}

/** What can be done with a row, or with a page as a whole. @param label what it is done with */
export function ActionsMenu({ label, actions }: { label: string; actions: readonly MenuAction[] }) {
  const dangers = actions.filter(({ isDanger }) => isDanger === true);
  const others = actions.filter(({ isDanger }) => isDanger !== true);
  if (actions.length === 0) return null;
  return (
    <OpensMenu
      position="bottom-end"
      // A table that scrolls sideways would cut it off below.
      floatingStrategy="fixed"
      width={220}
      button={
        <ActionIcon size={28} aria-label={`Actions for ${label}`}>
          <IconDots size={17} aria-hidden />
        </ActionIcon>
      }
    >
      {() => (
        <>
          {others.map(({ label: text, onChoose }) => (
            <Menu.Item key={text} onClick={onChoose}>
              {text}
            </Menu.Item>
          ))}
          {others.length > 0 && dangers.length > 0 ? <Menu.Divider /> : null}
          {dangers.map(({ label: text, onChoose }) => (
            <Menu.Item key={text} color="var(--bad)" onClick={onChoose}>
              {text}
            </Menu.Item>
          ))}
        </>
      )}
    </OpensMenu>
  );
}
