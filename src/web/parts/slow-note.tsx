import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import css from "./parts.module.css";

/** Says nothing for 3 s, then that loading goes on, after 10 s what is slow, with a way to stop it. */
export function SlowNote({ what, onCancel }: { what: string; onCancel?: () => void }) {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timers = [3, 10].map((after) => setTimeout(() => setSeconds(after), after * 1000));
    return () => timers.forEach(clearTimeout);
  }, []);
  return (
    <div className={css["slow"]} role="status">
      {seconds === 0 ? <span className="sr">Loading {what}</span> : null}
      {seconds === 3 ? `Still loading ${what} …` : null}
      {seconds === 10 ? `The server is taking long to answer with ${what}.` : null}
      {seconds === 10 && onCancel ? (
        <Button size="compact-xs" variant="default" onClick={onCancel}>
          Cancel
        </Button>
      ) : null}
    </div>
  );
}
