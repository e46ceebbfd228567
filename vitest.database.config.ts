import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { databaseTests } from "./tools/database-tests.ts";
import base from "./vitest.config.ts";

/** `npm run test:database`: what touches the database, and what of it is told apart by which database it is. */
// A tool reads this file's default export.
export default defineConfig({
  test: {
    ...base.test,
    include: databaseTests(fileURLToPath(new URL(".", import.meta.url))),
    exclude: [
      ...(base.test?.exclude ?? []),
      "test/*.test.ts",
      "test/{dora,jq,model,web}/**",
      // One connector of each kind is enough for the other database.
      "test/integrations/{argocd,azure-devops,bitbucket,circleci,codefresh,jenkins,octopus}/**",
      "test/integrations/incidents*.test.ts",
      // A browser sees the same pages: one walk through all of it.
      "test/e2e/!(first-light).test.ts",
    ],
  },
});
