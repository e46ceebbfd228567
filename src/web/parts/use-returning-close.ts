import { useEffect, useRef } from "react";

/**
 * Closes a drawer and gives the focus back: to what opened it, or, where that is gone (the address was opened with the
 * drawer), to what the selector finds.
 */
export function useReturningClose(onClose: () => void, selector: string): () => void {
  const opener = useRef(document.activeElement);
  const isThere = useRef(true);
  useEffect(() => {
    isThere.current = true;
    return () => void (isThere.current = false);
  }, []);
  return () => {
    // Closed already, when what was saved comes back: the reader may be on another page by now.
    if (!isThere.current) return;
    onClose();
    const from = opener.current;
    const target =
      from instanceof HTMLElement && from !== document.body && from.isConnected
        ? from
        : document.querySelector<HTMLElement>(selector);
    // After the dialog has let go of the focus.
    setTimeout(() => target?.focus(), 0);
  };
}
