import * as api from "../../api/actions.ts";
import { errors, isOn } from "../../api/common.ts";
import { decideRun, getApprovers, runsToApprove } from "../../automation/approve-run.ts";
import { acknowledge, claimPending } from "../../automation/claim-runs.ts";
import { render } from "../../automation/list-runs.ts";
import type { RunMeans } from "../../automation/run-means.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

const tags = ["Runs"];
const serializerCompiler = () => JSON.stringify;

export function runApprovalRoutes(app: FairwayInstance, deps: RouteDeps & { readonly runs: RunMeans }): void {
  const { selfApproval } = deps.runs;
  app.patch(
    "/v1/actions/runs/:run/approval",
    {
      config: { access: "member", contract: "port", audits: "run" },
      serializerCompiler,
      schema: {
        tags,
        summary: "Approve of a run, or decline it",
        params: api.RunParams,
        body: api.ApprovalRequest,
        response: { 201: api.RunResponse, ...errors(401, 403, 404, 409, 422) },
      },
    },
    async (request, reply) => {
      const ctx = deps.ctx(request);
      const run = await decideRun(ctx, request.params.run, request.body, selfApproval);
      deps.afterWrite();
      const [shown] = await render(ctx, [run], "v2");
      return reply.code(201).send({ ok: true as const, run: shown as never });
    },
  );
  app.get(
    "/v1/actions/runs/:run/approvers",
    {
      config: { access: "member", contract: "port" },
      serializerCompiler,
      schema: {
        tags,
        summary: "Who decided on a run",
        params: api.RunParams,
        querystring: api.ApproversQuery,
        response: { 200: api.ApproversResponse, ...errors(401, 404) },
      },
    },
    async (request) => {
      const withPending = isOn(request.query.include_pending_approvers);
      const approvers = await getApprovers(deps.ctx(request), request.params.run, withPending, selfApproval);
      return { ok: true as const, approvers: approvers as never };
    },
  );
  app.get(
    "/v1/approvals",
    {
      config: { access: "member", contract: "fairway" },
      serializerCompiler,
      schema: {
        tags,
        summary: "Runs that wait for a decision of the caller, newest first",
        response: { 200: api.RunsResponse, ...errors(401) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const runs = await runsToApprove(ctx, selfApproval);
      return { ok: true as const, runs: (await render(ctx, runs, "v2")) as never };
    },
  );
}

/** Workflows are not there: executors that ask for their nodes are told that there are none (docs/compatibility.md). */
export function workflowStubRoutes(app: FairwayInstance): void {
  const config = { access: "member", contract: "port" } as const;
  app.post(
    "/v1/workflows/runs/claim-pending",
    {
      config,
      schema: {
        tags,
        summary: "There are no workflows: none of their nodes is pending",
        body: api.ClaimRequest,
        response: { 200: api.NodeRunsResponse, ...errors(401) },
      },
    },
    () => ({ ok: true as const, nodeRuns: [] }),
  );
  app.get(
    "/v1/workflows/nodes/runs",
    {
      config,
      schema: {
        tags,
        summary: "There are no workflows, and no runs of their nodes",
        response: { 200: api.NodeRunsResponse, ...errors(401) },
      },
    },
    () => ({ ok: true as const, nodeRuns: [] }),
  );
}

/** For executors: port-agent and Ocean. */
export function runClaimRoutes(app: FairwayInstance, deps: RouteDeps & { readonly runs: RunMeans }): void {
  app.post(
    "/v1/actions/runs/claim-pending",
    {
      config: { access: "member", contract: "port" },
      serializerCompiler,
      schema: {
        tags,
        summary: "Claim runs to carry them out; with API credentials",
        body: api.ClaimRequest,
        response: { 200: api.RunsResponse, ...errors(401, 403, 422) },
      },
    },
    async (request) => {
      const runs = await claimPending(deps.ctx(request), deps.runs, request.body);
      if (runs.length > 0) deps.afterWrite();
      return { ok: true as const, runs: runs as never };
    },
  );
  app.patch(
    "/v1/actions/runs/ack",
    {
      config: { access: "member", contract: "port" },
      schema: {
        tags,
        summary: "Acknowledge claimed runs",
        body: api.AckRequest,
        response: { 200: api.AckResponse, ...errors(401, 403, 404, 409, 422) },
      },
    },
    async (request) => {
      const ackedCount = await acknowledge(deps.ctx(request), request.body);
      deps.afterWrite();
      return { ok: true as const, ackedCount };
    },
  );
}
