import { createHmac } from "node:crypto";
import type { RandomSource } from "../../../test/http/support/random-source.ts";
import { SIGNATURE_ALGORITHMS, signatureFlaw } from "../../../src/ingest/signature.ts";
import { connectors } from "../../../src/integrations/index.ts";
import { mutateBytes, mutateText } from "../mutate.ts";
import { must, type Target } from "../target.ts";

const SECRETS = [
  "s3cret-s3cret-s3cret",
  "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  "pässwörd: 😀 =",
  "a,b c.d",
];
const BODIES = ['{"action":"opened","number":1}', "{}", "", "a=1&b=2", '{"text":"é 😀"}'];
type Headers = Readonly<Record<string, string>>;

const hmac = (
  secret: string | Buffer,
  text: string | Uint8Array,
  encoding: "hex" | "base64",
  kind = "sha256",
): string => createHmac(kind, secret).update(text).digest(encoding);

interface Delivery {
  readonly secret: string;
  readonly headers: Headers;
  readonly body: string;
}

/** How a system says that it is itself: what it sends, and what must be in a delivery that is believed. */
interface Sender {
  headers(secret: string, body: string): Headers;
  isBelievable(delivery: Delivery): boolean;
}

const holds = (headers: Headers, text: string): boolean =>
  text !== "" && Object.values(headers).some((value) => value.includes(text));

const signing = (header: string, prefix: string): Sender => ({
  headers: (secret, body) => ({ [header]: prefix + hmac(secret, body, "hex") }),
  isBelievable: ({ secret, headers, body }) => holds(headers, prefix + hmac(secret, body, "hex")),
});

/** The secret itself, in one of three places. */
const showing = (place: "x-fairway-secret" | "bearer" | "basic" | "x-gitlab-token"): Sender => ({
  headers(secret) {
    if (place === "bearer") return { authorization: `Bearer ${secret}` };
    if (place !== "basic") return { [place]: secret };
    return { authorization: `Basic ${Buffer.from(`user:${secret}`).toString("base64")}` };
  },
  isBelievable: ({ secret, headers }) =>
    holds(headers, secret) ||
    Object.values(headers).some((value) =>
      value.split(" ").some((part) => Buffer.from(part, "base64").toString("utf8").includes(secret)),
    ),
});

const svixKey = (secret: string): Buffer => Buffer.from(secret.replace(/^whsec_/, ""), "base64");
const svixText = (headers: Headers, body: string): string =>
  `${headers["webhook-id"] ?? headers["svix-id"] ?? ""}.${headers["webhook-timestamp"] ?? headers["svix-timestamp"] ?? ""}.${body}`;
const svix: Sender = {
  headers(secret, body) {
    const told = { "webhook-id": "msg_1", "webhook-timestamp": "1790000000" };
    return { ...told, "webhook-signature": `v1,${hmac(svixKey(secret), svixText(told, body), "base64")}` };
  },
  isBelievable: ({ secret, headers, body }) =>
    holds(headers, hmac(svixKey(secret), svixText(headers, body), "base64")),
};

const SENDERS: Readonly<Record<string, readonly Sender[]>> = {
  github: [signing("x-hub-signature-256", "sha256=")],
  bitbucket: [signing("x-hub-signature", "sha256=")],
  jira: [signing("x-hub-signature", "sha256="), showing("x-fairway-secret")],
  pagerduty: [signing("x-pagerduty-signature", "v1=")],
  circleci: [signing("circleci-signature", "v1=")],
  firehydrant: [signing("fh-signature", "")],
  incidentio: [svix],
  gitlab: [showing("x-gitlab-token")],
};
const CARRYING = [showing("x-fairway-secret"), showing("bearer"), showing("basic")];

/** Headers have no line ends and no bytes that are no characters of Latin-1: Node refuses such requests before. */
const asHeader = (text: string): string =>
  Buffer.from(text.replaceAll("\u0000", "").replaceAll(/[\r\n]/g, ""), "latin1").toString("latin1");

/** The same delivery with a part of it changed: body, a header, or its name. */
function spoilt(random: RandomSource, delivery: Delivery): Delivery {
  const { body, headers } = delivery;
  if (random.chance(0.4))
    return { ...delivery, body: mutateBytes(random, Buffer.from(body)).toString("utf8") };
  const names = Object.keys(headers);
  const name = random.pick(names);
  const { [name]: value = "", ...rest } = headers;
  if (random.chance(0.1)) return { ...delivery, headers: rest };
  if (random.chance(0.1)) return { ...delivery, headers: { ...rest, [`x-${name}`]: value } };
  const other = random.chance(0.3) ? value.toUpperCase() : mutateText(random, [value]);
  return { ...delivery, headers: { ...headers, [name]: asHeader(other) } };
}

export const signature: Target = {
  name: "signature",
  about: "who a webhook comes from (src/ingest/signature.ts, src/integrations/signature.ts)",
  make(random) {
    const [secret, body] = [random.pick(SECRETS), random.pick(BODIES)];
    if (random.chance(0.4)) return ownWebhook(random, secret, body);
    const [type, connector] = random.pick([...connectors]);
    const isSvix = type === "incidentio";
    const used = isSvix ? SECRETS[1] : secret;
    const sender = random.pick(SENDERS[type] ?? CARRYING);
    // Basic and Bearer are cut at the first space: such a secret cannot be sent so.
    const sent = (isSvix ? used : secret.replaceAll(" ", "")) ?? "";
    const whole = { secret: sent, body, headers: sender.headers(sent, body) };
    const given = random.chance(0.1) ? whole : spoilt(random, whole);
    return {
      shown: JSON.stringify({ type, ...given }),
      run() {
        const isTaken = connector.webhook.verify(given.headers, given.body, given.secret);
        must(!isTaken || sender.isBelievable(given), `${type} believes what is not signed`);
        must(isTaken || given !== whole, `${type} does not believe what is signed`);
        return String(isTaken);
      },
    };
  },
};

/** Webhooks that people define, with an algorithm, a header and a prefix of their choice. */
function ownWebhook(random: RandomSource, secret: string, text: string): ReturnType<Target["make"]> {
  const algorithm = random.pick(SIGNATURE_ALGORITHMS);
  const rule = { secret, header: "x-signature", algorithm, prefix: random.pick(["", "sha256=", "v1,"]) };
  const expected = (body: Uint8Array): string =>
    rule.prefix + (algorithm === "plain" ? secret : hmac(secret, body, "hex", algorithm));
  const whole = Buffer.from(text);
  const right = expected(whole);
  const isBody = random.chance(0.5);
  const body = isBody ? mutateBytes(random, whole) : whole;
  const header: unknown = isBody
    ? right
    : random.pick([
        mutateText(random, [right]),
        right.toUpperCase(),
        ` ${right}`,
        [right],
        "",
        undefined,
        right,
      ]);
  return {
    shown: JSON.stringify({ rule, header, body: body.toString("base64") }),
    run() {
      const flaw = signatureFlaw(rule, body, { [rule.header]: header });
      must(
        (flaw === null) === (header === expected(body)),
        `a webhook answers ${flaw ?? "that it is signed"}`,
      );
      return String(flaw);
    },
  };
}
