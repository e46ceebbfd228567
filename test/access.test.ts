/** The second factor and passwords below the routes: RFC vectors, replays, locks, clocks, hashes of earlier versions. */
import { scryptSync } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureAdministrator } from "../src/access/administrator.ts";
import type { KeyRing } from "../src/access/key-ring.ts";
import { readPassword, setPassword } from "../src/access/passwords.ts";
import { requireKey } from "../src/access/require-key.ts";
import {
  beginSecondFactor,
  checkCode,
  confirmSecondFactor,
  readSecondFactor,
  renewRecovery,
} from "../src/access/second-factor.ts";
import { checkPassword } from "../src/access/sign-in.ts";
import type { Subject } from "../src/access/sign-in-records.ts";
import { base32, codeOf, otpauthUri, stepAt, stepOfCode } from "../src/access/totp.ts";
import { createSignInLimits } from "../src/http/identity/sign-in-limits.ts";
import type { AppError } from "../src/model/error.ts";
import { appendAuditEvents, trimRefusals } from "../src/storage/audit-events.ts";
import type { Ctx } from "../src/storage/context.ts";
import { fromBase32 } from "./support/base32.ts";
import { openTestDatabase, type TestDatabase } from "./support/database.ts";

const KEY: KeyRing = { current: Buffer.alloc(32, 7), earlier: [] };
const START = Date.parse("2026-03-01T12:00:00Z");
let database: TestDatabase;
let time = START;
let ctx: Ctx;
beforeAll(async () => {
  database = await openTestDatabase();
  ctx = { ...database.ctx, now: () => new Date(time) };
});
afterAll(() => database.close());

describe("codes that change with time", () => {
  const SECRET = Buffer.from("12345678901234567890");

  test.each([
    [59, "94287082"],
    [1_111_111_109, "07081804"],
    [1_111_111_111, "14050471"],
    [1_234_567_890, "89005924"],
    [2_000_000_000, "69279037"],
    [20_000_000_000, "65353130"],
  ])("RFC 6238, appendix B: at %d", (seconds, code) => {
    const step = stepAt(new Date(seconds * 1000));
    expect(codeOf(SECRET, step, 8)).toBe(code);
    expect(codeOf(SECRET, step)).toBe(code.slice(2));
  });

  test.each([
    "755224",
    "287082",
    "359152",
    "969429",
    "338314",
    "254676",
    "287922",
    "162583",
    "399871",
    "520489",
  ])("RFC 4226, appendix D: %s", (code) => {
    expect(Array.from({ length: 10 }, (_, step) => codeOf(SECRET, step))).toContain(code);
  });

  test("are taken a step before and after, not two", () => {
    const now = new Date(START);
    const at = (steps: number) => stepOfCode(SECRET, codeOf(SECRET, stepAt(now) + steps), now);
    expect([-1, 0, 1].map(at)).toEqual([-1, 0, 1].map((steps) => stepAt(now) + steps));
    expect([-2, 2].map(at)).toEqual([null, null]);
  });

  test.each([
    ["", ""],
    ["f", "MY"],
    ["fo", "MZXQ"],
    ["foo", "MZXW6"],
    ["foob", "MZXW6YQ"],
    ["fooba", "MZXW6YTB"],
    ["foobar", "MZXW6YTBOI"],
  ])("RFC 4648 base32 without padding: %j", (text, expected) => {
    expect(base32(Buffer.from(text))).toBe(expected);
  });

  test("the address that apps scan names issuer, account and secret", () => {
    expect(otpauthUri("Fair Way", "a+b@example.com", Buffer.from("foobar"))).toBe(
      "otpauth://totp/Fair%20Way:a%2Bb%40example.com?secret=MZXW6YTBOI&issuer=Fair%20Way",
    );
  });
});

/** Sets one up. @returns the code of now, and recovery codes */
async function enrol(
  email: string,
): Promise<{ code: (steps?: number) => string; recovery: readonly string[] }> {
  const { uri } = await beginSecondFactor(ctx, KEY, email);
  const secret = fromBase32(new URL(uri).searchParams.get("secret") ?? "");
  const code = (steps = 0) => codeOf(secret, stepAt(ctx.now()) + steps);
  const recovery = await confirmSecondFactor(ctx, KEY, email, code(-1), "none");
  if (!Array.isArray(recovery)) throw new Error(`not confirmed: ${JSON.stringify(recovery)}`);
  return { code, recovery: recovery as readonly string[] };
}

describe("the second factor", () => {
  test("a code is good once, also for two who send it at the same time, and none before it is", async () => {
    const { code } = await enrol("once@example.com");
    const answers = await Promise.all([1, 2, 3].map(() => checkCode(ctx, KEY, "once@example.com", code())));
    expect(answers.filter((answer) => answer === "right")).toHaveLength(1);
    expect(await checkCode(ctx, KEY, "once@example.com", code(-1))).toBe("wrong");
    expect(await checkCode(ctx, KEY, "once@example.com", code(1))).toBe("right");
    expect(await checkCode(ctx, KEY, "once@example.com", code())).toBe("wrong");
  });

  test("the code that confirmed it does not sign in", async () => {
    const { uri } = await beginSecondFactor(ctx, KEY, "replay@example.com");
    const secret = fromBase32(new URL(uri).searchParams.get("secret") ?? "");
    const code = codeOf(secret, stepAt(ctx.now()));
    expect(await checkCode(ctx, KEY, "replay@example.com", code)).toBe("wrong");
    expect(await confirmSecondFactor(ctx, KEY, "replay@example.com", code, "none")).toHaveLength(10);
    expect(await checkCode(ctx, KEY, "replay@example.com", code)).toBe("wrong");
  });

  test("a second one is refused while there is one; one that was not confirmed is replaced", async () => {
    await beginSecondFactor(ctx, KEY, "twice@example.com");
    await enrol("twice@example.com");
    await expect(beginSecondFactor(ctx, KEY, "twice@example.com")).rejects.toThrow(/already/);
  });

  test("recovery codes are good once, however they are typed, and end with new ones", async () => {
    const { code, recovery } = await enrol("lost@example.com");
    const [first = "", second = ""] = recovery;
    expect(new Set(recovery).size).toBe(10);
    expect(first).toMatch(/^([a-z2-7]{4}-){3}[a-z2-7]{4}$/);
    expect(await checkCode(ctx, KEY, "lost@example.com", first.toUpperCase().replaceAll("-", " "))).toBe(
      "right",
    );
    expect(await checkCode(ctx, KEY, "lost@example.com", first)).toBe("wrong");
    expect(await readSecondFactor(ctx.db, ctx.org, "lost@example.com")).toEqual({
      isOn: true,
      recoveryCodesLeft: 9,
    });
    const fresh = await renewRecovery(ctx, KEY, "lost@example.com", code());
    expect(fresh).toHaveLength(10);
    expect(await checkCode(ctx, KEY, "lost@example.com", second)).toBe("wrong");
  });

  test("five wrong codes lock it for a minute, five more for two; the right one then is not looked at", async () => {
    const email = "guessed@example.com";
    const { code, recovery } = await enrol(email);
    const guess = () => checkCode(ctx, KEY, email, "000000x");
    const lockedFor = async (): Promise<number> => {
      const outcome = await checkCode(ctx, KEY, email, code(1));
      return typeof outcome === "object" ? outcome.lockedUntil.getTime() - time : 0;
    };
    for (let i = 0; i < 5; i += 1) expect(await guess()).toBe("wrong");
    expect(await lockedFor()).toBe(60_000);
    expect(await checkCode(ctx, KEY, email, recovery[0] ?? "")).toHaveProperty("lockedUntil");
    time += 60_000;
    for (let i = 0; i < 5; i += 1) expect(await guess()).toBe("wrong");
    expect(await lockedFor()).toBe(120_000);
    time += 120_000;
    expect(await checkCode(ctx, KEY, email, code())).toBe("right");
    for (let i = 0; i < 4; i += 1) expect(await guess()).toBe("wrong");
    expect(await checkCode(ctx, KEY, email, code(1))).toBe("right");
  });

  test("a clock that was wrong does not lock it until then", async () => {
    const email = "ahead@example.com";
    const year = 365 * 86_400_000;
    time += year;
    const { code } = await enrol(email);
    expect(await checkCode(ctx, KEY, email, code())).toBe("right");
    time -= year;
    expect(await checkCode(ctx, KEY, email, code())).toBe("right");
    expect(await checkCode(ctx, KEY, email, code())).toBe("wrong");
    expect(await checkCode(ctx, KEY, email, code(-1))).toBe("wrong");
  });

  test("neither secret nor recovery codes are stored as they are", async () => {
    const { recovery } = await enrol("stored@example.com");
    const rows = await ctx.db.selectFrom("second_factor").selectAll().where("org", "=", ctx.org).execute();
    const stored = JSON.stringify(rows);
    for (const text of recovery) expect(stored).not.toContain(text.replaceAll("-", ""));
  });
});

test("a key that opens none of the stored secrets is refused, one that opens some is not", async () => {
  /** What is stored of the first is opened by the first only. */
  const fits = (key: string): Promise<void> =>
    requireKey(ctx.db, ctx.org, (_org, name, sealed) => {
      if (Buffer.from(sealed).toString() !== `${key} ${name}`) throw new Error("unable to authenticate data");
    });
  await ctx.db.deleteFrom("second_factor").where("org", "=", ctx.org).execute();
  await expect(fits("first")).resolves.toBeUndefined();
  const factor = { org: ctx.org, email: "begun@example.com", created_at: ctx.now() };
  await ctx.db
    .insertInto("second_factor")
    .values({ ...factor, secret: Buffer.from("nobody's") })
    .execute();
  await expect(fits("first")).resolves.toBeUndefined();
  const add = (name: string, key: string) =>
    ctx.db
      .insertInto("secret")
      .values({
        ...{ org: ctx.org, name, description: null, ciphertext: Buffer.from(`${key} ${name}`) },
        ...{ created_at: ctx.now(), created_by: "a", updated_at: ctx.now(), updated_by: "a" },
      })
      .execute();
  await add("a", "first");
  await expect(fits("first")).resolves.toBeUndefined();
  await expect(fits("second")).rejects.toThrow("the secret key opens none of the stored secrets (1 tried)");
  await add("b", "second");
  await expect(fits("second")).resolves.toBeUndefined();
  await ctx.db.deleteFrom("secret").where("org", "=", ctx.org).execute();
});

describe("failures", () => {
  const headers = new Map<string, string>();
  const reply = {
    header: (name: string, value: string) => headers.set(name, value),
  } as unknown as FastifyReply;
  const from = (ip: string) => ({ ip, headers: {} }) as FastifyRequest;
  const limits = (db = ctx.db) => createSignInLimits({ db, org: ctx.org, now: ctx.now, system: ctx });
  const account = (name: string) => ({ kind: "account", name }) as const;
  /** Each by a process of its own. @returns how it was answered */
  const fail = (ip: string, subject: Subject | null): Promise<unknown> =>
    limits()
      .guarded(from(ip), reply, subject, () => Promise.resolve(null), "wrong")
      .catch((error: unknown) => (error as AppError).code);
  const failures = async (times: number, ip: (i: number) => string, subject: Subject | null) => {
    const answers = await Promise.all(Array.from({ length: times }, (_, i) => fail(ip(i), subject)));
    return answers.filter((answer) => answer === "rate_limited").length;
  };

  test("are counted for all processes, by address and by account, until their time is over", async () => {
    expect(await failures(12, () => "192.0.2.1", null)).toBe(2);
    expect(Number(headers.get("retry-after"))).toBe(60);
    expect(await failures(35, (i) => `198.51.100.${i}`, account("ada@example.com"))).toBe(5);
    expect(await failures(1, () => "203.0.113.1", account("grace@example.com"))).toBe(0);
    time += 61_000;
    expect(await failures(1, () => "192.0.2.1", null)).toBe(0);
    expect(await failures(1, () => "203.0.113.1", account("ada@example.com"))).toBe(1);
    time += 300_000;
    expect(await failures(1, () => "203.0.113.1", account("ada@example.com"))).toBe(0);
    const stored = JSON.stringify(await ctx.db.selectFrom("sign_in_failure").selectAll().execute());
    expect(stored).not.toMatch(/192\.0|ada@/);
    // What is over goes.
    time += 301_000;
    await fail("192.0.2.9", null);
    expect(await ctx.db.selectFrom("sign_in_failure").selectAll().execute()).toHaveLength(1);
  });

  test("of all addresses of one network of IPv6 are counted together", async () => {
    expect(await failures(12, (i) => `2001:db8:1:2::${i}`, null)).toBe(2);
    expect(await failures(1, () => "2001:db8:1:3::1", null)).toBe(0);
    time += 301_000;
  });

  test("are recorded apart from other refusals: guesses do not push those out", async () => {
    const refused = { kind: "entity", action: "UPDATE", refusal: "forbidden" } as const;
    const identifiers = ["first", "second", "third"];
    await appendAuditEvents(
      ctx,
      identifiers.map((identifier) => ({ ...refused, identifier })),
    );
    for (let i = 0; i < 3; i += 1) await fail(`192.0.2.${i + 100}`, null);
    await trimRefusals(ctx.db, ctx.org, 2);
    const { rows } = await sql<{ kind: string; identifier: string | null }>`
      select kind, identifier from audit_event where org = ${ctx.org} and status = 'FAILURE' order by seq`.execute(
      ctx.db,
    );
    const of = (kind: string) => rows.filter((row) => row.kind === kind).map((row) => row.identifier);
    expect([of("entity"), of("sign_in")]).toEqual([identifiers.slice(1), [null, null]]);
  });

  test("of the database are nobody's: whoever tried meanwhile comes in when it is back", async () => {
    const away = new Proxy(ctx.db, {
      get: () => () => {
        throw new Error("the database is away");
      },
    });
    const ip = from("192.0.2.77");
    const process = limits(away);
    for (let i = 0; i < 12; i += 1)
      await expect(
        process.guarded(ip, reply, account("ada@example.com"), () => Promise.resolve("in"), "wrong"),
      ).rejects.toThrow("the database is away");
  });

  test("of strangers shut nobody out from where they are signed in; a success is none", async () => {
    const email = "known@example.com";
    await ctx.db
      .insertInto("web_session")
      .values({
        ...{ org: ctx.org, token_hash: "h", email, address: "192.0.2.50" },
        ...{ created_at: ctx.now(), last_seen_at: ctx.now(), expires_at: new Date(time + 86_400_000) },
      })
      .execute();
    expect(await failures(31, (i) => `198.51.100.${i + 100}`, account(email))).toBe(1);
    const enter = (ip: string) =>
      limits().guarded(from(ip), reply, account(email), () => Promise.resolve("in"), "wrong");
    for (let i = 0; i < 12; i += 1) expect(await enter("192.0.2.50")).toBe("in");
    await expect(enter("192.0.2.51")).rejects.toThrow(/too many/);
  });
});

describe("passwords", () => {
  const stored = async (email: string) => (await readPassword(ctx.db, ctx.org, email)).hash ?? "";

  test("of an earlier version are taken, and stored anew", async () => {
    const salt = Buffer.from("0123456789abcdef");
    const key = scryptSync("correct horse battery", salt, 32, { N: 16_384, r: 8, p: 1 });
    const old = `scrypt$${salt.toString("base64")}$${key.toString("base64")}`;
    await ctx.db
      .insertInto("account")
      .values({ org: ctx.org, email: "old@example.com", name: "Old", role: "Member", password_hash: old })
      .execute();
    const check = (password: string) => checkPassword(ctx.db, ctx.org, "old@example.com", password);
    expect(await check("correct horse batterY")).toBe(false);
    expect(await stored("old@example.com")).toBe(old);
    expect(await check("correct horse battery")).toBe(true);
    expect(await stored("old@example.com")).toMatch(/^argon2id\$m=19456,t=2,p=1\$/);
    expect(await check("correct horse battery")).toBe(true);
    expect(await check("correct horse batterY")).toBe(false);
  });

  test("that the administrator chose survive a start without a configured one, and give way to one", async () => {
    const start = (password: string | null) =>
      ensureAdministrator(ctx.db, ctx.org, { email: "root@example.com", password });
    await start(null);
    await setPassword(ctx, "root@example.com", "seven green umbrellas", null);
    await start(null);
    const check = (password: string) => checkPassword(ctx.db, ctx.org, "root@example.com", password);
    expect(await check("seven green umbrellas")).toBe(true);
    await start("correct horse battery");
    expect([await check("seven green umbrellas"), await check("correct horse battery")]).toEqual([
      false,
      true,
    ]);
    await expect(setPassword(ctx, "root@example.com", "nine blue umbrellas", null)).rejects.toThrow(
      /FAIRWAY_ADMIN_PASSWORD/,
    );
    await start(null);
    expect(await check("correct horse battery")).toBe(false);
  });
});
