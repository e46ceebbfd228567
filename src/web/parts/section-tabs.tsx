import { Link } from "@tanstack/react-router";
import { TabStrip } from "./tab-strip.tsx";

/** Pages that belong together, of which the menu names the first. */
const SECTIONS = {
  standards: {
    label: "Scorecards and initiatives",
    pages: [
      { to: "/scorecards", label: "Scorecards" },
      { to: "/initiatives", label: "Initiatives" },
    ],
  },
  actions: {
    label: "Actions and their runs",
    pages: [
      { to: "/self-serve", label: "Actions" },
      { to: "/approvals", label: "Approvals" },
      { to: "/runs", label: "Action runs" },
    ],
  },
} as const;

/** The pages of a section, below the head of each of them. */
export function SectionTabs({ section }: { section: keyof typeof SECTIONS }) {
  const { label, pages } = SECTIONS[section];
  return (
    <TabStrip label={label}>
      {pages.map((page) => (
        <Link key={page.to} to={page.to} activeOptions={{ exact: true, includeSearch: false }}>
          {page.label}
        </Link>
      ))}
    </TabStrip>
  );
}
