import { IconAlertTriangle, IconInfoCircle, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { SafeLink } from "../parts/safe-link.tsx";
import { organizationQuery } from "./organization-query.ts";
import css from "./shell.module.css";

const SEEN = "fairway-announcement-seen";

/** What administrators tell everybody; put away until it says something else. */
export function AnnouncementBar() {
  const { data } = useQuery(organizationQuery);
  const [seen, setSeen] = useState(() => localStorage.getItem(SEEN));
  const said = data?.announcement;
  if (!said?.enabled || said.content === seen) return null;
  const isRed = said.color === "red";
  return (
    <aside className={css["said"]} data-color={isRed ? "red" : "blue"} aria-label="Announcement">
      {isRed ? <IconAlertTriangle size={17} aria-hidden /> : <IconInfoCircle size={17} aria-hidden />}
      <p>
        {said.content} {said.link ? <SafeLink href={said.link}>More</SafeLink> : null}
      </p>
      <button
        type="button"
        aria-label="Put the announcement away"
        onClick={() => {
          localStorage.setItem(SEEN, said.content);
          setSeen(said.content);
        }}
      >
        <IconX size={16} aria-hidden />
      </button>
    </aside>
  );
}
