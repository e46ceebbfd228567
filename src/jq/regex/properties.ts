import { blockTest } from "./blocks.ts";

/** A property of code points. */
export type Test = (point: number) => boolean;

/** Names that are POSIX's too, as insides of a bracket in JavaScript's syntax with flag u (Unicode TS #18, annex C). */
const POSIX: Readonly<Record<string, string>> = {
  alnum: "\\p{Alphabetic}\\p{Nd}",
  alpha: "\\p{Alphabetic}",
  ascii: "\\0-\\x7f",
  blank: "\\p{Zs}\\t",
  cntrl: "\\p{Cc}",
  digit: "\\p{Nd}",
  graph: "^\\p{White_Space}\\p{Cc}\\p{Cn}\\p{Cs}",
  lower: "\\p{Lowercase}",
  print: "^\\p{Zl}\\p{Zp}\\p{Cc}\\p{Cn}\\p{Cs}",
  punct: "\\p{P}\\p{S}",
  space: "\\p{White_Space}",
  upper: "\\p{Uppercase}",
  xdigit: "0-9A-Fa-f",
  word: "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}",
};

const CATEGORIES = `C Cc Cf Cn Co Cs L LC Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl
Zp Zs Cased_Letter Close_Punctuation Combining_Mark Connector_Punctuation Control Currency_Symbol Dash_Punctuation
Decimal_Number Enclosing_Mark Final_Punctuation Format Initial_Punctuation Letter Letter_Number Line_Separator
Lowercase_Letter Mark Math_Symbol Modifier_Letter Modifier_Symbol Nonspacing_Mark Number Open_Punctuation Other
Other_Letter Other_Number Other_Punctuation Other_Symbol Paragraph_Separator Private_Use punct Punctuation Separator
Space_Separator Spacing_Mark Surrogate Symbol Titlecase_Letter Unassigned Uppercase_Letter`;

const BINARY = `ASCII_Hex_Digit Alphabetic Any Assigned Bidi_Control Case_Ignorable Cased Changes_When_Casefolded
Changes_When_Casemapped Changes_When_Lowercased Changes_When_Titlecased Changes_When_Uppercased Dash
Default_Ignorable_Code_Point Deprecated Diacritic Emoji Emoji_Component Emoji_Modifier Emoji_Modifier_Base
Emoji_Presentation Extended_Pictographic Extender Grapheme_Base Grapheme_Extend Hex_Digit IDS_Binary_Operator
IDS_Trinary_Operator ID_Continue ID_Start Ideographic Join_Control Logical_Order_Exception Lowercase Math
Noncharacter_Code_Point Pattern_Syntax Pattern_White_Space Quotation_Mark Radical Regional_Indicator Sentence_Terminal
Soft_Dotted Terminal_Punctuation Unified_Ideograph Uppercase Variation_Selector White_Space XID_Continue XID_Start AHex
Bidi_C CI CWCF CWCM CWL CWT CWU Dep DI Dia EBase EComp EMod EPres Ext ExtPict Gr_Base Gr_Ext Hex IDC Ideo IDS IDSB IDST
Join_C LOE NChar Pat_Syn Pat_WS QMark RI SD STerm Term UIdeo VS WSpace XIDC XIDS`;

/** Scripts by their long names; the codes of four letters need no list. */
const SCRIPTS = `Adlam Ahom Anatolian_Hieroglyphs Arabic Armenian Avestan Balinese Bamum Bassa_Vah Batak Bengali
Bhaiksuki Bopomofo Brahmi Braille Buginese Buhid Canadian_Aboriginal Carian Caucasian_Albanian Chakma Cham Cherokee
Chorasmian Common Coptic Cuneiform Cypriot Cypro_Minoan Cyrillic Deseret Devanagari Dives_Akuru Dogra Duployan
Egyptian_Hieroglyphs Elbasan Elymaic Ethiopic Garay Georgian Glagolitic Gothic Grantha Greek Gujarati Gunjala_Gondi
Gurmukhi Gurung_Khema Han Hangul Hanifi_Rohingya Hanunoo Hatran Hebrew Hiragana Imperial_Aramaic Inherited
Inscriptional_Pahlavi Inscriptional_Parthian Javanese Kaithi Kannada Katakana Kawi Kayah_Li Kharoshthi
Khitan_Small_Script Khmer Khojki Khudawadi Kirat_Rai Lao Latin Lepcha Limbu Linear_A Linear_B Lisu Lycian Lydian
Mahajani Makasar Malayalam Mandaic Manichaean Marchen Masaram_Gondi Medefaidrin Meetei_Mayek Mende_Kikakui
Meroitic_Cursive Meroitic_Hieroglyphs Miao Modi Mongolian Mro Multani Myanmar Nabataean Nag_Mundari Nandinagari
New_Tai_Lue Newa Nko Nushu Nyiakeng_Puachue_Hmong Ogham Ol_Chiki Ol_Onal Old_Hungarian Old_Italic Old_North_Arabian
Old_Permic Old_Persian Old_Sogdian Old_South_Arabian Old_Turkic Old_Uyghur Oriya Osage Osmanya Pahawh_Hmong Palmyrene
Pau_Cin_Hau Phags_Pa Phoenician Psalter_Pahlavi Rejang Runic Samaritan Saurashtra Sharada Shavian Siddham SignWriting
Sinhala Sogdian Sora_Sompeng Soyombo Sundanese Sunuwar Syloti_Nagri Syriac Tagalog Tagbanwa Tai_Le Tai_Tham Tai_Viet
Takri Tamil Tangsa Tangut Telugu Thaana Thai Tibetan Tifinagh Tirhuta Todhri Toto Tulu_Tigalari Ugaritic Unknown Vai
Vithkuqi Wancho Warang_Citi Yezidi Yi Zanabazar_Square`;

const plain = (name: string): string => name.replaceAll(/[ _-]/g, "").toLowerCase();

/** The known names, and what JavaScript calls them. */
let names: Map<string, string> | undefined;

function javascriptNames(): Map<string, string> {
  if (names !== undefined) return names;
  names = new Map();
  for (const [list, prefix] of [
    [BINARY, ""],
    [SCRIPTS, "Script="],
    [CATEGORIES, "gc="],
  ] as const)
    for (const name of list.split(/\s+/)) names.set(plain(name), `\\p{${prefix}${name}}`);
  return names;
}

/** The tests that were asked for, by names that exist. */
const tests = new Map<string, Test>();

function remembered(key: string, find: (key: string) => Test | undefined): Test | undefined {
  const known = tests.get(key);
  if (known !== undefined) return known;
  const test = find(key);
  if (test !== undefined) tests.set(key, test);
  return test;
}

/** The class `[:name:]` of a bracket. */
export const posixTest = (name: string): Test | undefined =>
  remembered(`:${name}`, () => (Object.hasOwn(POSIX, name) ? bracketTest(POSIX[name] ?? "") : undefined));

/** The property of this name, as Oniguruma knows it; case, blanks, `-` and `_` do not count. */
export const propertyTest = (name: string): Test | undefined => remembered(plain(name), findTest);

function findTest(key: string): Test | undefined {
  if (!/^[a-z0-9]+$/.test(key)) return undefined;
  const inside = javascriptNames().get(key);
  if (inside !== undefined) return bracketTest(inside);
  // What is no name of Unicode's: `punct` is, and leaves the symbols out.
  const posix = posixTest(key);
  if (posix !== undefined) return posix;
  if (key.startsWith("in")) return blockTest(key.slice(2));
  if (key.length !== 4) return undefined;
  try {
    return bracketTest(`\\p{Script=${key.slice(0, 1).toUpperCase()}${key.slice(1)}}`);
  } catch {
    return undefined;
  }
}

/** One code point is tested at a time, which no expression makes slow. */
function bracketTest(inside: string): Test {
  const bracket = new RegExp(`^[${inside}]$`, "u");
  return (point) => bracket.test(String.fromCodePoint(point));
}
