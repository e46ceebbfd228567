/** Cases of jq's own test file that this engine does not pass, by program text, each with the reason. */
export interface Exception {
  readonly program: string;
  /** Part of what the engine says, so that it fails for this reason and no other. */
  readonly says: string;
  readonly reason: string;
}

const IMPORT = "a program is one text: there are no modules, so nothing can be imported";
const METADATA = "a program is one text: there are no modules to describe";

export const EXCEPTIONS: readonly Exception[] = [
  ...[
    'import "a" as foo; import "b" as bar; def fooa: foo::a; [fooa, bar::a, bar::b, foo::a]',
    'import "c" as foo; [foo::a, foo::c]',
    'include "c"; [a, c]',
    'import "data" as $e; import "data" as $d; [$d[].this,$e[].that,$d::d[].this,$e::e[].that]|join(";")',
    'import "data" as $a; import "data" as $b; def f: {$a, $b}; f',
    'include "shadow1"; e',
    'include "shadow1"; include "shadow2"; e',
    'import "shadow1" as f; import "shadow2" as f; import "shadow1" as e; [e::e, f::e]',
    'import "test_bind_order" as check; check::check',
  ].map((program) => ({ program, says: "modules are not supported", reason: IMPORT })),
  ...["modulemeta", "modulemeta | .deps | length", "modulemeta | .defs | length"].map((program) => ({
    program,
    says: "modulemeta is not supported",
    reason: METADATA,
  })),
];
