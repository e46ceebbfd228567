import type { ReadModule } from "../../../src/jq/index.ts";

/** A library that jq's own tests of modules can be run on: what each of these modules brings follows from them. */
const FILES: Readonly<Record<string, string>> = {
  "a.jq": 'module {version: 1.7}; def a: "a";',
  "b/b.jq": 'def a: "b"; def b: "c";',
  "c/c.jq": `module {whatever: null};
    import "a" as foo;
    import "d" as d {search: "./"};
    import "d" as d2 {search: "./"};
    import "e" as e {search: "./../lib/jq"};
    import "f" as f {search: "./../lib/jq"};
    import "data" as $d;
    def a: 0;
    def c:
      if $d != [{this: "is a test", that: "is too"}] or $d != $d::d then error("data")
      elif f::f != "f" or d::name != d2::name then error("two names")
      else foo::a + "c" + d::name + e::exclamation end;`,
  "c/d.jq": 'def name: "meh";',
  "lib/jq/e/e.jq": 'def exclamation: "bah";',
  "lib/jq/f.jq": 'def f: "f";',
  "data.json": '{"this": "is a test", "that": "is too"}',
  "shadow1.jq": "def e: 1; def e: 2;",
  "shadow2.jq": "def e: 3;",
  "test_bind_order.jq": `import "test_bind_order0" as t; import "test_bind_order1" as t; import "test_bind_order2" as t;
    def check: [t::sym0, t::sym1, t::sym2] == [0, 1, 2];`,
  "test_bind_order0.jq": "def sym0: 0; def sym1: 0;",
  "test_bind_order1.jq": "def sym1: 1; def sym2: 1;",
  "test_bind_order2.jq": "def sym2: 2;",
  "syntaxerror/syntaxerror.jq": "wat;",
  "cycle_self.jq": 'import "cycle_self" as s; def f: null;',
  "cycle_a.jq": 'import "cycle_b" as b; def f: null;',
  "cycle_b.jq": 'import "cycle_a" as a; def f: null;',
};

export const modules: ReadModule = (path) => (Object.hasOwn(FILES, path) ? FILES[path] : undefined);
