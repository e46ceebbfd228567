/** Wire contract of pages, the sidebar, and who may read them (workflows.md §6.1, data-model.md §3.11, §8.6). */
import Type from "typebox";
import { Flag } from "./common.ts";

const Page = Type.Object(
  {
    identifier: Type.String(),
    type: Type.String({ description: "dashboard | blueprint-entities | entity | home" }),
    title: Type.Optional(Type.Unsafe<string | null>({ type: ["string", "null"] })),
    blueprint: Type.Optional(Type.Unsafe<string | null>({ type: ["string", "null"] })),
    createdAt: Type.String(),
    createdBy: Type.String(),
    updatedAt: Type.String(),
    updatedBy: Type.String(),
  },
  { additionalProperties: true },
);

export const PageParams = Type.Object({ page: Type.String({ description: "page identifier" }) });
export const WidgetParams = Type.Object({
  page: Type.String({ description: "page identifier" }),
  widget: Type.String({ description: "id of the widget, wherever it stands in the page" }),
});
export const PagesQuery = Type.Object({ compact: Flag("without widgets") });
export const PageResponse = Type.Object({ ok: Type.Literal(true), page: Page });
export const OnePageResponse = Type.Object({
  ok: Type.Literal(true),
  page: Page,
  mayUpdate: Type.Boolean({ description: "whether the one who asks may change it" }),
});
export const CreatedPageResponse = Type.Object({
  ok: Type.Literal(true),
  identifier: Type.String(),
  page: Page,
});
/** Checked by model/page-document.ts. */
const page = (description: string) => Type.Object({}, { additionalProperties: true, description });
export const CreatePageRequest = page(
  "type, title, identifier (made of the title when missing), icon, description, blueprint, parent, after, locked, showInSidebar, widgets, pageFilters …",
);
export const ReplacePageRequest = page("the whole page; what is omitted is gone");
export const ChangePageRequest = page("each key that is sent replaces what was");
export const ChangeWidgetRequest = page("each key that is sent replaces what was; null takes it away");

const Block = Type.Object({
  roles: Type.Array(Type.String()),
  users: Type.Array(Type.String()),
  teams: Type.Array(Type.String()),
});
export const PagePermissionsResponse = Type.Object({
  ok: Type.Literal(true),
  permissions: Type.Object({ read: Block, update: Block }),
});
/** Checked by model/page-permission.ts. */
export const PatchPagePermissionsRequest = Type.Object(
  {},
  {
    additionalProperties: true,
    description: "read, update: each of roles, users, teams; a list that is sent is the whole list",
  },
);
export const PagesResponse = Type.Object({ ok: Type.Literal(true), pages: Type.Array(Page) });

const SidebarItem = Type.Object(
  {
    identifier: Type.String(),
    title: Type.String(),
    sidebar: Type.String(),
    sidebarType: Type.String({ description: "folder | page" }),
  },
  { additionalProperties: true },
);
export const SidebarParams = Type.Object({ sidebar: Type.String({ description: "catalog" }) });
export const FolderParams = Type.Object({
  sidebar: Type.String({ description: "catalog" }),
  folder: Type.String({ description: "folder identifier" }),
});
export const SidebarResponse = Type.Object({
  ok: Type.Literal(true),
  sidebar: Type.Object({
    identifier: Type.String(),
    items: Type.Array(SidebarItem, { description: "in the order shown, what is in a folder after it" }),
  }),
});
export const FolderRequest = Type.Object(
  {},
  {
    additionalProperties: true,
    description: "title, identifier (made of the title when missing), parent, after",
  },
);
export const FolderResponse = Type.Object({
  ok: Type.Literal(true),
  identifier: Type.String(),
  folder: SidebarItem,
});
export const OrderRequest = Type.Object(
  {},
  {
    additionalProperties: true,
    description: "parent: identifier of a folder, or null; items: identifiers in their order",
  },
);
