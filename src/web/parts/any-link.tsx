import type { ReactNode } from "react";
import { SafeLink } from "./safe-link.tsx";

/**
 * A link that somebody wrote: addresses of the portal stay in this tab, others open in a new one. Not the router's, since
 * it may have a query, or lead to what is no page of the application (`/docs`).
 */
export function AnyLink({ href, children }: { href: string; children: ReactNode }) {
  return /^\/(?!\/)/.test(href) ? <a href={href}>{children}</a> : <SafeLink href={href}>{children}</SafeLink>;
}
