import { useEffect, useState } from "react";
import { ago, dateTime, duration } from "../lib/format.ts";
import { Tag } from "./tag.tsx";

/** From here on seconds are shown. */
const CLOSE_MS = 600_000;

/** What is left until a timer runs out, kept true while the page stays open; afterwards that it did, and when. */
export function Countdown({ iso }: { iso: string }) {
  const [now, setNow] = useState(() => Date.now());
  const ms = Date.parse(iso) - now;
  const isClose = ms > 0 && ms <= CLOSE_MS;
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), isClose ? 1000 : 30_000);
    return () => clearInterval(timer);
  }, [isClose]);
  const title = `${dateTime(iso, "UTC")} UTC`;
  if (ms <= 0)
    return (
      <time dateTime={iso} title={title}>
        <Tag tone="bad">Expired</Tag> <span className="muted">{ago(iso, now)}</span>
      </time>
    );
  return (
    <time dateTime={iso} title={title} role="timer">
      {duration(Math.floor(ms / 1000), Math.floor)} left
    </time>
  );
}
