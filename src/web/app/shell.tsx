import { ActionIcon, Menu } from "@mantine/core";
import {
  IconApi,
  IconBolt,
  IconChartBar,
  IconGitBranch,
  IconHistory,
  IconHome,
  IconLayoutSidebarLeftCollapse,
  IconLayoutSidebarLeftExpand,
  IconListCheck,
  IconMenu2,
  IconPlayerPlay,
  IconPlugConnected,
  IconRobot,
  IconSchema,
  IconSettings,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { Fragment, lazy, type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import { LiveProvider } from "../api/live.tsx";
import { useMayOpen } from "../api/use-role.ts";
import { OpensMenu } from "../parts/opens.tsx";
import { AccountMenu } from "./account-menu.tsx";
import { AnnouncementBar } from "./announcement.tsx";
import type { Open } from "./catalog-nav.tsx";
import { ConnectionBar } from "./connection-bar.tsx";
import { isOwnPicture, organizationQuery } from "./organization-query.ts";
import { PaletteButton } from "./palette-button.tsx";
import css from "./shell.module.css";
import { ThemeMenu } from "./theme-menu.tsx";
import { useReturnFocus } from "./use-return-focus.ts";

/** The frame is drawn first; what stands in it comes with the pages. */
const CatalogNav = lazy(() => import("./catalog-nav.tsx").then((module) => ({ default: module.CatalogNav })));
const CatalogMenuItems = lazy(() =>
  import("./catalog-nav.tsx").then((module) => ({ default: module.CatalogMenuItems })),
);

const CatalogDialogs = lazy(() =>
  import("./catalog-nav.tsx").then((module) => ({ default: module.Dialogs })),
);

/** What people use, what the portal is built with, and what keeps it in order. */
const GROUPS = [
  {
    name: "Pages",
    pages: [
      { to: "/", label: "Home", icon: IconHome, exact: true },
      { to: "/dora", label: "DORA metrics", icon: IconChartBar, exact: false },
      { to: "/scorecards", label: "Scorecards", icon: IconListCheck, exact: false },
      { to: "/self-serve", label: "Self-service", icon: IconBolt, exact: false },
      { to: "/runs", label: "Action runs", icon: IconPlayerPlay, exact: false },
    ],
  },
  {
    name: "Build",
    pages: [
      { to: "/automations", label: "Automations", icon: IconRobot, exact: false },
      { to: "/builder", label: "Data model", icon: IconSchema, exact: false },
      { to: "/sources", label: "Data sources", icon: IconPlugConnected, exact: false },
      { to: "/import", label: "Import from git", icon: IconGitBranch, exact: false },
    ],
  },
  {
    name: "Administration",
    pages: [
      { to: "/audit", label: "Audit log", icon: IconHistory, exact: false },
      { to: "/settings", label: "Settings", icon: IconSettings, exact: false },
      { to: "/docs", label: "API reference", icon: IconApi, exact: false },
    ],
  },
] as const;

/** Those that the reader may open. */
function useGroups() {
  const mayOpen = useMayOpen();
  return GROUPS.map(({ name, pages }) => ({ name, pages: pages.filter(({ to }) => mayOpen(to)) }));
}

/** Not a page of this application. */
const API_REFERENCE = "/docs";
const FOLDED = "fairway-rail-folded";

/** Top bar, left rail and the page; the live connection lasts as long as it does. */
export function Shell() {
  const [folded, setFolded] = useState(() => localStorage.getItem(FOLDED) === "1");
  const main = useFocusOnNavigation();
  const groups = useGroups();
  useReturnFocus();

  return (
    <LiveProvider>
      <a className={css["skip"]} href="#main">
        Skip to content
      </a>
      <div className={css["shell"]} data-folded={folded}>
        <header className={css["top"]}>
          <PhoneMenu />
          <Brand />
          <div className={css["grow"]} />
          <PaletteButton />
          <ThemeMenu />
          <AccountMenu />
        </header>
        <nav className={css["rail"]} aria-label="Main">
          <div className={css["inner"]}>
            {groups.map(({ name, pages }, at) => (
              <Fragment key={name}>
                {/* What comes later has room between what is always there: nothing moves. */}
                {at === 1 ? (
                  <div className={css["catalog"]}>
                    <Suspense>
                      <CatalogNav folded={folded} />
                    </Suspense>
                  </div>
                ) : null}
                <Group name={at === 0 || folded ? null : name}>
                  <ul aria-label={name}>
                    {pages.map((page) => (
                      <li key={page.to}>
                        <RailItem {...page} isFolded={folded} />
                      </li>
                    ))}
                  </ul>
                </Group>
              </Fragment>
            ))}
            <button
              type="button"
              className={`${css["item"]} ${css["fold"]}`}
              aria-expanded={!folded}
              onClick={() => {
                localStorage.setItem(FOLDED, folded ? "0" : "1");
                setFolded(!folded);
              }}
            >
              {folded ? (
                <IconLayoutSidebarLeftExpand size={18} aria-hidden />
              ) : (
                <IconLayoutSidebarLeftCollapse size={18} aria-hidden />
              )}
              <span>{folded ? "Unfold menu" : "Fold menu"}</span>
            </button>
          </div>
        </nav>
        <main id="main" ref={main} tabIndex={-1} className={css["main"]}>
          <ConnectionBar />
          <AnnouncementBar />
          <Outlet />
        </main>
      </div>
    </LiveProvider>
  );
}

/** With a name it can be closed, which leaves its room to the catalog; remembered in this browser. */
function Group({ name, children }: { name: string | null; children: ReactNode }) {
  if (name === null) return <div className={css["group"]}>{children}</div>;
  const key = `fairway-closed-${name}`;
  return (
    <details
      className={css["group"]}
      open={localStorage.getItem(key) === null}
      onToggle={({ currentTarget: { open } }) =>
        open ? localStorage.removeItem(key) : localStorage.setItem(key, "1")
      }
    >
      <summary>{name}</summary>
      {children}
    </details>
  );
}

function RailItem({
  to,
  label,
  icon: Icon,
  exact,
  isFolded,
}: (typeof GROUPS)[number]["pages"][number] & { isFolded: boolean }) {
  const shown = {
    className: css["item"],
    title: isFolded ? label : undefined,
    children: (
      <>
        <Icon size={18} aria-hidden />
        <span>{label}</span>
      </>
    ),
  };
  if (to === API_REFERENCE) return <a href={to} {...shown} />;
  return <Link to={to} activeOptions={{ exact, includeSearch: false }} {...shown} />;
}

/** Logo and title that the organisation chose, or ours. */
function Brand() {
  const { data } = useQuery(organizationQuery);
  const { portalIcon, portalTitle } = data?.settings ?? {};
  return (
    <Link to="/" className={css["brand"]}>
      <img src={isOwnPicture(portalIcon) ? portalIcon : "/favicon.svg"} alt="" width={24} height={24} />
      {portalTitle || "Fairway"}
    </Link>
  );
}

function PhoneMenu() {
  const groups = useGroups();
  const [open, setOpen] = useState<Open>(null);
  return (
    <>
      <OpensMenu
        position="bottom-start"
        width={260}
        classNames={{ dropdown: css["phoneMenu"] ?? "" }}
        button={
          <ActionIcon className={css["phone"]} size={36} aria-label="Menu">
            <IconMenu2 size={20} aria-hidden />
          </ActionIcon>
        }
      >
        {() => (
          <>
            {groups.map(({ name, pages }, at) => (
              <Fragment key={name}>
                {at === 1 ? (
                  <Suspense>
                    <CatalogMenuItems onOpen={setOpen} />
                  </Suspense>
                ) : null}
                {at === 0 ? null : <Menu.Label>{name}</Menu.Label>}
                {pages.map(({ to, label, icon: Icon }) =>
                  to === API_REFERENCE ? (
                    <Menu.Item key={to} component="a" href={to} leftSection={<Icon size={18} aria-hidden />}>
                      {label}
                    </Menu.Item>
                  ) : (
                    <Menu.Item key={to} component={Link} to={to} leftSection={<Icon size={18} aria-hidden />}>
                      {label}
                    </Menu.Item>
                  ),
                )}
              </Fragment>
            ))}
          </>
        )}
      </OpensMenu>
      <Suspense>{open ? <CatalogDialogs open={open} onClose={() => setOpen(null)} /> : null}</Suspense>
    </>
  );
}

/** A new page takes the focus, so that the next Tab starts there; a change of search parameters does not. */
function useFocusOnNavigation() {
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const last = useRef(path);
  useEffect(() => {
    if (last.current === path) return;
    last.current = path;
    main.current?.focus({ preventScroll: true });
  }, [path]);
  return main;
}
