import { useEffect } from "react";

/** So many elements that had the focus are remembered; openers may be menus that are gone themselves. */
const KEPT = 12;
const FIELDS = "input:enabled:not([type=hidden]), textarea:enabled, [contenteditable=true]";

interface Place {
  readonly element: HTMLElement;
  /** That it is in. */
  readonly dialog: Element | null;
}

/**
 * What is taken out of the page takes the focus with it. From a dialog or drawer that closes it goes back to what had it
 * before and is still there; within one that shows something else now, to its first field. Unless somebody else has
 * taken it meanwhile.
 */
export function useReturnFocus(): void {
  useEffect(() => {
    const visited: Place[] = [];
    const giveBack = () => {
      if (document.activeElement !== document.body) return;
      const dialog = visited.at(-1)?.dialog;
      const place = dialog?.isConnected
        ? (dialog.querySelector<HTMLElement>(FIELDS) ?? dialog.querySelector("button"))
        : visited.findLast(({ element }) => element.isConnected && element.checkVisibility())?.element;
      place?.focus({ preventScroll: true });
    };
    const observer = new MutationObserver(() => {
      if (visited.at(-1)?.element.isConnected !== false || document.activeElement !== document.body) return;
      // What comes instead may take the focus itself.
      setTimeout(giveBack, 0);
    });
    const onFocus = ({ target }: FocusEvent) => {
      if (!(target instanceof HTMLElement)) return;
      const dialog = target.closest("[role=dialog]");
      // However many fields of a dialog were walked through, they are one place.
      if (dialog !== null && visited.at(-1)?.dialog === dialog) visited.pop();
      visited.push({ element: target, dialog });
      if (visited.length > KEPT) visited.shift();
      observer.disconnect();
      if (dialog !== null) observer.observe(document.body, { childList: true, subtree: true });
    };
    document.addEventListener("focusin", onFocus);
    return () => {
      document.removeEventListener("focusin", onFocus);
      observer.disconnect();
    };
  }, []);
}
