import Type from "typebox";
import {
  CommitsRequest,
  CommitsResponse,
  EvidenceQuery,
  ExplainQuery,
  ImportCreateRequest,
  ImportResponse,
  ImportsQuery,
  ImportsResponse,
  ImportUpdateRequest,
  MetricsQuery,
  SettingsRequest,
} from "../../api/dora.ts";
import {
  CommitAnswer,
  DeploymentAnswer,
  EvidenceAnswer,
  ExplainAnswer,
  MetricsAnswer,
  SettingsAnswer,
  StatusAnswer,
} from "../../api/dora-answers.ts";
import { errors } from "../../api/common.ts";
import { sightOf } from "../../catalog/sight.ts";
import { receiveCommits } from "../../ingest/commits.ts";
import { listImports, reportImport, startImport } from "../../ingest/import-runs.ts";
import { commitDetail } from "../../metrics/dora/commit.ts";
import { deploymentDetail } from "../../metrics/dora/deployment.ts";
import { doraEvidence } from "../../metrics/dora/evidence.ts";
import { doraExplain } from "../../metrics/dora/explain.ts";
import { doraMetrics } from "../../metrics/dora/query.ts";
import { putSettings, settingsView } from "../../metrics/dora/settings.ts";
import { doraStatus } from "../../metrics/dora/status.ts";
import { importsInSight } from "../../metrics/dora/within-sight.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";
import { untilGone } from "../until-gone.ts";
import { doraAnnotationRoutes } from "./dora-annotations.ts";
import { doraExportRoutes } from "./dora-export.ts";
import { doraIncidentRoutes } from "./dora-incidents.ts";
import { doraBenchmarkRoutes, doraPreviewRoutes } from "./dora-preview.ts";

/** 8 MiB: 5,000 commits with their whole messages (dora.md section 11). */
const COMMITS_BODY_LIMIT = 8_388_608;

const IdParams = Type.Object({ id: Type.String() });
const tags = ["DORA"];
/** The schemas of these answers document; they must not strip what they do not list. */
const serializerCompiler = () => JSON.stringify;

export interface DoraDeps extends RouteDeps {
  /** Tells open pages that an import moved on. */
  readonly afterImport: () => void;
}

export function doraRoutes(app: FairwayInstance, deps: DoraDeps): void {
  doraAnnotationRoutes(app, deps);
  doraIncidentRoutes(app, deps);
  doraExportRoutes(app, deps);
  doraPreviewRoutes(app, deps);
  doraBenchmarkRoutes(app, deps);
  app.post(
    "/v1/dora/commits",
    {
      config: { access: "admin", contract: "fairway" },
      bodyLimit: COMMITS_BODY_LIMIT,
      schema: {
        tags,
        summary: "Send commits; acknowledged at once, idempotent by repository and sha",
        body: CommitsRequest,
        response: { 202: CommitsResponse, ...errors(401, 413, 422) },
      },
    },
    async (request, reply) => {
      const receipt = await receiveCommits(deps.ctx(request), request.body.commits);
      if (receipt.status === "accepted") deps.afterWrite();
      return reply.code(202).send({ ok: true as const, ...receipt });
    },
  );

  app.get(
    "/v1/dora/commits/:sha",
    {
      config: { access: "member", contract: "fairway" },
      serializerCompiler,
      schema: {
        response: { 200: CommitAnswer, ...errors(401, 403, 404) },
        tags,
        summary: "One commit",
        params: Type.Object({ sha: Type.String() }),
        querystring: Type.Object({ repository: Type.Optional(Type.String()) }),
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const { sha } = request.params;
      const commit = await commitDetail(ctx, sha, request.query.repository ?? null, await sightOf(ctx));
      return { ok: true, commit };
    },
  );

  app.post(
    "/v1/dora/imports",
    {
      config: { access: "admin", contract: "fairway" },
      schema: {
        tags,
        summary: "Announce an import",
        body: ImportCreateRequest,
        response: { 201: ImportResponse, ...errors(401, 422) },
      },
    },
    async (request, reply) => {
      const run = await startImport(deps.ctx(request), request.body);
      deps.afterImport();
      return reply.code(201).send({ ok: true as const, import: run });
    },
  );

  app.patch(
    "/v1/dora/imports/:id",
    {
      config: { access: "admin", contract: "fairway" },
      schema: {
        tags,
        summary: "Report progress of an import",
        params: IdParams,
        body: ImportUpdateRequest,
        response: { 200: ImportResponse, ...errors(401, 404, 422) },
      },
    },
    async (request) => {
      const run = await reportImport(deps.ctx(request), request.params.id, request.body);
      deps.afterImport();
      return { ok: true as const, import: run };
    },
  );

  app.get(
    "/v1/dora/imports",
    {
      config: { access: "member", contract: "fairway" },
      schema: {
        tags,
        summary: "Imports, newest first",
        querystring: ImportsQuery,
        response: { 200: ImportsResponse, ...errors(401, 422) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const runs = await listImports(ctx, request.query);
      return { ok: true as const, imports: await importsInSight(ctx, await sightOf(ctx), runs) };
    },
  );

  app.get(
    "/v1/dora/status",
    {
      config: { access: "member", contract: "fairway" },
      serializerCompiler,
      schema: {
        response: { 200: StatusAnswer, ...errors(401) },
        tags,
        summary: "Whether everything acknowledged is in the numbers",
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      return { ok: true, ...(await doraStatus(ctx, await sightOf(ctx))) };
    },
  );

  app.get(
    "/v1/dora/metrics",
    {
      config: { access: "member", contract: "fairway" },
      serializerCompiler,
      schema: {
        response: { 200: MetricsAnswer, ...errors(401, 403, 404, 422, 429) },
        tags,
        summary: "The metrics of a scope and window",
        querystring: MetricsQuery,
      },
    },
    async (request, reply) => {
      const ctx = deps.ctx(request);
      const sight = await sightOf(ctx);
      return { ok: true, ...(await doraMetrics(ctx, request.query, sight, untilGone(reply))) };
    },
  );

  app.get(
    "/v1/dora/evidence",
    {
      config: { access: "member", contract: "fairway" },
      serializerCompiler,
      schema: {
        response: { 200: EvidenceAnswer, ...errors(401, 403, 404, 422) },
        tags,
        summary: "The rows behind a number, and what was left out",
        querystring: EvidenceQuery,
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      return { ok: true, ...(await doraEvidence(ctx, request.query, await sightOf(ctx))) };
    },
  );

  app.get(
    "/v1/dora/explain",
    {
      config: { access: "member", contract: "fairway" },
      serializerCompiler,
      schema: {
        response: { 200: ExplainAnswer, ...errors(401, 403, 404, 422) },
        tags,
        summary: "What a number means, what is in it and what is not, and what other profiles say",
        querystring: ExplainQuery,
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      return { ok: true, ...(await doraExplain(ctx, request.query, await sightOf(ctx))) };
    },
  );

  app.get(
    "/v1/dora/deployments/:id",
    {
      config: { access: "member", contract: "fairway" },
      serializerCompiler,
      schema: {
        response: { 200: DeploymentAnswer, ...errors(401, 403, 404) },
        tags,
        summary: "A deployment, its changes and how each was attributed, and why it failed",
        params: IdParams,
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      return { ok: true, ...(await deploymentDetail(ctx, request.params.id, await sightOf(ctx))) };
    },
  );

  app.get(
    "/v1/dora/settings",
    {
      config: { access: "member", contract: "fairway" },
      serializerCompiler,
      schema: {
        response: { 200: SettingsAnswer, ...errors(401) },
        tags,
        summary: "Roles, environments and rules of the metrics",
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      return { ok: true, settings: await settingsView(ctx, await sightOf(ctx)) };
    },
  );

  app.put(
    "/v1/dora/settings",
    {
      config: { access: "admin", contract: "fairway" },
      serializerCompiler,
      schema: {
        response: { 200: SettingsAnswer, ...errors(401, 422) },
        tags,
        summary: "Change roles, environments or rules; keys left out keep their value",
        body: SettingsRequest,
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      await putSettings(ctx, request.body);
      deps.afterWrite();
      return { ok: true, settings: await settingsView(ctx, await sightOf(ctx)) };
    },
  );
}
