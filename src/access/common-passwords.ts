/**
 * Passwords that are guessed first: words that many people take, runs of the keyboard and of numbers, years, and what is
 * put together of them. Of lists of passwords that were stolen nearly all that are long enough are of this kind.
 */

/** In the spelling that `plain` gives. */
const WORDS: readonly string[] = // of passwords themselves, and of accounts
  (
    "password passwort passwd pass passcode passphrase motdepasse contrasena wachtwoord haslo parola senha " +
    "letmein welcome willkommen changeme change changeit default temp temporary secret geheim private access login " +
    "logon signin admin administrator root user guest master test testing tester demo sample example server system " +
    "database backup support helpdesk service manager office company business corporate enterprise internal secure " +
    "security network internet website portal fairway developer engineering production staging " +
    // of the keyboard
    "qwertyuiop qwertyui qwerty qwertz qwertzuiop azerty azertyuiop asdfghjkl asdfghjk asdfgh asdf zxcvbnm zxcvbn zxcv " +
    "yxcvbnm qazwsxedc qazwsx qaz wsx edc rfv tgb yhn poiuytrewq lkjhgfdsa mnbvcxz abcdefgh abcdef abc xyz " +
    "aqwzsxedc zaq xsw cde vfr bgt nhy mju " +
    // what people like
    "iloveyou iloveu ihateyou loveme lovely love forever babygirl babyboy baby angel princess prince queen king sunshine " +
    "moonlight starlight rainbow butterfly flower chocolate cookie cheese banana orange apple cherry summer winter spring " +
    "autumn sommer herbst january february march april june july august september october november december monday " +
    "tuesday wednesday thursday friday saturday sunday monkey dragon tiger lion eagle falcon horse dolphin panther " +
    "football baseball basketball soccer hockey tennis golfer yankees lakers cowboys steelers arsenal chelsea liverpool " +
    "barcelona juventus superman batman spiderman starwars pokemon naruto matrix hunter ranger killer ninja samurai " +
    "michael jennifer jessica ashley daniel thomas robert charlie andrew jordan george william joshua matthew nicole " +
    "michelle jonathan alexander christopher samantha elizabeth computer internet samsung google microsoft windows apple " +
    "linux ubuntu android facebook instagram linkedin twitter yahoo hotmail gmail mercedes porsche ferrari corvette " +
    "mustang harley freedom whatever trustno hello shadow silver golden diamond ginger pepper buster soccer tigger " +
    "maggie bailey buddy happy lucky jesus christ heaven blessed money"
  )
    .split(" ")
    .toSorted((a, b) => b.length - a.length);

const LEET: Readonly<Record<string, string>> = {
  ...{
    "0": "o",
    "1": "i",
    "3": "e",
    "4": "a",
    "5": "s",
    "7": "t",
    "8": "b",
    "@": "a",
    $: "s",
    "!": "i",
    "|": "l",
  },
};
const plain = (text: string): string => text.replaceAll(/[0134578@$!|]/g, (sign) => LEET[sign] ?? sign);

const YEAR = /(?:19|20)\d\d/g;
const REPEATED = /(.)\1{2,}/g;
/** Signs of a run that counts as one: `123`, `cba`. */
const RUN = 3;
/** So much that is none of it makes a password of its own. */
const OWN = 5;

/** Whether nothing much is left of it when everything that is guessed first is taken away. */
export function isCommonPassword(password: string): boolean {
  const text = password.toLowerCase();
  return [text, plain(text)].some((one) => ownPart(one).length < OWN);
}

/** Words go last: runs would be cut by them. Letters and digits only: signs between them are guessed along. */
function ownPart(text: string): string {
  let rest = withoutRuns(text.replaceAll(YEAR, " ")).replaceAll(REPEATED, " ");
  for (const word of WORDS) rest = rest.replaceAll(word, " ");
  return rest.replaceAll(/[^\p{L}\p{N}]/gu, "");
}

function withoutRuns(text: string): string {
  let result = "";
  for (let at = 0; at < text.length;) {
    const length = Math.max(runFrom(text, at, 1), runFrom(text, at, -1));
    result += length >= RUN ? " " : text[at];
    at += length >= RUN ? length : 1;
  }
  return result;
}

/** How long what begins here goes up, or down, by one letter or digit at a time. */
function runFrom(text: string, from: number, step: number): number {
  let to = from + 1;
  while (to < text.length && text.charCodeAt(to) - text.charCodeAt(to - 1) === step) to += 1;
  return to - from;
}
