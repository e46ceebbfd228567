import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileMapping, compileTemplate, JqCompileError, JqError, Meter } from "../../src/jq/index.ts";
import type { Json } from "../../src/jq/index.ts";

const render = (template: unknown, input: unknown): Json => compileTemplate(template).render(input);

function compileErrorOf(template: unknown): JqCompileError {
  try {
    compileTemplate(template);
  } catch (error) {
    if (error instanceof JqCompileError) return error;
    throw error;
  }
  throw new Error("it compiles");
}

const input = {
  str: "bar",
  num: 1,
  bool: true,
  null: null,
  arr: ["foo"],
  obj: { bar: "bar" },
  tiny: 0.00001,
};

describe("a text that is one template keeps the type", () => {
  test.each<[string, Json]>([
    ["{{.str}}", "bar"],
    ["{{ .num }}", 1],
    ["{{ .bool }}", true],
    ["{{ .null }}", null],
    ["{{ .missing }}", null],
    ["{{ .arr }}", ["foo"]],
    ["{{ .obj }}", { bar: "bar" }],
    [" \n{{ .num }} ", 1],
    ["{{ .arr[] , 2 }}", "foo"],
    ["{{ {a: {b: .num}} }}", { a: { b: 1 } }],
    ["{{{a: .num}}}", { a: 1 }],
    ["{{ 'it''' }}", "it''"],
    ['{{ "\\"foo\\"" }}', '"foo"'],
    ["{{ 'a}}' + .str }}", "a}}bar"],
    ['{{ "\\(.arr | join("}}"))" }}', "foo"],
    ["{{ .str # the rest }}", "bar"],
    ["{{ env }}", {}],
  ])("%s", (template, expected) => expect(render(template, input)).toEqual(expected));
});

describe("expressions within a text become text", () => {
  test.each<[string, string]>([
    ["https://x/?q={{.str}}", "https://x/?q=bar"],
    ["{{.str}}{{.num}}", "bar1"],
    ["{{.str}} {{.str}}", "bar bar"],
    [
      "s={{.str}}&n={{.num}}&b={{.bool}}&0={{.null}}&a={{.arr}}&o={{.obj}}",
      's=bar&n=1&b=true&0=null&a=["foo"]&o={"bar":"bar"}',
    ],
    ["{{.tiny}}!", "1e-05!"],
    ["x{{ empty }}y{{ error }}z", "xnullynullz"],
    ['"{{.str}}"', '"bar"'],
    ["'{{.str}}'", "'bar'"],
    ["{{.str}}}", "bar}"],
    ["{ {{.str}} }", "{ bar }"],
    ["no { braces } 'here\" # \\", "no { braces } 'here\" # \\"],
    ["", ""],
  ])("%s", (template, expected) => expect(render(template, input)).toBe(expected));
});

describe("arrays and objects", () => {
  test.each<[unknown, Json]>([
    [{ "{{.str}}": "{{.num}}{{.str}}" }, { bar: "1bar" }],
    [{ "k-{{.num}}": { deep: ["{{.arr}}", 1, null, true] } }, { "k-1": { deep: [["foo"], 1, null, true] } }],
    [
      { a: "{{empty}}", b: "{{.null}}" },
      { a: null, b: null },
    ],
    [{ "{{empty}}": 1, "{{null}}": 2, '{{""}}': 3, "{{''}}": 4, "{{.missing}}": 5, x: 6 }, { x: 6 }],
    [{ a: 1, "{{ 'a' }}": 2 }, { a: 2 }],
    [
      { "": 1, "no {braces}": 2 },
      { "": 1, "no {braces}": 2 },
    ],
    [{ "{{spreadValue()}}": "{{.obj}}" }, { bar: "bar" }],
    [{ " {{ spreadValue( ) }} ": { foo: "{{.num}}" } }, { foo: 1 }],
    [
      { a: 1, bar: 2, "{{ spreadValue() }}": "{{.obj}}", c: 3 },
      { a: 1, bar: "bar", c: 3 },
    ],
    [{ bar: 2, "{{spreadValue()}}": { "{{spreadValue()}}": "{{.obj}}" } }, { bar: "bar" }],
    [{ a: 1, "{{spreadValue()}}": "{{.missing}}" }, { a: 1 }],
    [
      ["{{.num}}", ["{{.str}}"]],
      [1, ["bar"]],
    ],
    [123, 123],
    [null, null],
    [undefined, null],
    [false, false],
    [{ a: undefined, b: [undefined] }, { b: [null] }],
  ])("%j", (template, expected) => expect(render(template, input)).toEqual(expected));

  test("keys that objects inherit are ordinary keys", () => {
    const template = JSON.parse('{"{{.k}}": 1, "constructor": 2, "{{spreadValue()}}": "{{.o}}"}') as unknown;
    const value = render(template, JSON.parse('{"k": "__proto__", "o": {"toString": 3}}'));
    expect(JSON.stringify(value)).toBe('{"__proto__":1,"constructor":2,"toString":3}');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  test.each([
    [{ "{{1}}": 0 }, 'the key string ("{{1}}") became number (1); keys are strings, null or empty'],
    [{ a: [{ "{{ {} }}": 0 }] }, "a[0].{{ {} }}: the key"],
    [{ "{{true}}": 0 }, "became boolean (true)"],
    [{ "{{spreadValue()}}": "str" }, 'spreadValue() needs an object, this is string ("str")'],
    [{ "{{spreadValue()}}": "{{.arr}}" }, 'spreadValue() needs an object, this is array (["foo"])'],
  ])("%j is an error", (template, message) => {
    const compiled = compileTemplate(template);
    expect(() => compiled.render(input)).toThrow(JqError);
    expect(() => compiled.render(input)).toThrow(message);
  });
});

describe("what is no template", () => {
  test.each<[unknown, string, number, number]>([
    ["a{{ .b", "Found `{{` at offset 1 without a `}}` that closes it", 1, 2],
    ["a }} b", "Found `}}` at offset 2 without a `{{` before it", 1, 3],
    ["{{ .a {{ .b }} }}", "Found `{{` at offset 6 inside the template that begins at offset 0", 1, 7],
    [{ body: { url: "x\ny {{ .a | }}" } }, "body.url: Found the end of the text where an expression", 2, 11],
    [[{ a: "{{ 😀 }}" }], "[0].a: Found `😀` where an expression was expected", 1, 4],
    [{ "{{ foo }}": 1 }, "{{ foo }}: foo/0 is not defined", 1, 4],
    ["😀\n\n  {{ .a\n | $x }}", "$x is not defined", 4, 4],
    ["{{ }}", "Found the end of the text where an expression", 1, 4],
    ["{{ spreadValue() }}", "Found `spreadValue()` where it is not the whole key of an object", 1, 3],
    [
      { "x{{ spreadValue() }}": {} },
      "Found `spreadValue()` where it is not the whole key of an object",
      1,
      4,
    ],
  ])("%j", (template, message, line, column) => {
    const error = compileErrorOf(template);
    expect(error.message).toContain(message);
    expect([error.line, error.column]).toEqual([line, column]);
    expect(error.excerpt).toContain("^");
  });

  test("one that is nested too deep", () => {
    let template: unknown = "{{.a}}";
    for (let i = 0; i < 1_000; i++) template = [template];
    expect(() => compileTemplate(template)).not.toThrow();
    expect(compileErrorOf([template]).message).toContain("nested more than 1000 levels");
  });
});

test("the expressions that failed are told, with their places", () => {
  const template = compileTemplate({
    a: ["{{ .str + 1 }}", "x {{ empty }}{{ .num }}"],
    "{{ error('k') }}": 1,
    ok: "{{ .null }}",
  });
  expect(template.explain(input)).toEqual({
    value: { a: [null, "x null1"], ok: null },
    problems: [
      {
        ...{ path: ["a", 0], expression: ".str + 1", code: "jq_error" },
        message: 'string ("bar") and number (1) cannot be added',
      },
      { path: ["a", 1], expression: "empty", code: "jq_empty", message: "The expression has no output" },
      { path: ["{{ error('k') }}"], expression: "error('k')", code: "jq_error", message: "k" },
    ],
  });
});

describe("limits hold for the whole template", () => {
  test("steps", () => {
    const template = compileTemplate(
      Array.from({ length: 100 }, () => "{{ [range(1000)] | length }}"),
      { maxSteps: 20_000 },
    );
    const { value, problems } = template.explain(null);
    expect((value as Json[])[0]).toBe(1_000);
    expect(problems.length).toBeGreaterThan(10);
    expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(["jq_limit"]));
    expect(problems.map(({ path }) => path)).toContainEqual([99]);
  });

  test("output of all expressions together", () => {
    const big = { text: "x".repeat(1_000) };
    const ten = Array.from({ length: 10 }, () => "{{ .text }}");
    expect(compileTemplate(ten, { maxOutput: 11_000 }).render(big)).toHaveLength(10);
    expect(() => compileTemplate([...ten, ...ten], { maxOutput: 11_000 }).render(big)).toThrow(
      expect.objectContaining({ code: "jq_limit" }),
    );
    expect(() => compileTemplate(ten.join(""), { maxOutput: 5_000 }).render(big)).toThrow(JqError);
  });

  test("may come from outside", () => {
    const meter = new Meter(3_000, 100_000, 100);
    const template = compileTemplate("{{ [range(1000)] | length }}");
    expect(template.render(null, { meter })).toBe(1_000);
    for (let i = 0; i < 10; i++) template.render(null, { meter });
    expect(template.render(null, { meter })).toBeNull();
  });

  test("the time and variables too", () => {
    expect(
      compileTemplate("{{ now }} {{ $x }}", { args: { x: 1 } }).render(null, { now: 5, args: { x: 2 } }),
    ).toBe("5 2");
  });
});

describe("properties", () => {
  /** Text without braces and quotes. */
  const plain = fc.string({ unit: "grapheme", maxLength: 8 }).map((text) => text.replaceAll(/[{}]/g, "-"));
  const json = fc.jsonValue({ maxDepth: 4 });

  test("a value without templates is itself", () => {
    const braceless = json.filter(
      (value) => !/\{\{|\}\}/.test(JSON.stringify(value).replaceAll(/[{}](?=[^"]*(?:"[^"]*"[^"]*)*$)/g, "")),
    );
    fc.assert(
      fc.property(braceless, json, (template, input) => {
        expect(render(template, input)).toEqual(template);
      }),
      { numRuns: 300, seed: 6 },
    );
  });

  const expression = fc.constantFrom(
    ".",
    ".a",
    ".a?",
    "[.[]?]",
    "{b: {c: .}}",
    "'x}}'",
    '"{{"',
    "empty",
    "error",
    "1, 2",
    "'it\\'s'",
    '"\\("}}")"',
    "# c",
  );

  test("a text of one template gives what the expression gives", () => {
    fc.assert(
      fc.property(
        expression.filter((text) => text !== "# c"),
        json,
        (text, input) => {
          expect(render(`{{ ${text} }}`, input)).toEqual(compileMapping(text).evaluate(input));
        },
      ),
      { numRuns: 300, seed: 7 },
    );
  });

  test("a longer text is its parts in order", () => {
    const part = fc.record({ before: plain, text: expression.filter((text) => text !== "# c") });
    fc.assert(
      fc.property(fc.array(part, { minLength: 2, maxLength: 5 }), plain, json, (parts, after, input) => {
        const template = `${parts.map(({ before, text }) => `${before}{{ ${text} }}`).join("")}${after}`;
        const values = parts.map(({ before, text }) => {
          const value = compileMapping(text).evaluate(input);
          return (
            before +
            (typeof value === "string" ? value : (compileMapping("tojson").evaluate(value) as string))
          );
        });
        expect(render(template, input)).toBe(values.join("") + after);
      }),
      { numRuns: 300, seed: 8 },
    );
  });

  test("any text compiles or is a JqCompileError, and renders or is a JqError; the input stays as it is", () => {
    const piece = fc.constantFrom(
      "{",
      "}",
      "{{",
      "}}",
      "'",
      '"',
      "\\",
      "#",
      "\n",
      "(",
      ".a",
      " ",
      "x",
      "\\(",
      "spreadValue()",
    );
    const text = fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(fc.dictionary(text, text, { maxKeys: 2 }), json, (template, input) => {
        const before = JSON.stringify(input);
        try {
          render(template, input);
        } catch (error) {
          if (!(error instanceof JqCompileError) && !(error instanceof JqError)) throw error;
        }
        expect(JSON.stringify(input)).toBe(before);
      }),
      { numRuns: 5_000, seed: 9 },
    );
  });
});
