import { useEffect, useState } from "react";

/** What lies over the page, the topmost last. */
const open: symbol[] = [];

/** For a drawer or a dialog: whether it is the topmost. Escape, which all of them hear, closes only that one. */
export function useLayer(): () => boolean {
  const [own] = useState(() => Symbol("layer"));
  useEffect(() => {
    open.push(own);
    return () => void open.splice(open.indexOf(own), 1);
  }, [own]);
  return () => open.at(-1) === own;
}
