/** An OpenID Connect provider on loopback: signs with jose, checks PKCE, redirect address and client, tells what it is told to. */
import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

export interface Issuer {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Who comes next, as claims; `error` instead: they are sent back with it. */
  who: Readonly<Record<string, unknown>>;
  /** What goes wrong with the next ID token. */
  fault: "none" | "nonce" | "audience" | "issuer" | "expired" | "key" | "algorithm";
  /** Claims that stand in the answer of userinfo only. */
  userinfo: Readonly<Record<string, unknown>>;
  stop(): Promise<void>;
}

interface Code {
  readonly nonce: string;
  readonly challenge: string;
  readonly redirectUri: string;
  readonly who: Readonly<Record<string, unknown>>;
}

export async function startIssuer(): Promise<Issuer> {
  const right = await generateKeyPair("RS256", { extractable: true });
  const wrong = await generateKeyPair("RS256");
  const jwk = { ...(await exportJWK(right.publicKey)), kid: "k1", alg: "RS256", use: "sig" };
  const codes = new Map<string, Code>();
  const issuer = {
    ...{ url: "", clientId: "fairway", clientSecret: "the secret of the client" },
    who: {} as Readonly<Record<string, unknown>>,
    userinfo: {} as Readonly<Record<string, unknown>>,
    fault: "none" as Issuer["fault"],
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };

  async function idToken({ nonce, who }: Code): Promise<string> {
    const { fault } = issuer;
    const seconds = Math.floor(Date.now() / 1000) - (fault === "expired" ? 7200 : 0);
    const jwt = new SignJWT({ ...who, nonce: fault === "nonce" ? "another" : nonce })
      .setIssuer(fault === "issuer" ? "https://another.example.com" : issuer.url)
      .setAudience(fault === "audience" ? "somebody-else" : issuer.clientId)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + 300);
    if (fault === "algorithm")
      return jwt.setProtectedHeader({ alg: "HS256" }).sign(Buffer.from(issuer.clientSecret.padEnd(32)));
    return jwt
      .setProtectedHeader({ alg: "RS256", kid: "k1" })
      .sign(fault === "key" ? wrong.privateKey : right.privateKey);
  }

  async function answer(request: IncomingMessage): Promise<{ status: number; body?: object; to?: string }> {
    const url = new URL(request.url ?? "/", issuer.url);
    if (url.pathname === "/.well-known/openid-configuration")
      return {
        status: 200,
        body: {
          issuer: issuer.url,
          authorization_endpoint: `${issuer.url}/authorize`,
          token_endpoint: `${issuer.url}/token`,
          userinfo_endpoint: `${issuer.url}/userinfo`,
          jwks_uri: `${issuer.url}/jwks`,
          response_types_supported: ["code"],
          subject_types_supported: ["public"],
          id_token_signing_alg_values_supported: ["RS256"],
          code_challenge_methods_supported: ["S256"],
        },
      };
    if (url.pathname === "/jwks") return { status: 200, body: { keys: [jwk] } };
    if (url.pathname === "/authorize") return authorize(url.searchParams);
    if (url.pathname === "/token") return token(request, await textOf(request));
    if (url.pathname === "/userinfo")
      return { status: 200, body: { sub: issuer.who["sub"], ...issuer.userinfo } };
    return { status: 404, body: {} };
  }

  function authorize(asked: URLSearchParams): { status: number; body?: object; to?: string } {
    const redirectUri = asked.get("redirect_uri") ?? "";
    if (asked.get("client_id") !== issuer.clientId || asked.get("code_challenge_method") !== "S256")
      return { status: 400, body: {} };
    const back = new URL(redirectUri);
    back.searchParams.set("state", asked.get("state") ?? "");
    if (typeof issuer.who["error"] === "string") back.searchParams.set("error", issuer.who["error"]);
    else {
      const code = randomUUID();
      codes.set(code, {
        ...{ nonce: asked.get("nonce") ?? "", challenge: asked.get("code_challenge") ?? "" },
        ...{ redirectUri, who: issuer.who },
      });
      back.searchParams.set("code", code);
    }
    return { status: 302, to: back.href };
  }

  async function token(request: IncomingMessage, body: string): Promise<{ status: number; body: object }> {
    const form = new URLSearchParams(body);
    const code = codes.get(form.get("code") ?? "");
    codes.delete(form.get("code") ?? "");
    const hashed = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    const basic = Buffer.from(
      /^Basic (.*)$/.exec(request.headers.authorization ?? "")?.[1] ?? "",
      "base64",
    ).toString();
    const secret =
      form.get("client_secret") ?? decodeURIComponent((basic.split(":")[1] ?? "").replaceAll("+", " "));
    if (
      code === undefined ||
      code.challenge !== hashed ||
      code.redirectUri !== form.get("redirect_uri") ||
      secret !== issuer.clientSecret
    )
      return { status: 400, body: { error: "invalid_grant" } };
    const access = { access_token: randomUUID(), token_type: "Bearer", expires_in: 300 };
    return { status: 200, body: { ...access, id_token: await idToken(code) } };
  }

  const server = createServer((request, response) => {
    const reply = async (): Promise<void> => {
      const { status, body, to } = await answer(request);
      response.writeHead(status, {
        "content-type": "application/json",
        ...(to !== undefined && { location: to }),
      });
      response.end(body === undefined ? "" : JSON.stringify(body));
    };
    void reply();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  issuer.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return issuer;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
