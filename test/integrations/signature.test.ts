import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { carriesSecret, isSignedBySvix } from "../../src/integrations/signature.ts";

const SECRET = "correct-horse-battery";
const basic = (pair: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(pair).toString("base64")}`,
});

describe("the secret itself, from systems that sign nothing", () => {
  test.each([
    ["header", { "x-fairway-secret": SECRET }],
    ["password of Basic", basic(`someone:${SECRET}`)],
    ["password of Basic without a name", basic(`:${SECRET}`)],
    ["token of Bearer", { authorization: `bearer ${SECRET}` }],
  ])("%s", (_where, headers) => {
    expect(carriesSecret(SECRET, headers)).toBe(true);
    expect(carriesSecret(`${SECRET}!`, headers)).toBe(false);
  });

  test.each([
    ["nothing", {}],
    ["an empty header", { "x-fairway-secret": "" }],
    ["the name of Basic", basic(`${SECRET}:`)],
    ["a scheme that is none", { authorization: SECRET }],
    // The header counts, whatever else is there.
    [
      "a wrong header beside the right token",
      { "x-fairway-secret": "no", authorization: `Bearer ${SECRET}` },
    ],
  ])("not %s", (_what, headers) => {
    expect(carriesSecret(SECRET, headers)).toBe(false);
  });
});

describe("a signature of Svix", () => {
  const key = Buffer.from("some bytes that are a key");
  const body = `{"event_type":"x"}`;
  const sign = (by: Buffer, id = "msg_1"): string =>
    `v1,${createHmac("sha256", by).update(`${id}.1700000000.${body}`).digest("base64")}`;
  const sent = (signature: string): Record<string, string> => ({
    ...{ "webhook-id": "msg_1", "webhook-timestamp": "1700000000", "webhook-signature": signature },
  });

  test("fits with and without the prefix of the secret, and among others", () => {
    const secret = key.toString("base64");
    expect(isSignedBySvix(`whsec_${secret}`, body, sent(sign(key)))).toBe(true);
    expect(isSignedBySvix(secret, body, sent(`v1,AAAA ${sign(key)}`))).toBe(true);
  });

  test("does not fit another body, id or version, nor a secret that has no bytes", () => {
    const secret = `whsec_${key.toString("base64")}`;
    expect(isSignedBySvix(secret, `${body} `, sent(sign(key)))).toBe(false);
    expect(isSignedBySvix(secret, body, sent(sign(key, "msg_2")))).toBe(false);
    expect(isSignedBySvix(secret, body, sent(sign(key).replace("v1,", "v2,")))).toBe(false);
    expect(isSignedBySvix(secret, body, {})).toBe(false);
    expect(isSignedBySvix("whsec_!!!!", body, sent(sign(Buffer.alloc(0))))).toBe(false);
  });
});
