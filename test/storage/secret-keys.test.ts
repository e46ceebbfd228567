/** Another key for the installation: what was written with the one of before is read, and written anew. */
import { chownSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { KeyRing } from "../../src/access/key-ring.ts";
import { ensureOrganization } from "../../src/access/organization.ts";
import { renewPersonalCredentials } from "../../src/access/personal-credentials.ts";
import { renewSealed } from "../../src/access/renew-sealed.ts";
import { beginSecondFactor, checkCode, confirmSecondFactor } from "../../src/access/second-factor.ts";
import { createSecret, decryptSecret, encryptSecret, openSecrets } from "../../src/access/secrets.ts";
import { createTokens } from "../../src/access/tokens.ts";
import { codeOf, stepAt } from "../../src/access/totp.ts";
import { newKeyCommand } from "../../src/cli/commands/new-key.ts";
import { ensureSystemBlueprints } from "../../src/catalog/system-blueprints.ts";
import { ensureAdministratorUser } from "../../src/catalog/users.ts";
import { loadConfig } from "../../src/config.ts";
import { SEAL_NAMES, type SealedKind } from "../../src/model/seal-names.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { sealedTexts } from "../../src/storage/sealed-texts.ts";
import { fromBase32 } from "../support/base32.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";

const [OLD_KEY, NEW_KEY] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const OLD: KeyRing = { current: OLD_KEY, earlier: [] };
const BOTH: KeyRing = { current: NEW_KEY, earlier: [OLD_KEY] };
const NEW: KeyRing = { current: NEW_KEY, earlier: [] };
const EMAIL = "ada@example.com";
const CONFIGURED = { clientId: "configured", clientSecret: "a secret of some length" };

let database: TestDatabase;
let time = Date.parse("2026-03-01T12:00:00Z");
let ctx: Ctx;
beforeAll(async () => {
  database = await openTestDatabase();
  const actor = { kind: "system", id: "test", datasource: null } as const;
  ctx = { ...database.ctx, actor, now: () => new Date(time) };
  await ensureSystemBlueprints(ctx);
  await ensureAdministratorUser(ctx, { email: EMAIL, former: [] });
});
afterAll(() => database.close());

test("secrets, second factors, recovery codes and client secrets of before go on; tokens end", async () => {
  await ensureOrganization(ctx.db, CONFIGURED, OLD);
  await createSecret(ctx, OLD, { secretName: "TOKEN", secretValue: "hunter2" });
  const { secret } = await beginSecondFactor(ctx, OLD, EMAIL);
  const code = (): string => codeOf(fromBase32(secret), stepAt(ctx.now()));
  const recovery = await confirmSecondFactor(ctx, OLD, EMAIL, code(), "no session");
  expect(recovery).toBeInstanceOf(Array);
  const { clientId, clientSecret } = await renewPersonalCredentials(ctx, OLD, EMAIL);
  const before = createTokens(ctx.db, OLD, ctx.now);
  const token = (await before.issue(clientId, clientSecret))?.accessToken ?? "";
  expect(await before.verify(token)).not.toBeNull();

  // The first start with both.
  await ensureOrganization(ctx.db, CONFIGURED, BOTH);
  expect(await openSecrets(ctx, BOTH)).toEqual({ TOKEN: "hunter2" });
  expect(await renewSealed(ctx.db, ctx.org, BOTH)).toEqual({ renewed: 2, shut: 0 });
  expect(await renewSealed(ctx.db, ctx.org, BOTH)).toEqual({ renewed: 0, shut: 0 });
  expect(await openSecrets(ctx, NEW)).toEqual({ TOKEN: "hunter2" });
  time += 60_000;
  expect(await checkCode(ctx, NEW, EMAIL, code())).toBe("right");
  expect(await checkCode(ctx, BOTH, EMAIL, String((recovery as readonly string[])[0]))).toBe("right");

  // Whoever has the old key could sign such a token.
  const after = createTokens(ctx.db, BOTH, ctx.now);
  expect(await after.verify(token)).toBeNull();
  expect(await createTokens(ctx.db, NEW, ctx.now).issue(clientId, clientSecret)).toBeNull();
  const fresh = await after.issue(clientId, clientSecret);
  expect(await after.verify(fresh?.accessToken ?? "")).toMatchObject({ clientId });
  expect(await after.issue(clientId, "another")).toBeNull();
  // From then on the new key is enough.
  expect(await createTokens(ctx.db, NEW, ctx.now).issue(clientId, clientSecret)).not.toBeNull();
  expect(await after.issue(CONFIGURED.clientId, CONFIGURED.clientSecret)).not.toBeNull();
});

test("another key is refused before anything is written with it", async () => {
  const other: KeyRing = { current: Buffer.alloc(32, 3), earlier: [] };
  const running = createTokens(ctx.db, BOTH, ctx.now);
  const { clientId, clientSecret } = CONFIGURED;
  const token = (await running.issue(clientId, clientSecret))?.accessToken ?? "";
  const another = { clientId: "another", clientSecret: "another secret of some length" };
  for (const credentials of [CONFIGURED, another])
    await expect(ensureOrganization(ctx.db, credentials, other)).rejects.toThrow(/opens none of the stored/);
  expect(await running.verify(token)).toMatchObject({ clientId });
  expect(await running.issue(clientId, clientSecret)).not.toBeNull();
  expect(await running.issue(another.clientId, another.clientSecret)).toBeNull();
  // Where the key is lost, that is said.
  expect(await ensureOrganization(ctx.db, CONFIGURED, other, true)).toBe(ctx.org);
  expect(await running.verify(token)).toBeNull();
  await ensureOrganization(ctx.db, CONFIGURED, BOTH);
});

test("what no key opens is counted and left as it is", async () => {
  const other: KeyRing = { current: Buffer.alloc(32, 3), earlier: [Buffer.alloc(32, 4)] };
  const before = await sealedTexts(ctx.db, ctx.org, 100);
  expect(await renewSealed(ctx.db, ctx.org, other)).toEqual({ renewed: 0, shut: before.length });
  expect(await sealedTexts(ctx.db, ctx.org, 100)).toEqual(before);
});

test("every kind is written anew where it stands", async () => {
  const { org, db } = ctx;
  const sealed = (kind: SealedKind, id: string): Buffer =>
    encryptSecret(OLD, org, SEAL_NAMES[kind](id), kind);
  const at = ctx.now();
  await sql`
    insert into webhook (org, identifier, key, document, secret, created_at, created_by, updated_at, updated_by, source)
    values (${org}, 'hook', 'key', '{}', ${sealed("webhook", "hook")}, ${at}, 'a', ${at}, 'a', 'webhook:hook')`.execute(
    db,
  );
  await sql`
    insert into data_source (org, id, type, title, settings, secrets, webhook_key, webhook_secret, strategies, mapping,
      created_at, created_by, updated_at, updated_by)
    values (${org}, 'ds', 'github', '', '{}', ${sealed("data source", "ds")}, 'other',
      ${sealed("webhook of a data source", "ds")}, '{}', '{}', ${at}, 'a', ${at}, 'a')`.execute(db);
  expect(await renewSealed(db, org, BOTH)).toEqual({ renewed: 3, shut: 0 });
  const all = await sealedTexts(db, org, 100);
  expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set(Object.keys(SEAL_NAMES)));
  const texts = new Map(
    all.map((one) => [one.kind, decryptSecret(NEW, org, SEAL_NAMES[one.kind](one.id), one.sealed)]),
  );
  for (const kind of ["webhook", "data source", "webhook of a data source"] as const)
    expect(texts.get(kind)).toBe(kind);
});

test("fairway new-key keeps the old one first, and a start reads both", async () => {
  const folder = mkdtempSync(join(tmpdir(), "fairway-key-"));
  const { FAIRWAY_DATA, FAIRWAY_SECRET_KEY } = process.env;
  const lines: string[] = [];
  const output = { json: false, write: (line: string) => void lines.push(line) };
  try {
    process.env["FAIRWAY_DATA"] = folder;
    delete process.env["FAIRWAY_SECRET_KEY"];
    // Who may give files away runs it for the owner of the folder, as root does for a service.
    if (process.getuid?.() === 0) chownSync(folder, 65_534, 65_534);
    const run = () => newKeyCommand(output as Parameters<typeof newKeyCommand>[0]);
    await expect(run()).rejects.toThrow(/not a generated one/);
    const first = loadConfig({ FAIRWAY_DATA: folder }, []).secretKeys;
    expect(await run()).toBe(0);
    const second = loadConfig({ FAIRWAY_DATA: folder }, []).secretKeys;
    expect(second.current).not.toEqual(first.current);
    expect(second.earlier).toEqual([first.current]);
    await run();
    const third = loadConfig({ FAIRWAY_DATA: folder }, []).secretKeys;
    expect(third.earlier).toEqual([second.current, first.current]);
    for (const name of ["secret.key", "secret.key.old"]) {
      const { mode, uid } = statSync(join(folder, name));
      expect([mode & 0o777, uid]).toEqual([0o600, statSync(folder).uid]);
    }
    // What one leaves that is killed: a file half written, and its lock.
    writeFileSync(join(folder, "secret.key.old.new"), "");
    writeFileSync(join(folder, "secret.key.new-key"), "");
    await expect(run()).rejects.toThrow(/secret\.key\.new-key is there/);
    rmSync(join(folder, "secret.key.new-key"));
    const both = await Promise.allSettled([run(), run()]);
    const done = both.filter(({ status }) => status === "fulfilled").length;
    const last = loadConfig({ FAIRWAY_DATA: folder }, []).secretKeys;
    expect(last.earlier).toHaveLength(2 + done);
    expect(last.earlier.slice(-3)).toEqual([third.current, second.current, first.current]);
    process.env["FAIRWAY_SECRET_KEY"] = "a key of a setting, with more than 32 characters";
    await expect(run()).rejects.toThrow(/FAIRWAY_SECRET_KEY is set/);
    expect(loadConfig({ FAIRWAY_DATA: folder }, []).secretKeys).toEqual(last);
    const left = readdirSync(folder).filter((name) => name.startsWith("secret.key"));
    expect(new Set(left)).toEqual(new Set(["secret.key", "secret.key.old"]));
    // A key is never shown.
    expect(lines.join("\n")).not.toContain(readFileSync(join(folder, "secret.key"), "utf8").trim());
  } finally {
    if (FAIRWAY_DATA === undefined) delete process.env["FAIRWAY_DATA"];
    else process.env["FAIRWAY_DATA"] = FAIRWAY_DATA;
    if (FAIRWAY_SECRET_KEY === undefined) delete process.env["FAIRWAY_SECRET_KEY"];
    else process.env["FAIRWAY_SECRET_KEY"] = FAIRWAY_SECRET_KEY;
    rmSync(folder, { recursive: true });
  }
});
