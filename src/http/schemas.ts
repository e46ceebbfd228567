/** What the schemas of routes say, in code: made when a route is asked for the first time, and once per process. */
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import fastJsonStringify from "fast-json-stringify";
import type { FairwayInstance } from "./app-types.ts";

const OPTIONS = { allErrors: false, strict: false, useDefaults: true } as const;
const exact = addFormats.default(new Ajv({ ...OPTIONS, coerceTypes: false }));
const coercing = addFormats.default(new Ajv({ ...OPTIONS, coerceTypes: "array" }));

type Validate = ((data: unknown) => boolean) & { errors?: ErrorObject[] | null };
type Write = (answer: unknown) => string;

const ofBodies = new WeakMap<object, Validate>();
const ofTexts = new WeakMap<object, Validate>();
const writers = new WeakMap<object, Write>();

/**
 * Bodies are taken as they are; path, query and headers are text and get coerced. Of the hundreds of schemas a process
 * needs a few: making code of all of them took a third of the processor time of a start (measured).
 */
export function useSchemas(app: FairwayInstance): void {
  app.setValidatorCompiler<object>(({ schema, httpPart }) => {
    const isBody = httpPart === "body";
    const validators = isBody ? ofBodies : ofTexts;
    const known = validators.get(schema);
    if (known !== undefined) return known;
    let made: ValidateFunction | undefined;
    const validate: Validate = (data) => {
      const check = (made ??= (isBody ? exact : coercing).compile(schema));
      const isValid = check(data);
      validate.errors = check.errors ?? null;
      return isValid;
    };
    validators.set(schema, validate);
    return validate;
  });
  app.setSerializerCompiler<object>(({ schema }) => {
    const known = writers.get(schema);
    if (known !== undefined) return known;
    let made: Write | undefined;
    const write: Write = (answer) => {
      made ??= fastJsonStringify(schema);
      return made(answer);
    };
    writers.set(schema, write);
    return write;
  });
}
