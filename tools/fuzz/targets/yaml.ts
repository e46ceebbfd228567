import { stringify } from "yaml";
import { randomSource } from "../../../test/http/support/random-source.ts";
import { CliError } from "../../../src/cli/cli-error.ts";
import { parseDocuments } from "../../../src/cli/apply/read-documents.ts";
import { connectors } from "../../../src/integrations/index.ts";
import { compileIntegrationMapping, compileWebhookMapping } from "../../../src/ingest/mapping.ts";
import { readMappingDocument } from "../../../src/ingest/read-document.ts";
import { AppError } from "../../../src/model/error.ts";
import { documentedCode, filesLike } from "../corpus.ts";
import { mutateText, randomJson } from "../mutate.ts";
import { outcome, type Target } from "../target.ts";

const corpus = [
  ...filesLike("templates/**/*.yaml"),
  ...filesLike("compose.yaml"),
  ...documentedCode("yaml"),
  ...[...connectors.values()].map(({ defaults }) => stringify({ resources: defaults.resources })),
  ...Array.from({ length: 30 }, (_, i) => stringify(randomJson(randomSource(i)))),
  "a: &a [x, y]\nb: &b [*a, *a]\nc: [*b, *b]\n",
  "base: &base {k: 1}\nmore:\n  <<: *base\n  l: |-\n    text\n    more\n",
  "--- # first\na: !!str 1\n...\n---\n? [x]\n: {y: z}\n",
];

export const yaml: Target = {
  name: "yaml",
  about:
    "mappings, and files that the command line applies (src/ingest/read-document.ts, src/cli/apply/read-documents.ts)",
  make(random) {
    const text = random.chance(0.05) ? stringify(randomJson(random)) : mutateText(random, corpus);
    return {
      shown: text,
      run: () =>
        [
          outcome(() => readMappingDocument(text).value, [AppError]),
          outcome(() => compileIntegrationMapping(text).resources.length, [AppError]),
          outcome(() => compileWebhookMapping(text).resources.length, [AppError]),
          outcome(() => parseDocuments(text, "fuzz.yaml"), [CliError]),
          outcome(() => parseDocuments(text, "fuzz.ndjson"), [CliError]),
        ].join("\n"),
    };
  },
};
