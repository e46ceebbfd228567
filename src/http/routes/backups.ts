import Type from "typebox";
import { errors } from "../../api/common.ts";
import type { BackupManifest } from "../../model/backup.ts";
import type { Ctx } from "../../storage/context.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

const Backup = Type.Object({
  folder: Type.String({ description: "on the server's machine" }),
  createdAt: Type.String(),
  bytes: Type.Integer(),
  hasKey: Type.Boolean({ description: "false: FAIRWAY_SECRET_KEY is a setting; keep it yourself" }),
});
const Query = Type.Object(
  {
    keep: Type.Optional(
      Type.Integer({
        ...{ minimum: 1, maximum: 1000 },
        description: "older backups are removed afterwards, so that so many are left",
      }),
    ),
  },
  { additionalProperties: false },
);
const Response = Type.Object({ ok: Type.Literal(true), backup: Backup });
const ListResponse = Type.Object({
  ok: Type.Literal(true),
  isMaking: Type.Boolean({ description: "another one is being made" }),
  backups: Type.Array(Backup, { description: "whole ones, the newest first" }),
});

interface Made {
  readonly folder: string;
  readonly manifest: BackupManifest;
}

/** Of the whole database. @throws AppError forbidden for who belongs to another organisation than the server's */
export interface BackupDeps extends RouteDeps {
  readonly backup: (ctx: Ctx, keep: number | null) => Promise<Made>;
  readonly backups: (ctx: Ctx) => Promise<{ readonly isMaking: boolean; readonly backups: readonly Made[] }>;
}

const view = ({ folder, manifest: { createdAt, bytes, hasKey } }: Made) => ({
  ...{ folder, createdAt, bytes, hasKey },
});

export function backupRoutes(app: FairwayInstance, deps: BackupDeps): void {
  app.post(
    "/v1/backups",
    {
      config: { access: "admin", contract: "fairway" },
      schema: {
        tags: ["System"],
        summary: "Copy the embedded database and the keys into the data folder, while everything goes on",
        querystring: Query,
        response: { 200: Response, ...errors(401, 403, 409, 422, 503) },
      },
    },
    async (request) => {
      const made = await deps.backup(deps.ctx(request), request.query.keep ?? null);
      return { ok: true as const, backup: view(made) };
    },
  );
  app.get(
    "/v1/backups",
    {
      config: { access: "admin", contract: "fairway" },
      schema: {
        tags: ["System"],
        summary: "The backups in the data folder of this server, and whether another one is being made",
        response: { 200: ListResponse, ...errors(401, 403) },
      },
    },
    async (request) => {
      const { isMaking, backups } = await deps.backups(deps.ctx(request));
      return { ok: true as const, isMaking, backups: backups.map(view) };
    },
  );
}
