import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { useFocusBack } from "./use-focus-back.ts";
import { useLayer } from "./use-layer.ts";

/** A small form over the page. */
export function Dialog({
  title,
  size = 520,
  onClose,
  children,
}: {
  title: string;
  size?: number;
  onClose: () => void;
  children: ReactNode;
}) {
  const isTopmost = useLayer();
  useFocusBack();
  return (
    <Modal.Root
      opened
      onClose={() => {
        if (isTopmost()) onClose();
      }}
      size={size}
      transitionProps={{ duration: 120 }}
    >
      <Modal.Overlay backgroundOpacity={0.35} />
      <Modal.Content>
        <Modal.Header component="div">
          <Modal.Title>{title}</Modal.Title>
          <Modal.CloseButton aria-label="Close" size={32} />
        </Modal.Header>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
