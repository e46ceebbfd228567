import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";
import css from "./parts.module.css";
import { SessionBar } from "./session-bar.tsx";
import { useUnsavedGuard } from "./unsaved.tsx";
import { useLayer } from "./use-layer.ts";

interface Props {
  title: ReactNode;
  /** How wide, in pixels. */
  size: number;
  /** Of the button that closes it. */
  closeLabel?: string;
  /** `onClose` says where the focus goes (`useReturningClose`). */
  focusIsReturned?: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A form or details at the right edge of the page. A form says by `Unsaved` what would be lost with it. */
export function SideDrawer(props: Props) {
  const { title, size, closeLabel = "Close", focusIsReturned = false, onClose, children } = props;
  const isTopmost = useLayer();
  const { close, within, question } = useUnsavedGuard(onClose);
  return (
    <Drawer.Root
      opened
      onClose={() => {
        if (isTopmost()) close();
      }}
      position="right"
      size={size}
      returnFocus={!focusIsReturned}
      transitionProps={{ duration: 120 }}
    >
      <Drawer.Overlay backgroundOpacity={0.35} />
      <Drawer.Content className={css["drawer"] ?? ""}>
        <Drawer.Header component="div" className={css["drawerHead"] ?? ""}>
          <Drawer.Title className={css["drawerTitle"] ?? ""}>{title}</Drawer.Title>
          <Drawer.CloseButton aria-label={closeLabel} size={32} />
        </Drawer.Header>
        <Drawer.Body className={css["drawerBody"] ?? ""}>
          <SessionBar />
          {within(children)}
        </Drawer.Body>
      </Drawer.Content>
      {question}
    </Drawer.Root>
  );
}
