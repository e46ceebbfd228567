/** The paragraphs of §5 (scorecards), each under the words that its tests' titles begin with. */
export const SECTION_5 = {
  "5.1 the default levels": "addresses and envelopes; Basic, Bronze, Silver, Gold when none are given",
  "5.1 what is wrong": "identifier, title, level, colour, rule and condition are refused with their place",
  "5.1 a scorecard goes with its blueprint": "and so do its entities",

  "5.2 null fulfils nothing": "but isEmpty; empty text, list and object are empty; relations and times",
  "5.2 of data-model": "searches about the level and about a rule",

  "5.3 entities that do not match the filter": "are out of scope: no result",
  "5.3 the answer of a write has the level":
    "the highest of which all rules hold, with all below; what follows comes after",
  "5.3 a change of level that nobody wrote": "is an update of the entity",

  "5.4 they follow the definitions": "entities of _scorecard and _rule",
  "5.4 what the system keeps": "is protected; properties of users' own are theirs",
  "5.4 created as entities": "of _scorecard, with blueprint, rules, levels",
  "5.4 one for each rule and each entity":
    "_rule_result with result, entity, link, last change, mirrors, relations",
  "5.4 searched by result": "rule, entity, mirrors; sorted, in pages",
  "5.4 who may read": "owning teams and rights are those of the entity",
  "5.4 rules and scorecards say": "how many were tested, how many passed, percent",
  "5.4 who moved": "from which level to which, and when",
  "5.4 dashboards": "a folder of dashboards over scorecards, rules and results",

  "5.5 initiatives": "a level or rules to be reached, owner, due date, progress, reminders",
} as const;
