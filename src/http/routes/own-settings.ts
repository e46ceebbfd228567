import { errors, Ok } from "../../api/common.ts";
import * as api from "../../api/own-settings.ts";
import { forgetOwnSetting, keepOwnSetting, ownSettings } from "../../catalog/own-settings.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

const tags = ["Users"];
const config = { access: "member", contract: "fairway" } as const;

export function ownSettingRoutes(app: FairwayInstance, deps: RouteDeps): void {
  app.get(
    "/v1/own-settings",
    {
      config,
      // Values are documents of clients: they are answered as they came.
      serializerCompiler: () => JSON.stringify,
      schema: {
        tags,
        summary: "What the caller keeps for themselves, by name",
        response: { 200: api.OwnSettingsResponse, ...errors(401, 403) },
      },
    },
    async (request) => ({ ok: true as const, settings: (await ownSettings(deps.ctx(request))) as never }),
  );
  app.put(
    "/v1/own-settings/:setting",
    {
      config,
      schema: {
        tags,
        summary: "Keep something for oneself; what was kept under the name goes",
        params: api.OwnSettingParams,
        body: api.OwnSettingRequest,
        response: { 200: Ok, ...errors(401, 403, 422) },
      },
    },
    async (request) => {
      await keepOwnSetting(deps.ctx(request), request.params.setting, request.body.value);
      return { ok: true as const };
    },
  );
  app.delete(
    "/v1/own-settings/:setting",
    {
      config,
      schema: {
        tags,
        summary: "Forget something that one kept for oneself",
        params: api.OwnSettingParams,
        response: { 200: Ok, ...errors(401, 403, 422) },
      },
    },
    async (request) => {
      await forgetOwnSetting(deps.ctx(request), request.params.setting);
      return { ok: true as const };
    },
  );
}
