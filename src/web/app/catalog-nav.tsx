import { Menu, TextInput } from "@mantine/core";
import {
  IconArrowsSort,
  IconChartLine,
  IconChevronRight,
  IconFolderPlus,
  IconLayoutDashboard,
  IconPlus,
  IconSearch,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { ICON_NAMES, PortIcon } from "../parts/port-icon.tsx";
import { meQuery } from "../api/queries.ts";
import { OpensMenu } from "../parts/opens.tsx";
import css from "./shell.module.css";
import { organizationQuery } from "./organization-query.ts";
import { shownItems, type SidebarItem, sidebarQuery } from "./sidebar-query.ts";
import { addressOf, type Branch, matching, pathOf, treeOf } from "./sidebar-tree.ts";

/** They come when one is opened. */
const PageDialog = lazy(() =>
  import("../dashboard/page-dialog.tsx").then((module) => ({ default: module.PageDialog })),
);
const FolderDialog = lazy(() =>
  import("../dashboard/folder-dialog.tsx").then((module) => ({ default: module.FolderDialog })),
);
const ArrangeDialog = lazy(() =>
  import("../dashboard/arrange-dialog.tsx").then((module) => ({ default: module.ArrangeDialog })),
);

const DoraDialog = lazy(() =>
  import("../dashboard/dora-dialog.tsx").then((module) => ({ default: module.DoraDialog })),
);

export type Open = "dashboard" | "dora" | "folder" | "arrange" | null;

/** So many pages are found without a search. */
const FEW = 8;

/** The pages and folders in the rail. */
export function CatalogNav({ folded }: { folded: boolean }) {
  const { data: items = [] } = useQuery(sidebarQuery);
  const { data: me } = useQuery(meQuery);
  const [text, setText] = useState("");
  const [open, setOpen] = useState<Open>(null);
  const mayCreate = me?.user.role === "Admin";
  const { data: organization } = useQuery(organizationQuery);
  const tree = treeOf(shownItems(items, organization?.settings.hiddenBlueprints));
  const shown = matching(tree, folded ? "" : text);
  if (tree.length === 0 && !mayCreate) return null;
  return (
    <div className={css["section"]}>
      <div className={css["heading"]}>
        <h2 id="catalog" className={folded ? "sr" : undefined}>
          Catalog
        </h2>
        {mayCreate && !folded ? <NewMenu onOpen={setOpen} hasPages={tree.length > 0} /> : null}
      </div>
      {items.length > FEW && !folded ? (
        <TextInput
          className={css["search"] ?? ""}
          size="xs"
          type="search"
          aria-label="Search pages"
          placeholder="Search pages"
          leftSection={<IconSearch size={14} aria-hidden />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      ) : null}
      {shown.length === 0 && text !== "" ? <p className={css["none"]}>No page is called so.</p> : null}
      <Branches branches={shown} items={items} folded={folded} labelledBy="catalog" isSearch={text !== ""} />
      <Suspense>
        <Dialogs open={open} onClose={() => setOpen(null)} />
      </Suspense>
    </div>
  );
}

/** What is opened by the menus, also when these are gone. */
export function Dialogs({ open, onClose }: { open: Open; onClose: () => void }) {
  const { data: items = [] } = useQuery(sidebarQuery);
  const navigate = useNavigate();
  switch (open) {
    case "dashboard":
      return (
        <PageDialog
          page={null}
          onClose={onClose}
          onSaved={(page) => {
            onClose();
            void navigate({ to: "/d/$page", params: { page } });
          }}
        />
      );
    case "dora":
      return (
        <DoraDialog
          onClose={onClose}
          onMade={(page) => {
            onClose();
            if (page !== null) void navigate({ to: "/d/$page", params: { page } });
          }}
        />
      );
    case "folder":
      return <FolderDialog folder={null} onClose={onClose} />;
    case "arrange":
      return <ArrangeDialog items={items} onClose={onClose} />;
    default:
      return null;
  }
}

function NewMenu({ onOpen, hasPages }: { onOpen: (open: Open) => void; hasPages: boolean }) {
  return (
    <OpensMenu
      position="bottom-start"
      width={270}
      // The rail scrolls, and is narrower than the menu.
      floatingStrategy="fixed"
      button={
        <button type="button" className={css["new"]}>
          <IconPlus size={14} aria-hidden />
          New
        </button>
      }
    >
      {() => <NewItems onOpen={onOpen} hasPages={hasPages} />}
    </OpensMenu>
  );
}

function NewItems({ onOpen, hasPages }: { onOpen: (open: Open) => void; hasPages: boolean }) {
  return (
    <>
      <Menu.Item
        leftSection={<IconLayoutDashboard size={16} aria-hidden />}
        onClick={() => onOpen("dashboard")}
      >
        New dashboard
      </Menu.Item>
      <Menu.Item leftSection={<IconChartLine size={16} aria-hidden />} onClick={() => onOpen("dora")}>
        Set up DORA metrics
      </Menu.Item>
      <Menu.Item leftSection={<IconFolderPlus size={16} aria-hidden />} onClick={() => onOpen("folder")}>
        New folder
      </Menu.Item>
      {hasPages ? (
        <Menu.Item leftSection={<IconArrowsSort size={16} aria-hidden />} onClick={() => onOpen("arrange")}>
          Arrange pages
        </Menu.Item>
      ) : null}
    </>
  );
}

interface BranchesProps {
  branches: readonly Branch[];
  items: readonly SidebarItem[];
  folded: boolean;
  labelledBy?: string;
  isSearch: boolean;
}

function Branches({ branches, items, folded, labelledBy, isSearch }: BranchesProps) {
  return (
    <ul aria-labelledby={labelledBy}>
      {branches.map((branch) =>
        branch.item.sidebarType === "folder" ? (
          <Folder
            key={branch.item.identifier}
            branch={branch}
            items={items}
            folded={folded}
            isSearch={isSearch}
          />
        ) : (
          <li key={branch.item.identifier}>
            <Link
              {...addressOf(branch.item, items)}
              className={css["item"]}
              activeOptions={{ includeSearch: false }}
              title={folded ? branch.item.title : undefined}
            >
              <Tile {...branch.item} />
              <span>{branch.item.title}</span>
            </Link>
          </li>
        ),
      )}
    </ul>
  );
}

const CLOSED = "fairway-closed-folders";

function closedFolders(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(CLOSED) ?? "[]");
    return Array.isArray(stored) ? stored.map(String) : [];
  } catch {
    return [];
  }
}

/** Open until somebody closes it; remembered in this browser. A search opens it. */
function Folder({
  branch: { item, children },
  items,
  folded,
  isSearch,
}: {
  branch: Branch;
  items: readonly SidebarItem[];
  folded: boolean;
  isSearch: boolean;
}) {
  const [isClosed, setClosed] = useState(() => closedFolders().includes(item.identifier));
  const isOpen = isSearch || !isClosed;
  const toggle = () => {
    const others = closedFolders().filter((id) => id !== item.identifier);
    localStorage.setItem(CLOSED, JSON.stringify(isClosed ? others : [...others, item.identifier]));
    setClosed(!isClosed);
  };
  return (
    <li>
      <button
        type="button"
        className={css["item"]}
        aria-expanded={isOpen}
        title={folded ? item.title : undefined}
        onClick={toggle}
      >
        <IconChevronRight size={16} className={css["chevron"] ?? ""} aria-hidden />
        <span>{item.title}</span>
      </button>
      {isOpen && children.length > 0 ? (
        <div className={css["nested"]}>
          <Branches branches={children} items={items} folded={folded} isSearch={isSearch} />
        </div>
      ) : null}
    </li>
  );
}

/** The same in the menu of narrow screens, without folders. */
export function CatalogMenuItems({ onOpen }: { onOpen: (open: Open) => void }) {
  const { data: me } = useQuery(meQuery);
  const { data: items = [] } = useQuery(sidebarQuery);
  const flat = (branches: readonly Branch[]): SidebarItem[] =>
    branches.flatMap(({ item, children }) => (item.sidebarType === "folder" ? flat(children) : [item]));
  const { data: organization } = useQuery(organizationQuery);
  const pages = flat(treeOf(shownItems(items, organization?.settings.hiddenBlueprints)));
  const mayCreate = me?.user.role === "Admin";
  if (pages.length === 0 && !mayCreate) return null;
  return (
    <>
      <Menu.Label>Catalog</Menu.Label>
      {pages.map((item) => {
        return (
          <Menu.Item
            key={item.identifier}
            component={Link}
            to={pathOf(addressOf(item, items))}
            leftSection={<Tile {...item} />}
          >
            {item.title}
          </Menu.Item>
        );
      })}
      {mayCreate ? <NewItems onOpen={onOpen} hasPages={pages.length > 0} /> : null}
    </>
  );
}

/** Names of icons are free texts; a letter always fits. */
function Tile({ title, icon }: Pick<SidebarItem, "title" | "icon">) {
  if (icon !== undefined && ICON_NAMES.includes(icon))
    return (
      <i className={css["tile"]} data-drawn aria-hidden>
        <PortIcon name={icon} size={15} />
      </i>
    );
  return (
    <i className={css["tile"]} aria-hidden>
      {title.slice(0, (title.codePointAt(0) ?? 0) > 0xffff ? 2 : 1).toUpperCase()}
    </i>
  );
}
