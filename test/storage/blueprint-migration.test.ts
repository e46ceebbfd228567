import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { getBlueprint } from "../../src/catalog/define-blueprint.ts";
import { getPages } from "../../src/catalog/pages.ts";
import { catalogPage } from "../../src/model/page.ts";
import { migrate } from "../../src/storage/migrate.ts";
import { openTestDatabase } from "../support/database.ts";

/** Migrations before blueprints became text and got pages. */
const EARLIER = ["0001_core.sql", "0002_dora.sql", "0003_search.sql"];
const TITLES = ["Service", "Policy", "Day", "Branch", "Box", "Clusters", "API", "Сервис", "x"];

test("blueprints of an earlier version keep their content and get the pages that new ones get", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fairway-migrations-"));
  const t = await openTestDatabase({ migrated: false });
  try {
    for (const name of EARLIER)
      await copyFile(new URL(`../../migrations/${name}`, import.meta.url), join(folder, name));
    expect(await migrate(t.database, pathToFileURL(`${folder}/`))).toBe(EARLIER.length);
    const { db } = t.ctx;
    await sql`insert into organization (id, name) values (${t.ctx.org}, 'Test')`.execute(db);
    for (const [i, title] of TITLES.entries()) {
      const document = {
        identifier: `b${i}`,
        title,
        icon: i === 0 ? "Git" : "",
        schema: { properties: {}, required: [] },
      };
      await sql`
        insert into blueprint (org, identifier, document, created_at, created_by, updated_at, updated_by)
        values (${t.ctx.org}, ${document.identifier}, ${JSON.stringify(document)}::jsonb,
          now() + ${i}::int * interval '1 second', 'x', now(), 'x')`.execute(db);
    }
    await migrate(t.database);
    expect(await getBlueprint(t.ctx, "b0")).toMatchObject({ title: "Service", icon: "Git" });
    // The home page and pages of entities are made when they are read.
    const pages = (await getPages(t.ctx, false)).filter((page) => page["type"] === "blueprint-entities");
    const { createdAt: _at, createdBy: _by, updatedAt: _uat, updatedBy: _uby, ...first } = pages[0] ?? {};
    expect(JSON.stringify(first)).toBe(
      JSON.stringify({ identifier: "b0s", ...catalogPage("b0", "Service", "Git") }),
    );
    expect(pages).toEqual(
      TITLES.map(
        (title, i) =>
          expect.objectContaining({ ...catalogPage(`b${i}`, title, i === 0 ? "Git" : "") }) as object,
      ),
    );
  } finally {
    await t.close();
    await rm(folder, { recursive: true, force: true });
  }
});
