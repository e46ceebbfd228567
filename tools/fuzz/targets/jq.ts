import { TABLES } from "../../../test/jq/cases/index.ts";
import type { RandomSource } from "../../../test/http/support/random-source.ts";
import { compile, compileMapping, compileTemplate, JqCompileError, JqError } from "../../../src/jq/index.ts";
import { connectors } from "../../../src/integrations/index.ts";
import { mutateText, randomJson } from "../mutate.ts";
import { must, outcome, type Target } from "../target.ts";

const rows = TABLES.flatMap((table) => table.rows);
const programs = [
  ...rows.map(({ program }) => program),
  ...textsOf([...connectors.values()].map((one) => one.defaults)),
];
const inputs = rows.flatMap(({ runs }) => runs.map(({ input }) => input));
/** A tenth of what the server allows, so that most programs end soon. */
const LIMITS = { maxSteps: 100_000, maxOutput: 1_000_000, maxDepth: 2000, now: () => 1_790_000_000 };

function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

/** Programs put into each other, which are right when their parts are. */
function composed(random: RandomSource, depth = 0): string {
  const part = (): string =>
    depth > 3 || random.chance(0.5) ? random.pick(programs) : composed(random, depth + 1);
  switch (random.int(9)) {
    case 0:
      return `(${part()}) | (${part()})`;
    case 1:
      return `[${part()}, ${part()}]`;
    case 2:
      return `{a: (${part()}), (${part()}): 1}`;
    case 3:
      return `try (${part()}) catch (${part()})`;
    case 4:
      return `(${part()}) as [$a, {b: $c}] ?// $a | $a, (${part()})`;
    case 5:
      return `reduce (${part()}) as $i (0; ${part()})`;
    case 6:
      return `def f(g): ${part()}; f(${part()})`;
    case 7:
      return `if (${part()}) then (${part()}) else limit(3; ${part()}) end`;
    default:
      return `(${part()}) |= (${part()})`;
  }
}

export const jq: Target = {
  name: "jq",
  about: "programs, mappings and templates (src/jq)",
  make(random) {
    const text = random.chance(0.3)
      ? mutateText(random, [composed(random)])
      : random.chance(0.2)
        ? composed(random)
        : mutateText(random, programs);
    const input = random.chance(0.7) ? random.pick(inputs) : randomJson(random);
    return {
      shown: `${text}\n# on ${JSON.stringify(input)}`,
      run() {
        const before = JSON.stringify(input);
        const came = [
          outcome(() => compile(text, LIMITS).run(input), [JqCompileError, JqError]),
          outcome(() => compileMapping(text, LIMITS).explain(input), [JqCompileError]),
          outcome(
            () => compileTemplate({ a: `x {{ ${text} }} y`, b: text }, LIMITS).explain(input),
            [JqCompileError, JqError],
          ),
        ].join("\n");
        must(JSON.stringify(input) === before, "it changes its input");
        return came;
      },
    };
  },
};
