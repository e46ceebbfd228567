/** The focus goes back to what opened a drawer; to what the selector finds where that is gone. */
export function returnFocus(opener: Element | null, selector: string): void {
  const target =
    opener instanceof HTMLElement && opener !== document.body && opener.isConnected
      ? opener
      : document.querySelector<HTMLElement>(selector);
  // After the dialog has let go of the focus.
  setTimeout(() => target?.focus(), 0);
}
