import { table } from "../support/table.ts";

export const math = table(
  "Mathematics",
  String.raw`
floor, ceil, round, trunc, rint, nearbyint, fabs, abs
  1.5 => 1 2 2 1 2 2 1.5 1.5
  -1.5 => -2 -1 -2 -1 -2 -2 1.5 1.5
  2.5 => 2 3 3 2 2 2 2.5 2.5
  -2.5 => -3 -2 -3 -2 -2 -2 2.5 2.5
  0.4 => 0 1 0 0 0 0 0.4 0.4
  -0.4 => -1 -0 -0 -0 -0 -0 0.4 0.4
floor
  "x" => !"string (\"x\") number required"
  null => !"null (null) number required"
sqrt, cbrt
  64 => 8 4
sqrt | isnan
  -1 => true
pow(2; 10), pow(2; 0.5), pow(-8; 1 / 3 | floor), pow(0; 0)
  null => 1024 1.4142135623730951 1 1
pow(2, 3; 1, 2)
  null => 2 3 4 9
pow("a"; 1)
  null => !"string (\"a\") number required"
pow(1; "b")
  null => !"string (\"b\") number required"
log, log2, log10, log1p
  1 => 0 0 0 0.6931471805599453
  1024 => 6.931471805599453 10 3.010299956639812 6.932447891572509
  1000 => 6.907755278982137 9.965784284662087 3 6.90875477931522
exp, exp2, exp10, expm1
  0 => 1 1 1 0
  1 => 2.718281828459045 2 10 1.718281828459045
  2 => 7.38905609893065 4 100 6.38905609893065
log
  0 => -1.7976931348623157e+308
  -1 => null
sin, cos, tan, asin, acos, atan | . * 1e12 | round
  0.5 => 479425538604 877582561890 546302489844 523598775598 1047197551197 463647609001
sinh, cosh, tanh, asinh, atanh | . * 1e12 | round
  0.5 => 521095305494 1127625965206 462117157260 481211825060 549306144334
acosh | . * 1e12 | round
  1.5 => 962423650119
atan2(1; 2) | . * 1e12 | round
  null => 463647609001
gamma, lgamma, lgamma_r, tgamma | [.] | flatten | map(. * 1e9 | round)
  5 => [3178053830] [3178053830] [3178053830,1000000000] [24000000000]
  0.5 => [572364943] [572364943] [572364943,1000000000] [1772453851]
frexp, modf
  8 => [0.5,4] [0,8]
  3.75 => [0.9375,2] [0.75,3]
  0 => [0,0] [0,0]
  -2.5 => [-0.625,2] [-0.5,-2]
  1e-310 => [0.5752618031559393,-1029] [1e-310,0]
modf
  "x" => !"string (\"x\") number required"
[infinite | modf, frexp]
  null => [[0,1.7976931348623157e+308],[1.7976931348623157e+308,0]]
ldexp(3; 2), scalb(3; 2), scalbln(3; 2)
  null => 12 12 12
logb, significand
  8 => 3 1
  10 => 3 1.25
  0.1 => -4 1.6
logb
  0 => -1.7976931348623157e+308
drem(10; 3), remainder(11; 3), fmod(10; 3), fmod(-7; 3)
  null => 1 -1 1 -1
drem(5; 0) | isnan
  null => true
fma(2; 3; 4), fmin(1; 2), fmax(1; 2), fdim(5; 3), fdim(3; 5), hypot(3; 4), copysign(3; -1)
  null => 10 1 2 2 0 5 -3
fmin(nan; 1), fmax(nan; 1)
  null => 1 1
fma(1; 2; "x")
  null => !"string (\"x\") number required"
nextafter(1; 2) - 1, nexttoward(1; 0) - 1
  null => 2.220446049250313e-16 -1.1102230246251565e-16
j0, j1, y0, y1 | . * 1e9 | round
  1 => 765197687 440050586 88256964 -781212821
  2.5 => -48383776 497094102 498070360 145918138
jn(2; 1.5), yn(2; 1.5) | . * 1e9 | round
  null => 232087672 -932193760
erf, erfc | . * 1e12 | round
  0.5 => 520499877813 479500122187
  -1 => -842700792950 1842700792950
infinite, -infinite, nan
  null => 1.7976931348623157e+308 -1.7976931348623157e+308 null
[nan] | sort, min, max, unique
  null => [null] null null [null]
[nan, nan] | unique | length
  null => 2
[nan, 1] | sort | .[1], (map(isnan))
  null => 1 [true,false]
infinite | floor, tostring, isinfinite
  null => 1.7976931348623157e+308 "1.7976931348623157e+308" true
nan | tostring, tojson
  null => "null" "null"
nan | floor | isnan
  null => true
[limit(3; repeat(1))] | add
  null => 3
1e308 * 10, -1e308 * 10
  null => 1.7976931348623157e+308 -1.7976931348623157e+308
[range(10)] | add / length, (map(. * .) | add | sqrt * 1000 | floor)
  null => 4.5 16881
(1.1 + 2.2) * 100 | round / 100
  null => 3.3
5e-324 / 2
  null => 0
significand, logb, frexp
  1e+300 => 1.4932217896051503 996 [0.7466108948025751,997]
1 / 3 * 3 == 1, 0.1 + 0.2 == 0.3
  null => true false
1e15 + 0.3, 1e16 + 1
  null => 1000000000000000.2 10000000000000000
[1, 2, 3] | (add / length) as $m | map(. - $m | . * .) | add / length | sqrt * 1e6 | round
  null => 816497
`,
);
