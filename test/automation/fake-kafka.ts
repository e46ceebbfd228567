/**
 * A broker of one node that speaks as much of Kafka's protocol as a producer needs: ApiVersions, SASL PLAIN, Metadata,
 * Produce with record batches (version 2), whose checksum it verifies. It keeps what it was given.
 */
import { createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

export interface KafkaMessage {
  readonly topic: string;
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface FakeKafka {
  /** `host:port` */
  readonly address: string;
  readonly messages: KafkaMessage[];
  /** Takes the next message and hangs up without an answer, as a broker that dies. */
  hangUp: boolean;
  close(): Promise<void>;
}

const [PRODUCE, METADATA, SASL_HANDSHAKE, API_VERSIONS, SASL_AUTHENTICATE] = [0, 3, 17, 18, 36];
/** Key, lowest and highest version that is spoken. */
const SPOKEN = [
  [PRODUCE, 3, 3],
  [METADATA, 1, 1],
  [SASL_HANDSHAKE, 1, 1],
  [API_VERSIONS, 0, 0],
  [SASL_AUTHENTICATE, 0, 0],
] as const;
const UNSUPPORTED_VERSION = 35;
const SASL_FAILED = 58;

/** @param password of the user `fairway`; null: nobody is asked */
export async function startFakeKafka(password: string | null = null): Promise<FakeKafka> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
    let held = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      held = Buffer.concat([held, chunk]);
      while (held.length >= 4 && held.length >= 4 + held.readInt32BE(0)) {
        const size = held.readInt32BE(0);
        const answer = serve(held.subarray(4, 4 + size), kafka, port(), password);
        held = held.subarray(4 + size);
        if (answer === null) socket.destroy();
        else socket.write(answer);
      }
    });
  });
  const port = (): number => (server.address() as AddressInfo).port;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const kafka: FakeKafka = {
    address: `127.0.0.1:${port()}`,
    messages: [],
    hangUp: false,
    close: async () => {
      sockets.forEach((socket) => socket.destroy());
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return kafka;
}

/** @returns null: the connection is cut */
function serve(request: Buffer, kafka: FakeKafka, port: number, password: string | null): Buffer | null {
  const [api, version, correlation] = [
    request.readInt16BE(0),
    request.readInt16BE(2),
    request.readInt32BE(4),
  ];
  const reader = new Reader(request, 8);
  reader.text();
  const reply = new Writer().int32(correlation);
  switch (api) {
    case API_VERSIONS: {
      reply.int16(version > 0 ? UNSUPPORTED_VERSION : 0).int32(SPOKEN.length);
      for (const [key, from, to] of SPOKEN) reply.int16(key).int16(from).int16(to);
      return reply.framed();
    }
    case SASL_HANDSHAKE:
      return reply.int16(0).int32(1).text("PLAIN").framed();
    case SASL_AUTHENTICATE: {
      const isRight = reader.bytes().toString("utf8") === `\0fairway\0${password ?? ""}`;
      return reply
        .int16(isRight ? 0 : SASL_FAILED)
        .text(isRight ? "" : "no such user or password")
        .int32(0)
        .framed();
    }
    case METADATA: {
      const topics = Array.from({ length: Math.max(0, reader.int32()) }, () => reader.text());
      reply.int32(1).int32(0).text("127.0.0.1").int32(port).int16(-1).int32(0).int32(topics.length);
      for (const topic of topics) {
        reply.int16(0).text(topic).int8(0).int32(1);
        reply.int16(0).int32(0).int32(0).int32(1).int32(0).int32(1).int32(0);
      }
      return reply.framed();
    }
    case PRODUCE: {
      reader.text();
      const acks = reader.int16();
      reader.int32();
      if (acks !== -1 || reader.int32() !== 1)
        throw new Error("one topic, acknowledged by all, was expected");
      const topic = reader.text();
      if (reader.int32() !== 1) throw new Error("one partition was expected");
      const partition = reader.int32();
      kafka.messages.push(...messagesOf(topic, reader.bytes()));
      if (kafka.hangUp) {
        kafka.hangUp = false;
        return null;
      }
      reply.int32(1).text(topic).int32(1).int32(partition).int16(0).int64(0n).int64(-1n).int32(0);
      return reply.framed();
    }
    default:
      throw new Error(`the fake broker does not speak API ${api}`);
  }
}

function messagesOf(topic: string, batch: Buffer): KafkaMessage[] {
  // Offset 8, length 4, epoch 4, magic 1, checksum 4; what follows is summed.
  if (batch.readInt8(16) !== 2) throw new Error("a record batch of version 2 was expected");
  if (batch.readUInt32BE(17) !== crc32c(batch.subarray(21))) throw new Error("the checksum is wrong");
  const reader = new Reader(batch, 21 + 2 + 4 + 8 + 8 + 8 + 2 + 4);
  return Array.from({ length: reader.int32() }, () => {
    reader.varint();
    reader.int8();
    reader.varint();
    reader.varint();
    const [key, value] = [reader.varbytes(), reader.varbytes()];
    const headers = Array.from(
      { length: reader.varint() },
      () => [reader.varbytes(), reader.varbytes()] as const,
    );
    return { topic, key, value, headers: Object.fromEntries(headers) };
  });
}

function crc32c(data: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

class Reader {
  readonly #data: Buffer;
  #at: number;
  constructor(data: Buffer, at: number) {
    this.#data = data;
    this.#at = at;
  }
  #skip(size: number): number {
    this.#at += size;
    return this.#at - size;
  }
  int8(): number {
    return this.#data.readInt8(this.#skip(1));
  }
  int16(): number {
    return this.#data.readInt16BE(this.#skip(2));
  }
  int32(): number {
    return this.#data.readInt32BE(this.#skip(4));
  }
  /** A length of -1 is no text. */
  text(): string {
    const size = Math.max(0, this.int16());
    const at = this.#skip(size);
    return this.#data.toString("utf8", at, at + size);
  }
  bytes(): Buffer {
    const size = Math.max(0, this.int32());
    const at = this.#skip(size);
    return this.#data.subarray(at, at + size);
  }
  /** Zigzag. */
  varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#data.readUInt8(this.#skip(1));
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
    }
  }
  varbytes(): string {
    const size = Math.max(0, this.varint());
    const at = this.#skip(size);
    return this.#data.toString("utf8", at, at + size);
  }
}

class Writer {
  readonly #parts: Buffer[] = [];
  #put(size: number, write: (part: Buffer) => void): this {
    const part = Buffer.alloc(size);
    write(part);
    this.#parts.push(part);
    return this;
  }
  int8(value: number): this {
    return this.#put(1, (part) => part.writeInt8(value));
  }
  int16(value: number): this {
    return this.#put(2, (part) => part.writeInt16BE(value));
  }
  int32(value: number): this {
    return this.#put(4, (part) => part.writeInt32BE(value));
  }
  int64(value: bigint): this {
    return this.#put(8, (part) => part.writeBigInt64BE(value));
  }
  text(value: string): this {
    this.int16(Buffer.byteLength(value));
    this.#parts.push(Buffer.from(value));
    return this;
  }
  framed(): Buffer {
    const body = Buffer.concat(this.#parts);
    const size = Buffer.alloc(4);
    size.writeInt32BE(body.length);
    return Buffer.concat([size, body]);
  }
}
