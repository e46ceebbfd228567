import { useRouterState } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";
import css from "./tab-strip.module.css";

/** What marks the link of the page at hand. */
const CURRENT = '[aria-current="page"]';

/** Links to parts of a page in a row. Where they are more than fit, the current one is in sight, and an edge with more behind it fades. */
export function TabStrip({
  label,
  className = css["strip"],
  children,
}: {
  label: string;
  className?: string | undefined;
  children: ReactNode;
}) {
  const strip = useRef<HTMLElement>(null);
  const shown = useRef("");
  useRouterState({ select: ({ status, location }) => `${status} ${location.href}` });
  // Links come, the current one changes and a phone is turned without a word.
  useEffect(() => settle(strip.current, shown));
  useEffect(() => {
    const nav = strip.current;
    if (nav === null) return undefined;
    const observer = new ResizeObserver(() => settle(nav, shown));
    observer.observe(nav);
    return () => observer.disconnect();
  }, []);
  return (
    <nav
      ref={strip}
      className={`${css["scroll"]} ${className}`}
      aria-label={label}
      onScroll={({ currentTarget }) => fade(currentTarget)}
    >
      {children}
    </nav>
  );
}

/** Brings the current link into sight when it, its place or the strip is another; whoever scrolls meanwhile is left in peace. */
function settle(nav: HTMLElement | null, shown: { current: string }): void {
  if (nav === null) return;
  const link = nav.querySelector<HTMLElement>(CURRENT);
  if (link !== null) {
    const at = offsetIn(nav, link);
    const now = `${link.textContent} ${at} ${nav.clientWidth}`;
    if (now !== shown.current) nav.scrollLeft = at - (nav.clientWidth - link.offsetWidth) / 2;
    shown.current = now;
  }
  fade(nav);
}

const offsetIn = (nav: HTMLElement, link: HTMLElement): number =>
  link.getBoundingClientRect().left - nav.getBoundingClientRect().left + nav.scrollLeft;

/** At either end a pixel of rounding is no more. */
function fade(nav: HTMLElement): void {
  const { scrollLeft, scrollWidth, clientWidth } = nav;
  nav.toggleAttribute("data-more-before", scrollLeft > 1);
  nav.toggleAttribute("data-more-after", scrollLeft + clientWidth < scrollWidth - 1);
}
