/** Builds the HTTP server: validation, errors, request ids, sign-in, documentation, pages. Routes come from `register`. */
import fastifyCookie from "@fastify/cookie";
import fastifyHelmet from "@fastify/helmet";
import fastifySwagger from "@fastify/swagger";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import Fastify, { type FastifyBaseLogger, LogController } from "fastify";
import { randomUUID } from "node:crypto";
import { answerHeaders } from "./answer-headers.ts";
import { apiReference } from "./api-reference.ts";
import type { FairwayInstance } from "./app-types.ts";
import { authenticate, type Authenticator } from "./auth.ts";
import { handleError } from "./errors.ts";
import { useJsonBodies } from "./json-body.ts";
import { limitTrials } from "./limit-trials.ts";
import { loggedPath } from "./logged-path.ts";
import { isTracing } from "../tracing/span.ts";
import { createRequestLimits, type RequestLimitRules } from "./request-limits.ts";
import { requireAccess } from "./route-access.ts";
import { useSchemas } from "./schemas.ts";
import { traceRequests } from "./trace-requests.ts";
import { webRoutes } from "./web.ts";

export interface AppOptions {
  readonly logger: FastifyBaseLogger;
  readonly authenticator: Authenticator;
  /** FAIRWAY_METRICS_TOKEN */
  readonly metricsToken: string | null;
  /** Who may say from where a request comes (X-Forwarded-For). */
  readonly trustedProxies: readonly string[];
  readonly requestLimits: RequestLimitRules;
  /** People come by https. */
  readonly isSecure: boolean;
  readonly webFolder: string;
  /** Origins whose pages may be embedded. */
  readonly frameSources: readonly string[];
  readonly version: string;
  /** Told to end: connections that are kept are closed after the next answer, so that nobody has one when it is over. */
  readonly isLeaving: () => boolean;
  readonly register: (app: FairwayInstance) => void;
}

/** 1 MiB, as Port's API; a route may name its own. */
const BODY_LIMIT = 1_048_576;
/** Entity identifiers have up to 1000 characters, each up to 12 bytes when percent-encoded. */
const MAX_PARAM_LENGTH = 12_000;

export async function buildApp(options: AppOptions): Promise<FairwayInstance> {
  const app: FairwayInstance = Fastify({
    loggerInstance: options.logger,
    bodyLimit: BODY_LIMIT,
    trustProxy: options.trustedProxies.length === 0 ? false : [...options.trustedProxies],
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    genReqId: () => randomUUID(),
    // An address that cannot be decoded never reaches the routes and their error handler.
    frameworkErrors: handleError,
    // One line per request, written by the hook below.
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: "idle",
    // What comes on a connection that was busy when listening ended is answered; the connection ends with it.
    return503OnClosing: false,
  }).withTypeProvider<TypeBoxTypeProvider>();

  useSchemas(app);
  useJsonBodies(app);
  app.setErrorHandler(handleError);
  if (isTracing()) traceRequests(app);
  app.addHook("onRequest", answerHeaders(options.isSecure));
  app.addHook("onRequest", (_request, reply, done) => {
    if (options.isLeaving()) reply.header("connection", "close");
    done();
  });
  app.addHook("onResponse", (request, reply, done) => {
    const level = reply.statusCode >= 500 ? "error" : request.url === "/healthz" ? "debug" : "info";
    request.log[level](
      {
        method: request.method,
        url: loggedPath(request.url),
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      "request",
    );
    done();
  });

  await app.register(fastifyCookie);
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: false, // set per page with a nonce (web.ts)
    strictTransportSecurity: false, // the base address may be plain http on a local network (answer-headers.ts)
    crossOriginEmbedderPolicy: false,
  });
  await app.register(fastifySwagger, {
    transform: ({ schema, url, route }) => ({
      url,
      schema: {
        ...schema,
        "x-access": route.config?.access,
        "x-contract": route.config?.contract,
      } as typeof schema,
    }),
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Fairway",
        version: options.version,
        description: "Compatible with Port's public API, plus DORA metrics.",
      },
      components: { securitySchemes: { bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" } } },
      security: [{ bearer: [] }],
    },
  });
  const limits = createRequestLimits(options.requestLimits);
  app.addHook("onRequest", authenticate(options.authenticator, options.metricsToken, limits));
  await apiReference(app);
  await app.register(async (scope) => {
    requireAccess(scope);
    if (options.requestLimits.perCredential !== null) limitTrials(scope);
    options.register(scope);
    scope.get(
      "/openapi.json",
      { config: { access: "member", contract: "fairway" }, schema: { hide: true } },
      () => app.swagger(),
    );
  });
  await webRoutes(app, options.webFolder, options.frameSources);
  return app;
}
