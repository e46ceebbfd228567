import { useRouter } from "@tanstack/react-router";
import { useEffect, useEffectEvent, useState } from "react";

/** Longer than between two keys of somebody who types. */
const REST_MS = 250;

/**
 * A text that the address keeps: it shows at once, and is written when typing rests. What comes into the address another
 * way (back, a link, Clear) replaces it; what was written here and comes back does not, for typing may have gone on.
 * Nothing is written once the page is left. `write` has to change the address as it is by then, not as it was drawn.
 */
export function useTyped(
  kept: string,
  write: (text: string) => void,
): readonly [text: string, type: (text: string) => void] {
  const router = useRouter();
  const [text, setText] = useState(kept);
  const [known, setKnown] = useState(kept);
  // Written, and not yet seen in the address.
  const [sent, setSent] = useState<readonly string[]>([]);
  if (known !== kept) {
    const at = sent.indexOf(kept);
    setKnown(kept);
    setSent(at < 0 ? [] : sent.slice(at + 1));
    if (at < 0) setText(kept);
  }
  const wanted = text.trim();
  const last = (sent.at(-1) ?? known).trim();
  const tell = useEffectEvent(() => {
    setSent([...sent, wanted]);
    write(wanted);
  });
  useEffect(() => {
    if (wanted === last) return undefined;
    const { pathname } = router.latestLocation;
    const timer = setTimeout(() => {
      // The page that is being left stays on screen until the next one is there.
      if (router.latestLocation.pathname === pathname) tell();
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [wanted, last, router]);
  return [text, setText];
}
