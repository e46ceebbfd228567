/** Wire contract of pages, as far as they exist: read only (data-model.md §3.11, workflows.md §6.1). */
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
export const PagesResponse = Type.Object({ ok: Type.Literal(true), pages: Type.Array(Page) });
