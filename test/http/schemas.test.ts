/** Schemas of routes are made into code when a route is asked for the first time: here all of them are, so that none fails then. */
import diagnostics from "node:diagnostics_channel";
import fastJsonStringify from "fast-json-stringify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";

interface Part {
  readonly schema: object;
  readonly method: string;
  readonly url: string;
  readonly httpPart?: string;
  readonly httpStatus?: string;
}
type Compiler = (part: Part) => (value: unknown) => unknown;
type Compile = (compiler: Compiler) => unknown;
interface Watched {
  readonly fastify: { setValidatorCompiler: Compile; setSerializerCompiler: Compile };
}

let app: TestApp;
const validators: [Part, (value: unknown) => unknown][] = [];
const answers: Part[] = [];

function watch(message: unknown): void {
  const { fastify } = message as Watched;
  const { setValidatorCompiler, setSerializerCompiler } = fastify;
  fastify.setValidatorCompiler = (compiler) =>
    setValidatorCompiler.call(fastify, (part) => {
      const validate = compiler(part);
      validators.push([part, validate]);
      return validate;
    });
  fastify.setSerializerCompiler = (compiler) =>
    setSerializerCompiler.call(fastify, (part) => {
      answers.push(part);
      return compiler(part);
    });
}

beforeAll(async () => {
  diagnostics.subscribe("fastify.initialization", watch);
  try {
    app = await startTestApp();
  } finally {
    diagnostics.unsubscribe("fastify.initialization", watch);
  }
}, 300_000);
afterAll(() => app.stop());

const failuresOf = (parts: readonly (readonly [Part, () => unknown])[]): string[] =>
  parts.flatMap(([{ method, url, httpPart, httpStatus }, make]) => {
    try {
      make();
      return [];
    } catch (error) {
      return [`${method} ${url} ${httpPart ?? httpStatus ?? ""}: ${String(error)}`];
    }
  });

test("what routes take", () => {
  expect(validators.length).toBeGreaterThan(300);
  expect(failuresOf(validators.map(([part, validate]) => [part, () => validate({})]))).toEqual([]);
}, 60_000);

test("what routes answer", () => {
  expect(answers.length).toBeGreaterThan(300);
  const schemas = new Map(answers.map((part) => [part.schema, part]));
  expect(failuresOf([...schemas].map(([schema, part]) => [part, () => fastJsonStringify(schema)]))).toEqual(
    [],
  );
}, 60_000);
