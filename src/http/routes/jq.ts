import type { Static } from "typebox";
import { errors } from "../../api/common.ts";
import { JqTestRequest, JqTestResponse, MAX_PROGRAM } from "../../api/jq.ts";
import {
  compile,
  compileMapping,
  type CompileOptions,
  compileTemplate,
  JqCompileError,
  JqError,
  type Json,
  Meter,
} from "../../jq/index.ts";
import { toJson } from "../../jq/values/print.ts";
import { AppError } from "../../model/error.ts";
import type { FairwayInstance } from "../app-types.ts";

/** Less than mappings may use: the answer is for a person who waits, and other requests wait meanwhile (docs/jq.md). */
const MAX_STEPS = 300_000;
const MAX_OUTPUT = 1_000_000;
const MAX_DEPTH = 10_000;
/** Levels of an output, as many as of a body: whoever reads the answer may recurse. */
const MAX_NESTING = 200;

type Answer = Omit<Static<typeof JqTestResponse>, "ok" | "usage">;

export function jqRoutes(app: FairwayInstance): void {
  app.post(
    "/v1/jq/test",
    {
      config: { access: "member", contract: "fairway", isTrial: true },
      // Numbers as jq prints them, and nothing is left out.
      serializerCompiler: () => (answer) => answerText(answer as Json),
      schema: {
        tags: ["jq"],
        summary: "Try a jq program, a mapping expression or a template on an input",
        body: JqTestRequest,
        response: { 200: JqTestResponse, ...errors(401, 413, 422, 429) },
      },
    },
    (request) => {
      const { program, input, args, mode } = request.body;
      const size = typeof program === "string" ? program.length : JSON.stringify(program ?? null).length;
      if (size > MAX_PROGRAM)
        throw new AppError(
          "invalid_request",
          `body.program has ${size} characters; ${MAX_PROGRAM} are allowed`,
        );
      const meter = new Meter(MAX_STEPS, MAX_OUTPUT, MAX_DEPTH);
      const options: CompileOptions = {
        args: (args ?? {}) as Record<string, Json>,
        now: () => Date.now() / 1_000,
      };
      const answer = shallow(runTest(mode ?? "jq", program, input ?? null, options, meter));
      const steps = Math.min(MAX_STEPS, Math.ceil(MAX_STEPS - meter.left));
      return { ok: true as const, ...answer, usage: { steps, maxSteps: MAX_STEPS } };
    },
  );
}

function runTest(
  mode: "jq" | "mapping" | "template",
  program: unknown,
  input: unknown,
  options: CompileOptions,
  meter: Meter,
): Answer {
  try {
    if (mode === "template") {
      const { value, problems } = compileTemplate(program, options).explain(input, { meter });
      const told = problems.slice(0, MAX_PROBLEMS).map((problem) => ({
        ...problem,
        message: cut(problem.message),
        path: [...problem.path],
      }));
      return { outputs: [value], error: null, problems: told };
    }
    if (typeof program !== "string")
      throw new AppError("invalid_request", `body.program must be a text in the mode ${mode}`);
    if (mode === "jq")
      return { outputs: compile(program, options).run(input, { meter }), error: null, problems: [] };
    const { value, problem } = compileMapping(program, options).explain(input, { meter });
    const problems =
      problem === null
        ? []
        : [{ path: [], expression: program.trim(), ...problem, message: cut(problem.message) }];
    return { outputs: [value], error: null, problems };
  } catch (error) {
    if (error instanceof JqCompileError) {
      const { code, message, line, column, excerpt } = error;
      return { outputs: [], error: { code, message, line, column, excerpt }, problems: [] };
    }
    if (error instanceof JqError) return failure(error.code, error.message, error.outputs);
    throw error;
  }
}

/** A program decides what an error says; many can be told at once. */
const MAX_MESSAGE = 2000;
const MAX_PROBLEMS = 100;
const cut = (message: string): string =>
  message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message;

const failure = (code: string, message: string, outputs: unknown[]): Answer => ({
  outputs,
  error: { code, message: cut(message), line: null, column: null, excerpt: null },
  problems: [],
});

/** The answer, unless its outputs are nested too deep to be sent. */
function shallow(answer: Answer): Answer {
  const deep = answer.outputs.findIndex((output) => isDeep(output as Json));
  if (deep < 0) return answer;
  const message = `output ${deep + 1} is nested more than ${MAX_NESTING} levels deep; it is not shown`;
  return failure("jq_limit", message, answer.outputs.slice(0, deep));
}

function isDeep(output: Json): boolean {
  let level: Json[] = [output];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_NESTING) return true;
    level = level.flatMap((value) =>
      typeof value === "object" && value !== null ? Object.values(value) : [],
    );
  }
  return false;
}

function answerText(answer: Json): string {
  const meter = new Meter(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  return toJson(answer, { meter, env: {}, now: undefined, timeZone: "UTC", cache: new Map() });
}
