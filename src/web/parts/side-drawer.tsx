import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  title: ReactNode;
  /** How wide, in pixels. */
  size: number;
  onClose: () => void;
  /** Of its head, where a line belongs below it. */
  headClass?: string;
  children: ReactNode;
}

/** A form or details at the right edge of the page. */
export function SideDrawer({ title, size, onClose, headClass = "", children }: Props) {
  return (
    <Drawer.Root opened onClose={onClose} position="right" size={size} transitionProps={{ duration: 120 }}>
      <Drawer.Overlay backgroundOpacity={0.35} />
      <Drawer.Content>
        <Drawer.Header component="div" className={headClass}>
          <Drawer.Title>{title}</Drawer.Title>
          <Drawer.CloseButton aria-label="Close" size={32} />
        </Drawer.Header>
        <Drawer.Body>{children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
