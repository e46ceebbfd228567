/**
 * A GitHub App, as docs.github.com describes it ("Authenticating as a GitHub App", "Generating an installation access
 * token for a GitHub App"): a JWT signed with the App's key buys a token that lasts an hour.
 */
import { createVerify, generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openGithub } from "../../../src/integrations/github/client.ts";
import {
  LOOPBACK,
  type Asked,
  type Json,
  startVendor,
  type Told,
  type VendorServer,
} from "../vendor-server.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const PEM = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
const MINUTE_MS = 60_000;

const claimsOf = (jwt: string): Json => {
  const [head = "", claims = "", signature = ""] = jwt.split(".");
  const isSigned = createVerify("RSA-SHA256")
    .update(`${head}.${claims}`)
    .verify(publicKey, signature, "base64url");
  const parsed = (part: string): Json => JSON.parse(Buffer.from(part, "base64url").toString()) as Json;
  return isSigned && parsed(head)["alg"] === "RS256" ? parsed(claims) : {};
};

let server: VendorServer;
let jwts: Json[] = [];
let bearers: string[] = [];
let lifetime = 0;

function answer({ method, path, headers }: Asked): Told {
  const given = String(headers["authorization"]).replace("Bearer ", "");
  if (method !== "POST" || path !== "/app/installations/77/access_tokens") {
    bearers.push(given);
    return given === `ghs_${jwts.length}`
      ? { body: { login: "acme" } }
      : { status: 401, body: { message: "Bad credentials" } };
  }
  const claims = claimsOf(given);
  const [issued, until] = [Number(claims["iat"]), Number(claims["exp"])];
  const now = Date.now() / 1000;
  if (claims["iss"] !== "1234" || !(issued <= now) || !(until > now) || until - issued > 600)
    return { status: 401, body: { message: "A JSON web token could not be decoded" } };
  jwts.push(claims);
  const expires = new Date(Date.now() + lifetime).toISOString();
  return { status: 201, body: { token: `ghs_${jwts.length}`, expires_at: expires } };
}

beforeAll(async () => {
  server = await startVendor(() => true, {}, answer, []);
});
afterAll(() => server.stop());
beforeEach(() => {
  jwts = [];
  bearers = [];
});

const open = (settings: Record<string, string> = {}): ReturnType<typeof openGithub> =>
  openGithub(
    {
      owner: "acme",
      apiUrl: server.url,
      appId: "1234",
      installationId: "77",
      privateKey: PEM,
      ...settings,
    },
    LOOPBACK,
  );

test("one token serves until it is about to end", async () => {
  lifetime = 60 * MINUTE_MS;
  const { http } = open();
  for (let i = 0; i < 3; i += 1) await http.get("/users/acme");
  expect(bearers).toEqual(["ghs_1", "ghs_1", "ghs_1"]);
  expect(jwts).toHaveLength(1);
});

test("a token with less than five minutes left is renewed first", async () => {
  lifetime = 4 * MINUTE_MS;
  const { http } = open();
  for (let i = 0; i < 3; i += 1) await http.get("/users/acme");
  expect(bearers).toEqual(["ghs_1", "ghs_2", "ghs_3"]);
});

test("a key pasted on one line is read; another App's is refused with what to do", async () => {
  lifetime = 60 * MINUTE_MS;
  const { http } = open({ privateKey: PEM.replaceAll("\n", "\\n") });
  expect((await http.get("/users/acme")).status).toBe(200);
  const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const other = open({ privateKey: stranger.export({ type: "pkcs1", format: "pem" }).toString() });
  await expect(other.http.get("/users/acme")).rejects.toThrow(/401.*private key/);
  await expect(open({ privateKey: "no key" }).http.get("/users/acme")).rejects.toThrow(
    "settings.privateKey is no RSA private key",
  );
});
