import { useEffect, useState } from "react";
import { ago, dateTime } from "../lib/format.ts";

/** How long ago something was, kept true while the page stays open; the full time in the title. */
export function Ago({ iso }: { iso: string }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={iso} title={`${dateTime(iso, "UTC")} UTC`}>
      {ago(iso, now)}
    </time>
  );
}
