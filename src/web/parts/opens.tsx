import { Menu, type MenuProps, Popover, type PopoverProps } from "@mantine/core";
import {
  type AriaAttributes,
  cloneElement,
  type MouseEvent,
  type ReactElement,
  type ReactNode,
  type Ref,
  useId,
  useImperativeHandle,
  useState,
} from "react";
import { flushSync } from "react-dom";

/** What the button that opens something is told. */
interface ButtonProps extends AriaAttributes {
  id?: string;
  "data-expanded"?: true | undefined;
  onClick?: (event: MouseEvent<HTMLButtonElement>) => void;
}

interface Common {
  /** One button, drawn as it is; it opens and closes. */
  button: ReactElement<ButtonProps>;
  /** Called when it is open. */
  children: () => ReactNode;
}

type Own = "children" | "opened" | "defaultOpened" | "onChange" | "id";

/**
 * A button with a menu. Until it is opened for the first time there is only the button: a closed menu of Mantine is drawn
 * with everything that places it, twice, and pages have dozens.
 */
export function OpensMenu({ button, children, ...menu }: Common & Omit<MenuProps, Own>) {
  const { shown, at, ...state } = useOpened(button, "menu");
  return (
    <>
      {shown}
      {at ? (
        <Menu {...menu} id={state.id} opened={state.isOpen} onChange={state.setOpen}>
          <Menu.Target>
            <Place at={at} />
          </Menu.Target>
          <Menu.Dropdown>{children()}</Menu.Dropdown>
        </Menu>
      ) : null}
    </>
  );
}

/** The same with anything in it. @param label of what opens, where the button's own name is not enough */
export function OpensPopover({
  button,
  children,
  label,
  className,
  ...popover
}: Common & { label?: string; className?: string | undefined } & Omit<PopoverProps, Own>) {
  const { shown, at, ...state } = useOpened(button, "dialog");
  return (
    <>
      {shown}
      {at ? (
        <Popover {...popover} id={state.id} opened={state.isOpen} onChange={state.setOpen}>
          <Popover.Target>
            <Place at={at} />
          </Popover.Target>
          <Popover.Dropdown className={className ?? ""} {...(label && { "aria-label": label })}>
            {children()}
          </Popover.Dropdown>
        </Popover>
      ) : null}
    </>
  );
}

/** Where something opens: at an element that is drawn elsewhere. */
function Place({ at, ref }: { at: HTMLElement; ref?: Ref<HTMLElement> }) {
  useImperativeHandle(ref, () => at, [at]);
  return null;
}

function useOpened(button: ReactElement<ButtonProps>, kind: "menu" | "dialog") {
  const id = useId();
  /** The button, once it was used. */
  const [at, setAt] = useState<HTMLElement | null>(null);
  const [isOpen, setOpen] = useState(false);
  const { onClick } = button.props;
  const shown = cloneElement(button, {
    id,
    "aria-haspopup": kind,
    "aria-expanded": isOpen,
    ...(isOpen && { "aria-controls": `${id}-dropdown`, "data-expanded": true as const }),
    onClick: (event) => {
      onClick?.(event);
      // Drawn closed first: what opens notes where the focus was.
      flushSync(() => setAt(event.currentTarget));
      setOpen(!isOpen);
    },
  });
  return { shown, at, id, isOpen, setOpen };
}
