/** Wire contract of pages, as far as they exist: read only, and who may read them (data-model.md §3.11, §8.6). */
import Type from "typebox";
import { Flag } from "./common.ts";

const Page = Type.Object(
  {
    identifier: Type.String(),
    title: Type.String(),
    type: Type.String({ description: "blueprint-entities" }),
    blueprint: Type.Optional(Type.Unsafe<string | null>({ type: ["string", "null"] })),
    createdAt: Type.String(),
    createdBy: Type.String(),
    updatedAt: Type.String(),
    updatedBy: Type.String(),
  },
  { additionalProperties: true },
);

export const PageParams = Type.Object({ page: Type.String({ description: "page identifier" }) });
export const PagesQuery = Type.Object({ compact: Flag("without widgets") });
export const PageResponse = Type.Object({ ok: Type.Literal(true), page: Page });
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
