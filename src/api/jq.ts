/** Wire contract of trying jq (docs/jq.md). */
import Type from "typebox";

/** Characters of a program, or of a template as JSON. */
export const MAX_PROGRAM = 65_536;

const MODES = ["jq", "mapping", "template"] as const;

export const JqTestRequest = Type.Object(
  {
    program: Type.Unknown({
      description:
        "a text; in the mode `template` any JSON value whose texts and keys hold `{{ expressions }}`",
    }),
    input: Type.Optional(Type.Unknown({ description: "what it runs on; null when absent" })),
    args: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { description: "values of variables: `$name`" }),
    ),
    mode: Type.Optional(
      Type.Unsafe<(typeof MODES)[number]>({
        type: "string",
        enum: [...MODES],
        default: "jq",
        description:
          "`jq`: all outputs of a program. `mapping`: one value, null where the expression fails; single quotes are allowed. `template`: the value with all expressions replaced",
      }),
    ),
  },
  { additionalProperties: false },
);

const Code = Type.Unsafe<string>({
  type: "string",
  description:
    "`jq_compile`: the program is no jq; `jq_error`: it ended in an error; `jq_limit`: it was stopped by a limit; `jq_empty`: no output",
});

const Place = Type.Unsafe<number | null>({ type: ["integer", "null"], description: "from 1" });

export const JqTestResponse = Type.Object({
  ok: Type.Literal(true),
  outputs: Type.Array(Type.Unknown(), {
    description: "of a program that ended in an error, what came before",
  }),
  error: Type.Union([
    Type.Null(),
    Type.Object({
      code: Code,
      message: Type.String(),
      line: Place,
      column: Place,
      excerpt: Type.Unsafe<string | null>({
        type: ["string", "null"],
        description: "the line and, below it, a caret at the place",
      }),
    }),
  ]),
  problems: Type.Array(
    Type.Object({
      path: Type.Array(Type.Union([Type.String(), Type.Integer()]), {
        description: "where in the template the expression stands",
      }),
      expression: Type.String(),
      code: Code,
      message: Type.String(),
    }),
    { description: "expressions of a mapping or template that are null because they failed" },
  ),
  usage: Type.Object(
    { steps: Type.Integer(), maxSteps: Type.Integer() },
    { description: "what the run took, and what it may take" },
  ),
});
