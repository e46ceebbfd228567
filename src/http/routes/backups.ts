import Type from "typebox";
import { errors } from "../../api/common.ts";
import type { BackupManifest } from "../../model/backup.ts";
import type { Ctx } from "../../storage/context.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

const Response = Type.Object({
  ok: Type.Literal(true),
  backup: Type.Object({
    folder: Type.String({ description: "on the server's machine" }),
    createdAt: Type.String(),
    bytes: Type.Integer(),
    hasKey: Type.Boolean({ description: "false: FAIRWAY_SECRET_KEY is a setting; keep it yourself" }),
  }),
});

export interface BackupDeps extends RouteDeps {
  /** Of the whole database. @throws AppError forbidden for who belongs to another organisation than the server's */
  readonly backup: (ctx: Ctx) => Promise<{ readonly folder: string; readonly manifest: BackupManifest }>;
}

export function backupRoutes(app: FairwayInstance, deps: BackupDeps): void {
  app.post(
    "/v1/backups",
    {
      config: { access: "admin", contract: "fairway" },
      schema: {
        tags: ["System"],
        summary: "Copy the embedded database and the keys into the data folder, while everything goes on",
        response: { 200: Response, ...errors(401, 403, 409, 422, 503) },
      },
    },
    async (request) => {
      const { folder, manifest } = await deps.backup(deps.ctx(request));
      const { createdAt, bytes, hasKey } = manifest;
      return { ok: true as const, backup: { folder, createdAt, bytes, hasKey } };
    },
  );
}
