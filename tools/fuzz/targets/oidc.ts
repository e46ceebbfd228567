import { createPrivateKey, createPublicKey, sign } from "node:crypto";
import type { RandomSource } from "../../../test/http/support/random-source.ts";
import { createOidcClient } from "../../../src/access/oidc.ts";
import { mutateJson, mutateText } from "../mutate.ts";
import { must, type Target } from "../target.ts";

const ISSUER = "https://issuer.example.com";
/** The same in every run, so that a seed always makes the same tokens. */
const privateKey = createPrivateKey({
  key: Buffer.from(`302e020100300506032b657004220420${"07".repeat(32)}`, "hex"),
  ...{ format: "der", type: "pkcs8" },
});
const jwk = { ...createPublicKey(privateKey).export({ format: "jwk" }), kid: "k1", alg: "EdDSA", use: "sig" };
const HEADER = { alg: "EdDSA", kid: "k1" };
const CLAIMS = {
  ...{ iss: ISSUER, sub: "s1", aud: "fairway", nonce: "nonce", iat: 1_790_000_000, exp: 4_102_444_800 },
  ...{ email: "a@example.com", email_verified: true, name: "A", groups: ["sre"] },
};
const ATTEMPT = { state: "state", nonce: "nonce", verifier: "v".repeat(43) };

const part = (value: unknown): string => Buffer.from(JSON.stringify(value) ?? "").toString("base64url");
function signed(header: unknown, claims: unknown): string {
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${sign(null, Buffer.from(text), privateKey).toString("base64url")}`;
}
const RIGHT = signed(HEADER, CLAIMS);
const [RIGHT_HEADER = "", RIGHT_CLAIMS = "", RIGHT_SIGNATURE = ""] = RIGHT.split(".");

/** What the provider answers to the code. */
let answer: unknown = null;
const documents: Readonly<Record<string, () => unknown>> = {
  "/.well-known/openid-configuration": () => ({
    ...{
      issuer: ISSUER,
      authorization_endpoint: `${ISSUER}/a`,
      token_endpoint: `${ISSUER}/t`,
      jwks_uri: `${ISSUER}/k`,
    },
    ...{ response_types_supported: ["code"], subject_types_supported: ["public"] },
    id_token_signing_alg_values_supported: ["EdDSA"],
  }),
  "/k": () => ({ keys: [jwk] }),
  "/t": () => answer,
};
const client = createOidcClient(
  {
    ...{ issuer: ISSUER, clientId: "fairway", clientSecret: "secret", scopes: "openid email" },
    ...{ groupsClaim: "groups", trustsEmail: false },
  },
  (url) => {
    const text = JSON.stringify(documents[new URL(url).pathname]?.() ?? {});
    return Promise.resolve({
      status: 200,
      headers: new Headers({ "content-type": "application/json" }),
      text,
    });
  },
  () => new Date(CLAIMS.iat * 1000),
);

/** Signed by the provider, but for somebody else, of another time or another visit. */
const WRONG_CLAIMS: readonly object[] = [
  ...[
    { nonce: "other" },
    { nonce: undefined },
    { aud: "other" },
    { aud: [] },
    { iss: "https://issuer.example.com/" },
  ],
  ...[
    { exp: 1 },
    { exp: "4102444800" },
    { exp: undefined },
    { iat: undefined },
    { nbf: 4_102_444_799 },
    { sub: undefined },
  ],
  { aud: ["fairway", "other"], azp: "other" },
];

function forged(random: RandomSource): unknown {
  switch (random.int(6)) {
    case 0:
      return signed(HEADER, { ...CLAIMS, ...random.pick(WRONG_CLAIMS) });
    case 1:
      return `${part({ ...HEADER, alg: random.pick(["none", "HS256", "RS256", "eddsa"]) })}.${RIGHT_CLAIMS}.${random.pick(["", RIGHT_SIGNATURE])}`;
    case 2:
      return `${RIGHT_HEADER}.${part(mutateJson(random, CLAIMS))}.${RIGHT_SIGNATURE}`;
    case 3:
      return random.pick([undefined, null, 1, {}, [RIGHT], ""]);
    default:
      return mutateText(random, [RIGHT]);
  }
}

const isRight = (token: unknown): boolean => {
  const parts = typeof token === "string" ? token.split(".") : [];
  return (
    parts.length === 3 &&
    parts[0] === RIGHT_HEADER &&
    parts[1] === RIGHT_CLAIMS &&
    Buffer.from(parts[2] ?? "", "base64url").equals(Buffer.from(RIGHT_SIGNATURE, "base64url"))
  );
};

export const oidc: Target = {
  name: "oidc",
  about: "ID tokens of the provider of single sign-on (src/access/oidc.ts)",
  make(random) {
    const token = random.chance(0.02) ? RIGHT : forged(random);
    const whole = { access_token: "a", token_type: "Bearer", id_token: token };
    // Answers that carry the right token in a form that nobody expects are no forgeries.
    const given = random.chance(0.1) ? mutateJson(random, { ...whole, id_token: "x" }) : whole;
    return {
      shown: JSON.stringify(given) ?? "",
      async run() {
        answer = given;
        const came = await client
          .finish(new URL("https://portal.example.com/back?code=c&state=state"), ATTEMPT)
          .then(
            (person) => ({ person, error: null }),
            (error: unknown) => ({ person: null, error }),
          );
        if (came.person === null) {
          must(
            came.error instanceof Error && !(came.error instanceof RangeError),
            `it ends with ${String(came.error)}`,
          );
          must(token !== RIGHT || given !== whole, `a right token is refused: ${came.error.message}`);
          return `refused: ${came.error.message}`;
        }
        must(given === whole && isRight(token), "a forged token is believed");
        return JSON.stringify(came.person);
      },
    };
  },
};
