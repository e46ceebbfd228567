import { createServer, type Server } from "node:http";
import { type AddressInfo, isIP } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readAllowed } from "../../src/integrations/address-rules.ts";
import { createHttpClient, HttpError } from "../../src/integrations/http-client.ts";
import {
  createOutbound,
  type Outbound,
  OutboundRefused,
  OutboundSlow,
} from "../../src/integrations/outbound.ts";

let server: Server;
let port = 0;
let asked = 0;
beforeAll(async () => {
  server = createServer((request, response) => {
    asked += 1;
    if (request.url === "/packed")
      response
        .writeHead(200, { "content-encoding": "gzip" })
        .end(gzipSync(JSON.stringify({ host: "packed" })));
    else if (request.url === "/never") return;
    else if (request.url === "/moved") response.writeHead(302, { location: "http://10.0.0.9/secret" }).end();
    else response.end(JSON.stringify({ host: request.headers.host }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => void server.close());

/** A name server for these tests: names are at the addresses written in them. */
const resolve = (host: string): Promise<readonly string[]> =>
  Promise.resolve(
    host
      .split(".")[0]
      ?.split("_")
      .map((one) => one.replaceAll("-", isIP(one.replaceAll("-", ".")) === 4 ? "." : ":")) ?? [],
  );

async function refusal(outbound: Outbound, address: string): Promise<string | null> {
  try {
    await outbound.request(new URL(address), { method: "GET", headers: {} });
  } catch (error) {
    if (error instanceof OutboundRefused) return error.message;
  }
  return null;
}

/** Host as written in a URL, and what it is said to be. */
const REFUSED: readonly (readonly [string, RegExp])[] = [
  ["127.0.0.1", /127\.0\.0\.1 is an address of this machine; .* FAIRWAY_OUTBOUND_ALLOW/],
  ["127.8.9.10", /this machine/],
  ["2130706433", /127\.0\.0\.1 is an address of this machine/],
  ["0x7f000001", /127\.0\.0\.1 is/],
  ["0177.0.0.1", /127\.0\.0\.1 is/],
  ["127.1", /127\.0\.0\.1 is/],
  ["０x7f.1", /127\.0\.0\.1 is/],
  ["0", /0\.0\.0\.0 is an address of this machine/],
  ["[::1]", /::1 is an address of this machine/],
  ["[::]", /this machine/],
  ["[::ffff:127.0.0.1]", /::ffff:7f00:1 is an address of this machine/],
  ["[::ffff:a00:1]", /a private address/],
  ["[64:ff9b::10.0.0.1]", /a private address/],
  ["[64:ff9b:1::1]", /not of the public internet/],
  ["[2002:7f00:1::]", /not of the public internet/],
  ["[2001:0:1::1]", /not of the public internet/],
  ["[::7f00:1]", /not of the public internet/],
  ["[fd12::1]", /a private address/],
  ["[fe80::1]", /a link-local address/],
  ["[ff02::1]", /not of the public internet/],
  ["10.1.2.3", /a private address; list the host/],
  ["172.31.0.1", /a private address/],
  ["192.168.0.1", /a private address/],
  ["100.64.0.1", /a private address/],
  ["169.254.1.1", /a link-local address/],
  ["169.254.169.254", /where clouds tell a machine its credentials; only that address itself/],
  ["0xa9fea9fe", /169\.254\.169\.254 is where clouds/],
  ["[::ffff:169.254.169.254]", /where clouds/],
  ["[fd00:ec2::254]", /where clouds/],
  ["100.100.100.200", /where clouds/],
  ["198.18.0.1", /not of the public internet/],
  ["224.0.0.1", /not of the public internet/],
  ["255.255.255.255", /not of the public internet/],
  // Names, by the addresses they have.
  ["10-0-0-1.example.com", /10-0-0-1\.example\.com is at 10\.0\.0\.1, a private address/],
  ["127-0-0-1.example.com.", /127-0-0-1\.example\.com is at 127\.0\.0\.1, an address of this machine/],
  ["--1.example.com", /is at ::1, an address of this machine/],
  ["1-1-1-1_10-0-0-1.example.com", /is at 10\.0\.0\.1/],
  ["169-254-169-254.example.com", /where clouds/],
];

test.each(REFUSED)("http://%s is not asked", async (host, message) => {
  expect(await refusal(createOutbound([], resolve), `http://${host}:${port}/`)).toMatch(message);
});

test.each([
  ["ftp://example.com/", /ftp: is none of http: and https:/],
  ["file:///etc/passwd", /file: is none/],
  ["gopher://127.0.0.1:6379/_x", /gopher: is none/],
  ["http://user:s3cret@example.com/", /holds a user name or password/],
])("%s is not asked", async (address, message) => {
  const said = await refusal(createOutbound(["0.0.0.0/0", "*.com"], resolve), address);
  expect(said).toMatch(message);
  expect(said).not.toContain("s3cret");
});

describe("what an operator allows is asked", () => {
  test.each<[string, string[], string]>([
    ["an address", ["127.0.0.1"], "127.0.0.1"],
    ["a net", ["127.0.0.0/8"], "2130706433"],
    ["a name by its address", ["127.0.0.0/8"], "127-0-0-1.example.com"],
    ["a name", ["127-0-0-1.example.com"], "127-0-0-1.Example.com."],
    ["names below a domain", ["*.example.com"], "127-0-0-1.example.com"],
  ])("%s", async (_what, allow, host) => {
    const outbound = createOutbound(allow, resolve);
    const { status, text } = await outbound.request(new URL(`http://${host}:${port}/`), {
      ...{ method: "POST", headers: { accept: "*/*" }, body: "{}" },
    });
    expect({ status, ...(JSON.parse(text) as object) }).toMatchObject({ status: 200 });
  });

  test.each<[string, string[], string]>([
    ["another name", ["example.com"], "127-0-0-1.example.com"],
    ["a name that ends alike", ["*.ample.com"], "127-0-0-1.example.com"],
    ["another net", ["10.0.0.0/8"], "127.0.0.1"],
    ["credentials of a cloud by a net", ["0.0.0.0/0"], "169.254.169.254"],
    ["credentials of a cloud by a name", ["*.example.com"], "169-254-169-254.example.com"],
  ])("but not %s", async (_what, allow, host) => {
    expect(await refusal(createOutbound(allow, resolve), `http://${host}:${port}/`)).not.toBeNull();
  });

  test("credentials of a cloud by their very address, and addresses that IPv6 only carries", () => {
    const rules = readAllowed(["169.254.169.254/32", "fd00:ec2::254", "10.0.0.0/8"]);
    const refused = (addresses: readonly string[]): readonly string[] =>
      addresses.filter((address) => rules.refusal("x.test", address) !== null);
    const open = ["169.254.169.254", "fd00:ec2::254", "::ffff:10.0.0.1", "64:ff9b::a00:1"];
    expect(refused([...open, "1.1.1.1", "64:ff9b::1.1.1.1", "2606:4700::1111"])).toEqual([]);
    const closed = ["169.254.170.2", "fd00:ec2::23", "::ffff:127.0.0.1", "fe80::1%eth0"];
    expect(refused(closed)).toEqual(closed);
  });
});

test("a name that answers otherwise the second time is not asked there", async () => {
  const answers = [["127.0.0.1"], ["10.0.0.1"]];
  let looked = 0;
  const outbound = createOutbound(["127.0.0.1"], () => Promise.resolve(answers[looked++] ?? []));
  // Each name has connections of its own.
  expect(await refusal(outbound, `http://a.example.com:${port}/`)).toBeNull();
  expect(await refusal(outbound, `http://b.example.com:${port}/`)).toContain("10.0.0.1");
  expect(looked).toBe(2);
});

test("a server that has a request and does not answer is told apart from one that never got it", async () => {
  const outbound = createOutbound(["127.0.0.1"], resolve, 1000);
  const late = outbound.request(new URL(`http://127.0.0.1:${port}/never`), {
    ...{ method: "POST", headers: {}, body: "{}" },
  });
  await expect(late).rejects.toBeInstanceOf(OutboundSlow);
  await expect(late).rejects.toThrow("no answer within 1 s");
});

test("the client of connectors says why, asks once, and follows no redirect to the inside", async () => {
  const clientWith = (outbound: Outbound, host: string) =>
    createHttpClient({
      ...{ outbound, baseUrl: `http://${host}:${port}`, system: "Vendor", whenRefused: "" },
      headers: () => Promise.resolve({ "x-token": "s3cret" }),
    });
  asked = 0;
  const inside = await clientWith(createOutbound([], resolve), "127.0.0.1")
    .get("/a")
    .catch((error: unknown) => error);
  expect(inside).toBeInstanceOf(HttpError);
  expect(inside).toMatchObject({ status: 0, isPassing: false });
  expect((inside as HttpError).message).toMatch(
    /^Vendor \(GET http:\/\/127\.0\.0\.1:\d+\/a\) was not asked: 127\.0\.0\.1 is an address of this machine; list the host, .* in FAIRWAY_OUTBOUND_ALLOW/,
  );
  expect(asked).toBe(0);
  const client = clientWith(createOutbound(["127.0.0.1"], resolve), "127.0.0.1");
  expect((await client.get("/packed")).body).toEqual({ host: "packed" });
  const moved = await client.get("/moved").catch((error: unknown) => error);
  expect((moved as HttpError).message).toContain("sends elsewhere (http://10.0.0.9)");
  expect(asked).toBe(2);
});
