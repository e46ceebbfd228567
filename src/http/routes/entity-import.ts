import { Readable } from "node:stream";
import { BlueprintParams, errors } from "../../api/common.ts";
import * as api from "../../api/entities.ts";
import { importEntities, type ImportSummary, type LineResult } from "../../catalog/import-entities.ts";
import { recordRefusals, REFUSALS_PER_REQUEST } from "../../catalog/refusals.ts";
import { AppError } from "../../model/error.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";
import { parseJson } from "../json-body.ts";
import { upsertOptions } from "./entities.ts";

const NDJSON = "application/x-ndjson";

export function entityImportRoutes(app: FairwayInstance, deps: RouteDeps): void {
  // The body is taken as it comes, of any length.
  app.addContentTypeParser([NDJSON, "application/ndjson", "application/jsonl"], (_request, payload, done) =>
    done(null, payload),
  );
  app.post(
    "/v1/blueprints/:blueprint/entities/import",
    {
      config: { access: "entities", contract: "fairway", audits: "entity" },
      schema: {
        tags: ["Entities"],
        summary:
          "Create or change any number of entities: one JSON document a line in, one result a line out",
        description: `Send \`${NDJSON}\`. Lines are stored in batches; a result is sent when its line is stored, so after a broken connection continue behind the last result (with \`upsert=true\` repeating lines is harmless). With \`results=errors\` only refused lines are answered, and \`{"line": n}\` after each batch. The last line is \`{"done": true, …counts}\`.`,
        consumes: [NDJSON],
        params: BlueprintParams,
        querystring: api.ImportQuery,
        response: { ...errors(401, 404, 415, 422) },
      },
    },
    async (request, reply) => {
      const { body } = request;
      if (!(body instanceof Readable))
        throw new AppError(
          "unsupported_media_type",
          `send the entities as ${NDJSON}, one JSON document a line`,
        );
      const ctx = deps.ctx(request);
      const options = upsertOptions(request.query);
      const results = await importEntities(ctx, request.params.blueprint, body, options, parseJson);
      const onlyErrors = request.query.results === "errors";
      const refused = async (lines: readonly LineResult[]): Promise<void> =>
        recordRefusals(
          ctx,
          lines.flatMap((line) =>
            line.ok
              ? []
              : {
                  ...{ kind: "entity", action: "CREATE", blueprint: request.params.blueprint },
                  ...{ identifier: line.identifier, message: `${line.error}: ${line.message}` },
                },
          ),
        );
      const lines = answer(results, onlyErrors, { ...deps, refused }, request.log);
      return reply.type(NDJSON).send(Readable.from(lines) as never);
    },
  );
}

async function* answer(
  batches: AsyncIterable<readonly LineResult[] | ImportSummary>,
  onlyErrors: boolean,
  deps: RouteDeps & { readonly refused: (lines: readonly LineResult[]) => Promise<void> },
  log: { error(fields: object, message: string): void },
): AsyncGenerator<string> {
  let stored = 0;
  let refused = 0;
  try {
    for await (const batch of batches) {
      if (!("length" in batch)) {
        yield text(batch);
        continue;
      }
      deps.afterWrite();
      stored = batch.at(-1)?.line ?? stored;
      const failed = batch.filter((result) => !result.ok).slice(0, REFUSALS_PER_REQUEST - refused);
      await deps.refused(failed);
      refused += failed.length;
      const shown = onlyErrors ? [...batch.filter((result) => !result.ok), { line: stored }] : batch;
      yield shown.map(text).join("");
    }
  } catch (error) {
    // The status is sent already: the last line says that it is not all.
    if (!(error instanceof AppError)) log.error({ err: error }, "import failed");
    const known = error instanceof AppError ? error : new AppError("internal_error", "the import failed");
    const message = `${known.message}; lines up to ${stored} are stored`;
    yield text({ done: false, line: stored, statusCode: known.status, error: known.code, message });
  }
}

const text = (value: object): string => `${JSON.stringify(value)}\n`;
