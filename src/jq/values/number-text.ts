/**
 * How jq prints a double: the fewest digits that give it back (David Gay's mode 0, which JavaScript has too), then,
 * with `point` the place of the decimal point relative to the first digit (1.5 has 1, 0.05 has -1):
 * exponent form when point <= -4 (below 1e-4) or when more than 15 zeros would follow the digits, else plain.
 * The exponent has a sign and two digits at least. -0 keeps its sign; infinite is the largest double; nan is null.
 */
export function numberText(value: number): string {
  if (Number.isInteger(value)) {
    if (value > -1e15 && value < 1e15) return value === 0 && 1 / value < 0 ? "-0" : String(value);
    return bigIntegerText(value);
  }
  if (value >= 1e-4 || value <= -1e-4) {
    if (value === Number.POSITIVE_INFINITY) return "1.7976931348623157e+308";
    if (value === Number.NEGATIVE_INFINITY) return "-1.7976931348623157e+308";
    return String(value);
  }
  if (Number.isNaN(value)) return "null";
  const [digits, exponent] = parts(value);
  return `${digits}e-${String(-exponent).padStart(2, "0")}`;
}

/** The digits (with sign and point) and the exponent of the scientific form. */
function parts(value: number): [string, number] {
  const text = value.toExponential();
  const at = text.indexOf("e");
  return [text.slice(0, at), Number(text.slice(at + 1))];
}

function bigIntegerText(value: number): string {
  const [mantissa, exponent] = parts(value);
  const digits = mantissa.replace(".", "");
  const count = value < 0 ? digits.length - 1 : digits.length;
  const zeros = exponent + 1 - count;
  return zeros > 15 ? `${mantissa}e+${exponent}` : digits + "0".repeat(zeros);
}

/** What jq's parser of numbers takes (decNumber's): no blanks, no hexadecimal; Infinity and NaN in any case. */
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const INFINITY = /^[+-]?inf(?:inity)?$/i;
/** A payload of NaN that is not zero is refused. */
const NOT_A_NUMBER = /^[+-]?s?nan0*$/i;

/** The number that `text` spells, or `undefined`. */
export function readNumber(text: string): number | undefined {
  if (NUMBER.test(text)) return Number(text);
  if (INFINITY.test(text)) return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return NOT_A_NUMBER.test(text) ? Number.NaN : undefined;
}
