import { Button, Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { keepOwn, ownSettingsQuery } from "../api/own-settings.ts";
import { meQuery, pagesQuery } from "../api/queries.ts";
import type { CatalogSearch } from "../lib/catalog-address.ts";
import { type CatalogView, encodeCatalogSearch } from "../lib/catalog-search.ts";
import { OpensMenu } from "../parts/opens.tsx";
import { withView } from "./saved-view.ts";
import {
  type CatalogPageInfo,
  changeCatalogPage,
  ownPageOf,
  ownViewIn,
  ownViewName,
} from "./view-queries.ts";

const NewViewPage = lazy(() =>
  import("./new-view-page.tsx").then((module) => ({ default: module.NewViewPage })),
);

interface Props {
  blueprint: string;
  view: CatalogView;
  base: CatalogView;
  page: CatalogPageInfo | null;
}

/** Views of this table: those of pages, one's own, and keeping the present one. */
export function ViewsMenu({ blueprint, view, base, page }: Props) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { data: me } = useQuery(meQuery);
  const { data: pages = [] } = useQuery(pagesQuery);
  const [naming, setNaming] = useState(false);
  const [said, setSaid] = useState("");
  const others = pages.filter((one) => one.type === "blueprint-entities" && one.blueprint === blueprint);
  const isChanged = Object.keys(encodeCatalogSearch({ ...view, text: "" }, base)).length > 0;
  const at = page?.page.identifier ?? ownPageOf(blueprint);
  const { data: settings } = useQuery(ownSettingsQuery);
  const own = settings === undefined ? null : ownViewIn(settings, blueprint);
  /** Nothing but where one is. */
  const isAlone = own === null && others.every(({ identifier }) => identifier === at);
  const open = (search: Record<string, string>) =>
    void navigate({ to: "/c/$blueprint", params: { blueprint }, search });
  const share = useMutation({
    mutationFn: () => changeCatalogPage(at, { widgets: withView(page?.page ?? null, blueprint, view) }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["blueprints"] });
      open(at === ownPageOf(blueprint) ? {} : { v: at });
      setSaid("Everybody sees this view now");
    },
  });
  const keep = useMutation({
    mutationFn: (search: CatalogSearch | null) => keepOwn(ownViewName(blueprint), search),
    onSuccess: async (_answer, search) => {
      await client.invalidateQueries({ queryKey: ownSettingsQuery.queryKey });
      setSaid(search === null ? "Your view is forgotten" : "Saved for you");
    },
  });
  const error = share.error ?? keep.error;
  return (
    <>
      {error ? (
        <span role="alert" className="small" style={{ color: "var(--bad)" }}>
          Not saved: {error.message}
        </span>
      ) : null}
      <span className="sr" role="status">
        {said}
      </span>
      <OpensMenu
        position="bottom-end"
        width={280}
        button={
          <Button variant="default" size="xs" rightSection={<IconChevronDown size={14} aria-hidden />}>
            {isChanged ? "View (changed)" : "View"}
          </Button>
        }
      >
        {() => (
          <>
            {isAlone ? null : <Menu.Label>Open</Menu.Label>}
            {(isAlone ? [] : others).map((one) => (
              <Menu.Item
                key={one.identifier}
                fw={one.identifier === at ? 600 : 400}
                onClick={() => open({ v: one.identifier })}
              >
                {one.title || one.identifier}
              </Menu.Item>
            ))}
            {own === null ? null : <Menu.Item onClick={() => open(own)}>My view</Menu.Item>}
            {isAlone ? null : <Menu.Divider />}
            <Menu.Item onClick={() => keep.mutate(encodeCatalogSearch({ ...view, text: "" }))}>
              Save for me
            </Menu.Item>
            {own === null ? null : <Menu.Item onClick={() => keep.mutate(null)}>Forget my view</Menu.Item>}
            {page?.mayUpdate ? (
              <Menu.Item disabled={!isChanged} onClick={() => share.mutate()}>
                Save for everybody
              </Menu.Item>
            ) : null}
            {me?.user.role === "Admin" ? (
              <Menu.Item onClick={() => setNaming(true)}>Save as page…</Menu.Item>
            ) : null}
            <Menu.Divider />
            <Menu.Item disabled={!isChanged} onClick={() => open(page === null ? {} : { v: at })}>
              Discard changes
            </Menu.Item>
          </>
        )}
      </OpensMenu>
      {naming ? (
        <Suspense>
          <NewViewPage
            blueprint={blueprint}
            view={view}
            page={page}
            onClose={() => setNaming(false)}
            onMade={(v) => {
              setNaming(false);
              open({ v });
            }}
          />
        </Suspense>
      ) : null}
    </>
  );
}
