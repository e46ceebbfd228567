/** The paragraphs of §4 (automations), each under the words that its tests' titles begin with. */
export const SECTION_4 = {
  "4 automations": "actions with a trigger of type automation; publish switches them on",

  "4.1 ENTITY": "created, updated, deleted, by whomever; ANY_ENTITY_CHANGE is any of them",
  "4.1 TIMER_PROPERTY_EXPIRED": "a timer passes",
  "4.1 RUN": "created; status, label, links changed; lines of the log do not count",
  "4.1 not fired": "by mirrors, calculations over them, other entities, writes that change nothing",
  "4.1 aggregations": "fire",
  "4.1 loops": "end by depth and by rate",

  "4.2 conditions": "and, or; each expression has to give true",
  "4.2 the event": "action, resourceType, trigger, context, diff with derived values",
  "4.2 payload": "the event under .event, inputs null, origin AUTOMATION",
  "4.2 transitions": "another value before than after",

  "4.3 overdue pull request": "a timer, a message to the address that a mirror shows",
  "4.3 mark notified": "an upsert beside it, and no second message",
  "4.3 nudge reviewers": "an action on open pull requests that tells their reviewers",
  "4.3 failed deployment run": "RUN_UPDATED to FAILURE: a message",
  "4.3 status change": "of a deployment or an incident: a message",
  "4.3 scorecard degraded": "a result of a rule from Passed to Not passed: an issue",
  "4.3 below benchmark": "a level falls: a message",
  "4.3 auto approve": "a run that may go is approved by a call to the own API",
  "4.3 DORA events": "are copied into deployments and incidents",
  "4.3 end of an environment": "its timer starts a workflow",
} as const;
