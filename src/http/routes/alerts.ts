import * as api from "../../api/automations.ts";
import { errors, Ok } from "../../api/common.ts";
import {
  alertStatus,
  createAlert,
  getAlert,
  getAlerts,
  removeAlert,
  replaceAlert,
} from "../../automation/alerts/define-alert.ts";
import { previewAlert } from "../../automation/alerts/preview-alert.ts";
import { metricRows } from "../../metrics/dora/metric-rows.ts";
import { getNotifications } from "../../automation/notifications.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

const tags = ["Alerts"];
const serializerCompiler = () => JSON.stringify;
/** Recipients and addresses are for those who may change them. */
const admins = { access: "admin", contract: "fairway" } as const;
const DEFAULT_LIMIT = 100;

export interface AlertDeps extends RouteDeps {
  /** This server sends e-mail. */
  readonly mails: boolean;
}

export function alertRoutes(app: FairwayInstance, deps: AlertDeps): void {
  app.get(
    "/v1/alerts",
    {
      config: admins,
      serializerCompiler,
      schema: { tags, summary: "All alerts", response: { 200: api.AlertsResponse, ...errors(401, 403) } },
    },
    async (request) => ({ ok: true as const, alerts: (await getAlerts(deps.ctx(request))) as never }),
  );
  app.post(
    "/v1/alerts",
    {
      config: admins,
      serializerCompiler,
      schema: {
        tags,
        summary: "Create an alert, and the automations that it is",
        body: api.AlertRequest,
        response: { 201: api.AlertResponse, ...errors(401, 403, 404, 409, 422) },
      },
    },
    async (request, reply) => {
      const alert = await createAlert(deps.ctx(request), request.body);
      deps.afterWrite();
      return reply.code(201).send({ ok: true as const, alert });
    },
  );
  app.post(
    "/v1/alerts/preview",
    {
      config: { ...admins, isTrial: true },
      serializerCompiler,
      schema: {
        tags,
        summary:
          "What an alert would do now, what it would have done in the last 30 days, and whom it would tell",
        description: "Nothing is written, nothing sent. The alert may lack its identifier.",
        body: api.AlertRequest,
        response: { 200: api.AlertPreviewResponse, ...errors(401, 403, 404, 422, 429) },
      },
    },
    async (request) => {
      const means = { metrics: metricRows, mails: deps.mails };
      return { ok: true as const, ...(await previewAlert(deps.ctx(request), request.body, means)) } as never;
    },
  );
  app.get(
    "/v1/alerts/:alert",
    {
      config: admins,
      serializerCompiler,
      schema: {
        tags,
        summary: "One alert",
        params: api.AlertParams,
        response: { 200: api.AlertResponse, ...errors(401, 403, 404) },
      },
    },
    async (request) => ({
      ok: true as const,
      alert: (await getAlert(deps.ctx(request), request.params.alert)) as never,
    }),
  );
  app.put(
    "/v1/alerts/:alert",
    {
      config: admins,
      serializerCompiler,
      schema: {
        tags,
        summary: "Replace an alert; what is known of its subjects stays",
        params: api.AlertParams,
        body: api.AlertRequest,
        response: { 200: api.AlertResponse, ...errors(401, 403, 404, 422) },
      },
    },
    async (request) => {
      const alert = await replaceAlert(deps.ctx(request), request.params.alert, request.body);
      deps.afterWrite();
      return { ok: true as const, alert };
    },
  );
  app.delete(
    "/v1/alerts/:alert",
    {
      config: admins,
      schema: {
        tags,
        summary: "Delete an alert and its automations; their runs stay",
        params: api.AlertParams,
        response: { 200: Ok, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      await removeAlert(deps.ctx(request), request.params.alert);
      deps.afterWrite();
      return { ok: true as const };
    },
  );
  app.get(
    "/v1/alerts/:alert/status",
    {
      config: admins,
      serializerCompiler,
      schema: {
        tags,
        summary: "Which subjects fire, and what was told lately",
        params: api.AlertParams,
        querystring: api.AlertStatusQuery,
        response: { 200: api.AlertStatusResponse, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT } = request.query;
      const status = await alertStatus(deps.ctx(request), request.params.alert, limit);
      return { ok: true as const, ...status } as never;
    },
  );
  app.get(
    "/v1/notifications",
    {
      config: admins,
      serializerCompiler,
      schema: {
        tags,
        summary:
          "What people were told by alerts, initiatives, automations and approvals, and whether it came there",
        querystring: api.NotificationsQuery,
        response: { 200: api.NotificationsResponse, ...errors(401, 403, 422) },
      },
    },
    async (request) => {
      const { limit = DEFAULT_LIMIT, ...filter } = request.query;
      return {
        ok: true as const,
        ...(await getNotifications(deps.ctx(request), { ...filter, limit })),
      } as never;
    },
  );
}
