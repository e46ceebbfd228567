import { createHmac } from "node:crypto";
import type { RandomSource } from "../../../test/http/support/random-source.ts";
import { signedPayload } from "../../../src/access/tokens.ts";
import { mutateJson, mutateText } from "../mutate.ts";
import { must, type Target } from "../target.ts";

const KEY = Buffer.alloc(32, 7);
const NOW = new Date("2026-11-26T12:00:00Z");
const SECONDS = NOW.getTime() / 1000;
const HEADER = { alg: "HS256", typ: "JWT" };
const CLAIMS = {
  orgId: "org_1",
  isMachine: true,
  personalToken: false,
  version: "0123456789abcdef",
  sub: "app_1",
};
const TIMES = { jti: "1", iat: SECONDS - 60, exp: SECONDS + 3600 };
/** Headers that have fooled others: no signature, another algorithm, keys and addresses of keys of the sender's choice. */
const HEADERS: readonly object[] = [
  ...[
    { alg: "none" },
    { alg: "None" },
    { alg: "HS384" },
    { alg: "HS512" },
    { alg: "RS256" },
    { alg: "ES256" },
    {},
  ],
  ...[
    { ...HEADER, kid: "../../dev/null" },
    { ...HEADER, jwk: { kty: "oct", k: "AAAA" } },
    { ...HEADER, jku: "https://example.com/jwks.json" },
    { ...HEADER, crit: ["exp"], exp: 1 },
    { ...HEADER, b64: false, crit: ["b64"] },
    { alg: ["HS256"] },
    { alg: "HS256 " },
  ],
];
const ODD_TIMES: readonly object[] = [
  ...[
    { exp: SECONDS - 1 },
    { exp: "x" },
    { exp: null },
    { nbf: SECONDS + 100 },
    { exp: Number.MAX_VALUE },
    { exp: -1 },
  ],
];

const part = (value: unknown): string => Buffer.from(JSON.stringify(value) ?? "").toString("base64url");

function signed(header: object, payload: unknown, key: Buffer, hash = "sha256"): string {
  const text = `${part(header)}.${part(payload)}`;
  return `${text}.${createHmac(hash, key).update(text).digest("base64url")}`;
}

const RIGHT = signed(HEADER, { ...CLAIMS, ...TIMES }, KEY);
const [RIGHT_HEADER = "", RIGHT_PAYLOAD = "", RIGHT_SIGNATURE = ""] = RIGHT.split(".");

/** A token that must not be believed, or may only be when its parts are those of the right one. */
function forged(random: RandomSource): string {
  switch (random.int(6)) {
    case 0:
      return signed(random.pick(HEADERS), { ...CLAIMS, ...TIMES }, Buffer.alloc(32, random.int(7)));
    case 1: {
      const header = part(random.pick(HEADERS));
      return `${header}.${RIGHT_PAYLOAD}.${random.pick(["", RIGHT_SIGNATURE, "AA"])}`;
    }
    case 2:
      return `${RIGHT_HEADER}.${part(mutateJson(random, { ...CLAIMS, ...TIMES }))}.${RIGHT_SIGNATURE}`;
    case 3:
      return `${RIGHT_HEADER}.${mutateText(random, [RIGHT_PAYLOAD])}.${RIGHT_SIGNATURE}`;
    default:
      return mutateText(random, [RIGHT]);
  }
}

/** The same bytes, however their base64 is written: its last sign has bits that mean nothing. */
const isRight = (token: string): boolean => {
  const parts = token.split(".");
  return (
    parts.length === 3 &&
    parts[0] === RIGHT_HEADER &&
    parts[1] === RIGHT_PAYLOAD &&
    Buffer.from(parts[2] ?? "", "base64url").equals(Buffer.from(RIGHT_SIGNATURE, "base64url"))
  );
};

export const jwt: Target = {
  name: "jwt",
  about: "tokens of the API (src/access/tokens.ts)",
  make(random) {
    // Signed with the key, but too old, or with times that are none.
    const isOld = random.chance(0.1);
    const odd = isOld ? random.pick(ODD_TIMES) : {};
    const token = isOld
      ? signed(HEADER, { ...CLAIMS, ...TIMES, ...odd }, KEY)
      : random.chance(0.02)
        ? RIGHT
        : forged(random);
    return {
      shown: token,
      async run() {
        const payload = await signedPayload(token, KEY, NOW);
        if (isOld) {
          const { exp } = { ...TIMES, ...odd };
          must(
            payload === null || (typeof exp === "number" && exp > SECONDS && !("nbf" in odd)),
            "an old token is believed",
          );
        } else {
          must(payload === null || isRight(token), "a forged token is believed");
          must(payload !== null || token !== RIGHT, "a right token is refused");
        }
        return JSON.stringify(payload);
      },
    };
  },
};
