import { useEffect, useState } from "react";

/** What has the focus; of a menu that is about to close, the button that opened it. */
function opener(): HTMLElement | null {
  const at = document.activeElement;
  const menu = at?.closest("[role=menu]");
  const found = menu ? document.getElementById(menu.getAttribute("aria-labelledby") ?? "") : at;
  return found instanceof HTMLElement ? found : null;
}

/** For what opens over the page: once it is gone the focus is where it was before, unless it is somewhere already. */
export function useFocusBack(): void {
  const [from] = useState(opener);
  useEffect(
    () => () =>
      // After what was open has let go of it.
      void setTimeout(() => {
        if (document.activeElement === document.body) from?.focus();
      }, 0),
    [from],
  );
}
