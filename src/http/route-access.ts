/**
 * What every route says of itself: who may call it, and whose contract it keeps. One hook refuses a route without it
 * when the server starts, one writes it into the OpenAPI document.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { AppError } from "../model/error.ts";
import { isAdmin } from "../model/user.ts";
import type { Identity } from "./auth.ts";

/**
 * `public`: no sign-in. `member`: everybody who is signed in. `entities`: signed in, and the permissions of the
 * blueprint decide in the use case. `admin`: administrators, and the credentials of apps. `metrics`: as `member`, and
 * whoever sends FAIRWAY_METRICS_TOKEN.
 */
export type Access = "public" | "member" | "entities" | "admin" | "metrics";

export type Audited =
  | "entity"
  | "blueprint"
  | "scorecard"
  | "permissions"
  | "page"
  | "folder"
  | "page_permissions"
  | "team"
  | "user"
  | "organization"
  | "secret"
  | "app"
  | "webhook"
  | "integration"
  | "data_source"
  | "action"
  | "action_permissions"
  | "run";

declare module "fastify" {
  interface FastifyContextConfig {
    access?: Access;
    /** `port`: compatible with Port's public API, changes only with it; `fairway`: ours. */
    contract?: "port" | "fairway";
    /** As what requests that are refused here are recorded in the audit log; absent: they are not. */
    audits?: Audited;
  }
}

/** Refuses, at start, a route that does not say who may call it. */
export function requireAccess(app: FastifyInstance): void {
  app.addHook("onRoute", (route) => {
    if (route.config?.access === undefined || route.config.contract === undefined)
      throw new Error(`${String(route.method)} ${route.url} does not declare access and contract`);
  });
}

/** @throws AppError forbidden */
export function checkAccess(request: FastifyRequest, identity: Identity): void {
  if (request.routeOptions.config.access !== "admin") return;
  const { person } = identity.actor;
  if (person === undefined || isAdmin(person)) return;
  throw new AppError("forbidden", "only administrators may do this");
}
