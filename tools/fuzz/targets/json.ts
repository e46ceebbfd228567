import { randomSource } from "../../../test/http/support/random-source.ts";
import { SAMPLE_BODIES } from "../../../test/http/support/sample-bodies.ts";
import { MAX_NESTING, parseJson } from "../../../src/http/json-body.ts";
import { AppError } from "../../../src/model/error.ts";
import { documentedCode } from "../corpus.ts";
import { mutateText, randomJson } from "../mutate.ts";
import { must, outcome, type Target } from "../target.ts";

const corpus = [
  ...Object.values(SAMPLE_BODIES).flatMap((bodies) => bodies.map((body) => JSON.stringify(body))),
  ...documentedCode("json"),
  ...Array.from({ length: 50 }, (_, i) => JSON.stringify(randomJson(randomSource(i)), null, i % 3)),
];

/** Deepest bracket, and whether a key reaches a prototype. */
function looked(value: unknown): { readonly depth: number; readonly isPoisoned: boolean } {
  let [depth, isPoisoned] = [0, false];
  let level: readonly unknown[] = [value];
  while (level.length > 0) {
    const objects = level.filter((one) => typeof one === "object" && one !== null);
    if (objects.length > 0) depth += 1;
    isPoisoned ||= objects.some((one) => Object.hasOwn(one, "__proto__"));
    level = objects.flatMap((one): unknown[] => Object.values(one));
  }
  return { depth, isPoisoned };
}

export const json: Target = {
  name: "json",
  about: "bodies of requests and deliveries (src/http/json-body.ts)",
  make(random) {
    const text = random.chance(0.1) ? JSON.stringify(randomJson(random)) : mutateText(random, corpus);
    return {
      shown: text,
      run: () =>
        outcome(() => {
          const value = parseJson(text);
          must(JSON.stringify(value) === JSON.stringify(JSON.parse(text)), "it reads something else");
          const { depth, isPoisoned } = looked(value);
          must(depth <= MAX_NESTING && !isPoisoned, `it takes ${depth} levels, poisoned: ${isPoisoned}`);
          return value;
        }, [AppError]),
    };
  },
};
