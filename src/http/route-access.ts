/**
 * What every route says of itself: who may call it, and whose contract it keeps. One hook refuses a route without it
 * when the server starts, one writes it into the OpenAPI document.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { AppError } from "../model/error.ts";
import { requireFreshProof } from "../model/fresh-proof.ts";
import { isAdmin } from "../model/user.ts";
import { covers } from "../model/scope.ts";
import type { Identity } from "./auth.ts";
import { areaOf, isMinting, isReading, isSensitive } from "./route-areas.ts";

/**
 * `public`: no sign-in. `member`: everybody who is signed in. `entities`: signed in, and the permissions of the
 * blueprint decide in the use case. `admin`: administrators, and API credentials. `metrics`: as `member`, and
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
    /** Also for whoever has to set up a second factor before anything else. */
    isForEnrolling?: boolean;
    /** As what requests that are refused here are recorded in the audit log; absent: they are not. */
    audits?: Audited;
  }
}

/** Refuses, at start, a route that does not say who may call it. */
export function requireAccess(app: FastifyInstance): void {
  app.addHook("onRoute", (route) => {
    if (route.config?.access === undefined || route.config.contract === undefined)
      throw new Error(`${String(route.method)} ${route.url} does not declare access and contract`);
    if (route.config.access !== "public" && areaOf(route.url) === undefined)
      throw new Error(`${String(route.method)} ${route.url} is in no area (route-areas.ts)`);
  });
}

/** @throws AppError forbidden */
export function checkAccess(request: FastifyRequest, identity: Identity): void {
  if (identity.mustEnrol === true && request.routeOptions.config.isForEnrolling !== true)
    throw new AppError(
      "forbidden",
      "the organisation requires a second factor; set one up first (POST /auth/second-factor/setup)",
      { reason: "second_factor_required" },
    );
  if (isSensitive(request.method, request.routeOptions.url ?? "")) requireFreshProof(identity.actor);
  checkScopes(request, identity);
  if (request.routeOptions.config.access !== "admin") return;
  const { person } = identity.actor;
  if (person === undefined || isAdmin(person)) return;
  throw new AppError("forbidden", "only administrators may do this");
}

/** @throws AppError forbidden for what the token is not made for */
function checkScopes(request: FastifyRequest, { actor: { scopes } }: Identity): void {
  const { url } = request.routeOptions;
  if (scopes === undefined || url === undefined) return;
  if (isMinting(request.method, url))
    throw new AppError("forbidden", "a token with scopes may not give out credentials or let people in");
  const area = areaOf(url);
  if (area === "any") return;
  const isWrite = !isReading(request.method, url);
  if (area === undefined || !covers(scopes, area, isWrite))
    throw new AppError(
      "forbidden",
      `the token lacks the scope ${area ?? "of this route"}:${isWrite ? "write" : "read"}`,
    );
}
