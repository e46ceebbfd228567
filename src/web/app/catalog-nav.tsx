import { Menu } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { pagesQuery, type PageInfo } from "../api/queries.ts";
import css from "./shell.module.css";

/** Pages of blueprints that people made; the system's own are reached from what they belong to. */
function useCatalogPages(): readonly (PageInfo & { blueprint: string })[] {
  const { data } = useQuery(pagesQuery);
  return (data ?? []).filter(
    (page): page is PageInfo & { blueprint: string } =>
      typeof page.blueprint === "string" && !page.blueprint.startsWith("_") && page.showInSidebar !== false,
  );
}

/** The catalogue pages in the rail. */
export function CatalogNav({ folded }: { folded: boolean }) {
  const pages = useCatalogPages();
  if (pages.length === 0) return null;
  return (
    <div className={css["section"]}>
      <h2 id="catalog" className={folded ? "sr" : undefined}>
        Catalog
      </h2>
      <ul aria-labelledby="catalog">
        {pages.map(({ identifier, title, blueprint }) => (
          <li key={identifier}>
            <Link
              to="/c/$blueprint"
              params={{ blueprint }}
              className={css["item"]}
              activeOptions={{ includeSearch: false }}
              title={folded ? title : undefined}
            >
              <Tile title={title} />
              <span>{title}</span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The same in the menu of narrow screens. */
export function CatalogMenuItems() {
  const pages = useCatalogPages();
  if (pages.length === 0) return null;
  return (
    <>
      <Menu.Label>Catalog</Menu.Label>
      {pages.map(({ identifier, title, blueprint }) => (
        <Menu.Item
          key={identifier}
          component={Link}
          to={`/c/${encodeURIComponent(blueprint)}`}
          leftSection={<Tile title={title} />}
        >
          {title}
        </Menu.Item>
      ))}
    </>
  );
}

/** Names of icons in blueprints are free texts; a letter always fits. */
function Tile({ title }: { title: string }) {
  return (
    <i className={css["tile"]} aria-hidden>
      {title.slice(0, (title.codePointAt(0) ?? 0) > 0xffff ? 2 : 1).toUpperCase()}
    </i>
  );
}
