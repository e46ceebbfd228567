import { useEffect, useState } from "react";
import { SafeLink } from "../../parts/safe-link.tsx";
import { textOf } from "../scope.ts";
import type { WidgetProps } from "../widget-kind.ts";
import { WidgetEmpty } from "../widget-state.tsx";
import css from "../widgets.module.css";

/** Another page inside this one, as far as the server's policy lets it; otherwise a link to it. */
export function Iframe({ widget }: WidgetProps) {
  const url = textOf(widget, "url");
  const [refused, setRefused] = useState<string | null>(null);
  useEffect(() => {
    const onViolation = (event: SecurityPolicyViolationEvent) => {
      if (event.effectiveDirective === "frame-src" && url?.startsWith(event.blockedURI)) setRefused(url);
    };
    document.addEventListener("securitypolicyviolation", onViolation);
    return () => document.removeEventListener("securitypolicyviolation", onViolation);
  }, [url]);
  if (url === null) return <WidgetEmpty title="Not set up yet">Enter the address of a page.</WidgetEmpty>;
  if (!/^(?:https?:\/\/|\/(?!\/))/i.test(url))
    return <WidgetEmpty title="Not an address">{url.slice(0, 200)} is not http(s).</WidgetEmpty>;
  if (widget["urlType"] === "protected")
    return (
      <WidgetEmpty title="Protected pages are not shown here yet">
        <SafeLink href={url}>Open it in a new tab</SafeLink>
      </WidgetEmpty>
    );
  if (refused === url)
    return (
      <WidgetEmpty title="This portal does not embed that host">
        An administrator can allow it with FAIRWAY_FRAME_SOURCES.{" "}
        <SafeLink href={url}>Open it in a new tab</SafeLink>
      </WidgetEmpty>
    );
  return (
    <iframe
      className={css["frame"]}
      src={url}
      title={textOf(widget, "title") ?? url}
      loading="lazy"
      referrerPolicy="no-referrer"
      sandbox="allow-scripts allow-forms allow-popups"
    />
  );
}
