import type { KeyRing } from "../../access/key-ring.ts";
import * as apps from "../../access/apps.ts";
import { changeOrganization, getOrganization } from "../../access/organization-settings.ts";
import * as secrets from "../../access/secrets.ts";
import { errors, Ok } from "../../api/common.ts";
import * as api from "../../api/organization.ts";
import { FieldsQuery } from "../../api/people.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";
import { pickFields } from "../people-views.ts";

export interface OrganizationDeps extends RouteDeps {
  /** FAIRWAY_SECRET_KEY: encrypts secrets, hashes client secrets. */
  readonly key: KeyRing;
}

const admin = { access: "admin", contract: "port" } as const;
const organization = { ...admin, audits: "organization" } as const;
const secret = { ...admin, audits: "secret" } as const;
const credentials = { ...admin, audits: "app" } as const;

export function organizationRoutes(app: FairwayInstance, deps: OrganizationDeps): void {
  const tags = ["Organisation"];
  app.get(
    "/v1/organization",
    {
      config: { access: "member", contract: "port" },
      schema: {
        tags,
        summary: "The organisation of this installation",
        response: { 200: api.OrganizationResponse, ...errors(401) },
      },
    },
    async (request) => ({
      ok: true as const,
      organization: (await getOrganization(deps.ctx(request))) as never,
    }),
  );
  app.put(
    "/v1/organization",
    {
      config: organization,
      schema: {
        tags,
        summary: "Replace name, settings and announcement: what the body omits is reset",
        body: api.ReplaceOrganizationRequest,
        response: { 200: api.OrganizationResponse, ...errors(401, 403, 422) },
      },
    },
    async (request) => ({
      ok: true as const,
      organization: (await changeOrganization(deps.ctx(request), request.body, true)) as never,
    }),
  );
  app.patch(
    "/v1/organization",
    {
      config: organization,
      schema: {
        tags,
        summary: "Change name, settings or announcement: settings merge by key",
        body: api.PatchOrganizationRequest,
        response: { 200: api.OrganizationResponse, ...errors(401, 403, 422) },
      },
    },
    async (request) => ({
      ok: true as const,
      organization: (await changeOrganization(deps.ctx(request), request.body, false)) as never,
    }),
  );
  secretRoutes(app, deps);
  appRoutes(app, deps);
}

function secretRoutes(app: FairwayInstance, deps: OrganizationDeps): void {
  const tags = ["Secrets"];
  const path = "/v1/organization/secrets";
  app.get(
    path,
    {
      config: secret,
      schema: {
        tags,
        summary: "All secrets, without their values",
        response: { 200: api.SecretsResponse, ...errors(401, 403) },
      },
    },
    async (request) => ({ ok: true as const, secrets: await secrets.listSecrets(deps.ctx(request)) }),
  );
  app.post(
    path,
    {
      config: secret,
      schema: {
        tags,
        summary: "Store a secret; its value is encrypted and never shown again",
        body: api.CreateSecretRequest,
        response: { 200: api.SecretResponse, ...errors(401, 403, 409, 422) },
      },
    },
    async (request) => ({
      ok: true as const,
      secret: await secrets.createSecret(deps.ctx(request), deps.key, request.body),
    }),
  );
  app.get(
    `${path}/:secretName`,
    {
      config: secret,
      schema: {
        tags,
        summary: "One secret, without its value",
        params: api.SecretParams,
        response: { 200: api.SecretResponse, ...errors(401, 403, 404) },
      },
    },
    async (request) => ({
      ok: true as const,
      secret: await secrets.getSecret(deps.ctx(request), request.params.secretName),
    }),
  );
  app.patch(
    `${path}/:secretName`,
    {
      config: secret,
      schema: {
        tags,
        summary: "Change value or description; an empty description clears it",
        params: api.SecretParams,
        body: api.PatchSecretRequest,
        response: { 200: api.SecretResponse, ...errors(401, 403, 404, 422) },
      },
    },
    async (request) => ({
      ok: true as const,
      secret: await secrets.changeSecret(
        deps.ctx(request),
        deps.key,
        request.params.secretName,
        request.body,
      ),
    }),
  );
  app.delete(
    `${path}/:secretName`,
    {
      config: secret,
      schema: {
        tags,
        summary: "Delete a secret",
        params: api.SecretParams,
        response: { 200: Ok, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      await secrets.deleteSecret(deps.ctx(request), request.params.secretName);
      return { ok: true as const };
    },
  );
}

function appRoutes(app: FairwayInstance, deps: OrganizationDeps): void {
  const tags = ["Apps"];
  app.get(
    "/v1/apps",
    {
      config: credentials,
      schema: {
        tags,
        summary: "All API credentials, without their secrets",
        querystring: FieldsQuery,
        response: { 200: api.AppsResponse, ...errors(401, 403) },
      },
    },
    async (request) => ({
      ok: true as const,
      apps: (await apps.listApps(deps.ctx(request))).map((one) =>
        pickFields({ ...one }, request.query.fields),
      ),
    }),
  );
  app.post(
    "/v1/apps",
    {
      config: credentials,
      schema: {
        tags,
        summary: "Make API credentials; the secret is told once",
        body: api.AppRequest,
        response: { 200: api.NewAppResponse, ...errors(401, 403, 422) },
      },
    },
    async (request) => ({
      ok: true as const,
      app: await apps.createApp(deps.ctx(request), deps.key, request.body.name),
    }),
  );
  app.put(
    "/v1/apps/:id",
    {
      config: credentials,
      schema: {
        tags,
        summary: "Rename API credentials",
        params: api.AppParams,
        body: api.AppRequest,
        response: { 200: api.AppResponse, ...errors(401, 403, 404, 422) },
      },
    },
    async (request) => ({
      ok: true as const,
      app: await apps.renameApp(deps.ctx(request), request.params.id, request.body.name),
    }),
  );
  app.post(
    "/v1/apps/:id/rotate-secret",
    {
      config: credentials,
      schema: {
        tags,
        summary: "A new secret, told once; tokens of the old one end at once",
        params: api.AppParams,
        response: { 200: api.NewAppResponse, ...errors(401, 403, 404, 409) },
      },
    },
    async (request) => ({
      ok: true as const,
      app: await apps.rotateAppSecret(deps.ctx(request), deps.key, request.params.id),
    }),
  );
  app.post(
    "/v1/apps/:id/permissions",
    {
      config: credentials,
      schema: {
        tags,
        summary: "Accepted for clients that grant: all API credentials may do everything anyway",
        params: api.AppParams,
        body: api.AppPermissionsRequest,
        response: { 200: api.AppPermissionsResponse, ...errors(401, 403, 404, 422) },
      },
    },
    async (request) => {
      await apps.getApp(deps.ctx(request), request.params.id);
      return {
        ok: true as const,
        warnings: ["API credentials may do everything; permissions of them are not kept"],
      };
    },
  );
  app.delete(
    "/v1/apps/:id",
    {
      config: credentials,
      schema: {
        tags,
        summary: "Delete API credentials; their tokens end at once",
        params: api.AppParams,
        response: { 200: Ok, ...errors(401, 403, 404, 409) },
      },
    },
    async (request) => {
      await apps.deleteApp(deps.ctx(request), request.params.id);
      return { ok: true as const };
    },
  );
}
