/**
 * What a person can do on which screen, and the tests that walk it in a real browser: on an empty portal and on the demo
 * data. `test/web/features.test.ts` fails for a screen without a walk and for a walk that is not there.
 */

interface Feature {
  /** What can be done there. */
  readonly can: string;
  /** Parts of the titles of tests, each behind the file that has it. */
  readonly empty: readonly Walk[];
  readonly demo: readonly Walk[];
  /** More of it, on data made for it. */
  readonly more?: readonly Walk[];
  /** Asked for, and not there. */
  readonly missing?: readonly string[];
}
type Walk = readonly [file: string, title: string];

const EMPTY = "empty-walk";
const EXPLORE = "walks/explore";
const ACT = "walks/act";

export const FEATURES: Readonly<Record<string, Feature>> = {
  "Login / onboarding": {
    can: "sign in, follow an invitation, choose tools, look at templates, take the first steps",
    empty: [
      ["first-light", "the one-time link signs in"],
      ["first-light", "the empty portal offers three ways"],
      [EMPTY, "Home, empty"],
      [EMPTY, "Action editor, Run page and Approvals, empty"],
    ],
    demo: [
      ["demo-walk", "Login / onboarding: demo data is loaded"],
      [ACT, "Users & teams: somebody is invited"],
    ],
    missing: ["a list of first steps that is ticked off: the start page offers three ways instead"],
  },
  Home: {
    can: "a greeting, the organisation's numbers, its services, widgets: links, my entities, recently viewed, recent actions, texts",
    empty: [[EMPTY, "Home, empty"]],
    demo: [[EXPLORE, "Home: the organisation in numbers"]],
    more: [["first-light", "home tells the organisation's numbers"]],
  },
  Sidebar: {
    can: "search pages, folders, + New, order, hide, lock, permissions",
    empty: [[EMPTY, "Sidebar, empty"]],
    demo: [[EXPLORE, "Sidebar: a page is found"]],
    more: [
      ["dashboard", "filters are in the address; a locked page"],
      ["catalog/table", "the sidebar leads to the entities"],
    ],
  },
  "Catalog page": {
    can: "filter, sort, group, columns, search, save a view, export, create, edit, delete, change together, actions on a row",
    empty: [[EMPTY, "Catalog page, empty"]],
    demo: [[EXPLORE, "Catalog page: failed deployments"]],
    more: [
      ["catalog/table", "a header sorts on the server"],
      ["catalog/table", "a text and a filter narrow the table"],
      ["catalog/table", "groups count what is in each"],
      ["catalog/table", "columns are chosen and moved"],
      ["catalog/entities", "an entity is created with a form"],
      ["portal", "a table is totalled, edited in place"],
    ],
  },
  "Entity page": {
    can: "tabs, edit in place, related entities, graph, scorecards, runs, audit log, actions, texts, interfaces, countdown",
    empty: [[EMPTY, "Entity page and Graph, empty"]],
    demo: [[EXPLORE, "Entity page: what is known of it"]],
    more: [
      ["catalog/inside", "an entity has the tabs of its stored page"],
      ["catalog/inside", "a property is edited where it stands"],
      ["catalog/entities", "related entities are listed in both directions"],
      ["actions", "it is extended by three days from its page"],
    ],
  },
  Dashboard: {
    can: "add, move, size widgets, edit JSON, filters, drill down, lock, share",
    empty: [[EMPTY, "Dashboard, empty"]],
    demo: [[EXPLORE, "Dashboard: a filter reaches its widgets"]],
    more: [
      ["dashboard", "the article: + New, New dashboard"],
      ["dashboard", "widgets are moved and sized"],
      ["keyboard", "by keyboard alone"],
    ],
  },
  "DORA experience": {
    can: "wizard, methods, metrics, benchmarks, from a number to what failed",
    empty: [[EMPTY, "DORA experience, empty"]],
    demo: [[EXPLORE, "DORA experience: the wizard"]],
    more: [
      ["builder", "deployment strategies are compared"],
      ["first-light", "from a number to its evidence"],
      ["first-light", "another definition is looked at"],
    ],
  },
  "Builder → Data model": {
    can: "graph, create, edit, delete by form or JSON, properties, relations, derived values, ownership, permissions",
    empty: [
      ["builder", "an empty data model says how to begin"],
      ["builder", "a blueprint is made by its title"],
    ],
    demo: [[EXPLORE, "Builder → Data model: a property"]],
    more: [
      ["builder", "another is pasted as JSON"],
      ["portal", "a property and a calculation are made by forms"],
      ["portal", "an aggregation is tried"],
      ["article-walk", "aggregating: the options menu"],
    ],
  },
  "Builder → Scorecards": {
    can: "list, create by form or JSON, levels and rules",
    empty: [[EMPTY, "Scorecards and their catalogue, empty"]],
    demo: [[EXPLORE, "Builder → Scorecards and Scorecards catalogue"]],
    more: [["catalog/entities", "a scorecard is made by its form"]],
  },
  "Builder → Pages/Actions/Automations shortcuts": {
    can: "from anywhere to each editor, JSON beside each form",
    empty: [[EMPTY, "Automations and Builder → shortcuts, empty"]],
    demo: [[ACT, "Builder → Pages/Actions/Automations shortcuts"]],
  },
  "Data sources": {
    can: "add, status, mapping editor, try a mapping, resync, event log, replay, delete",
    empty: [["builder", "a system is connected with a wrong token"]],
    demo: [[ACT, "Data sources: a webhook from a template"]],
    more: [
      ["builder", "a webhook is made from a template"],
      ["article-walk", "step 2: releases as deployments"],
    ],
  },
  "Self-service hub": {
    can: "cards by blueprint, search, forms with steps, links that fill in, my latest runs",
    empty: [["actions", "an environment for five days is asked for"]],
    demo: [[ACT, "Self-service hub: the action is found"]],
    more: [["actions", "a link opens the form filled in"]],
  },
  "Action editor": {
    can: "details, form, backend, permissions, JSON, publish",
    empty: [[EMPTY, "Action editor, Run page and Approvals, empty"]],
    demo: [[ACT, "Action editor: an action on services"]],
    more: [["actions", "an action is built by its form"]],
  },
  "Run page": {
    can: "status, live log, payload, links, summary, approve, cancel, run again, affected entities",
    empty: [[EMPTY, "Action editor, Run page and Approvals, empty"]],
    demo: [[ACT, "Run page: how it went"]],
    more: [["acting", "an action that somebody outside carries out"]],
  },
  Automations: {
    can: "list, switch, JSON editor, runs, test on a past event; alerts by their form, tried before they are saved; whom they told what",
    empty: [[EMPTY, "Automations and Builder → shortcuts, empty"]],
    demo: [[ACT, "Automations: a recipe tells of failed deployments"]],
    more: [
      ["actions", "automations are switched, tested"],
      ["acting", "a pull request waits 24 hours"],
      ["acting", "a service's failure rate crosses its threshold by webhook"],
    ],
  },
  Approvals: {
    can: "what waits for me, and who is told",
    empty: [[EMPTY, "Action editor, Run page and Approvals, empty"]],
    demo: [[ACT, "Approvals: what waits is approved"]],
    more: [["actions", "it waits for approval, is approved in the inbox"]],
  },
  "Scorecards catalogue": {
    can: "how entities do, rule by rule, down to those that fail; initiatives",
    empty: [[EMPTY, "Scorecards and their catalogue, empty"]],
    demo: [[EXPLORE, "Builder → Scorecards and Scorecards catalogue"]],
    more: [
      ["catalog/entities", "a scorecard is made by its form"],
      ["catalog/entities", "an initiative is made by its form"],
    ],
  },
  "Audit log": {
    can: "filter by everything, differences, export",
    empty: [[EMPTY, "Audit log, empty"]],
    demo: [[EXPLORE, "Audit log: who changed a service"]],
    more: [["catalog/inside", "the audit log is filtered"]],
  },
  "Users & teams": {
    can: "invite, roles, teams, deactivate",
    empty: [["portal", "a user is invited by a link"]],
    demo: [[ACT, "Users & teams: somebody is invited"]],
    more: [["portal", "a member sees people and nothing"]],
  },
  Credentials: {
    can: "make, rotate, personal credentials, service accounts",
    empty: [[EMPTY, "Credentials, Organization settings and API docs, empty"]],
    demo: [[ACT, "Credentials and Secrets: made, shown once"]],
    more: [["portal", "a team has members; service accounts"]],
  },
  "Organization settings": {
    can: "title, logo, announcement, time zone, theme",
    empty: [[EMPTY, "Credentials, Organization settings and API docs, empty"]],
    demo: [[ACT, "Organization settings: the portal's title"]],
    more: [["portal", "the organisation has a title"]],
  },
  Secrets: {
    can: "create, change, delete, use in actions",
    empty: [["portal", "a team has members; service accounts, credentials and secrets"]],
    demo: [[ACT, "Credentials and Secrets: made, shown once"]],
  },
  "Search (Ctrl+K)": {
    can: "pages, entities, settings, commands",
    empty: [[EMPTY, "Search (Ctrl+K), empty"]],
    demo: [[EXPLORE, "Search (Ctrl+K): an entity"]],
    more: [["portal", "Ctrl-K goes to an entity"]],
  },
  Graph: {
    can: "of blueprints, of entities, hops",
    empty: [[EMPTY, "Entity page and Graph, empty"]],
    demo: [[EXPLORE, "Graph: the neighbours of a service"]],
    more: [
      ["catalog/inside", "the graph of an entity"],
      ["builder", "the data model is a graph too"],
    ],
  },
  "API docs": {
    can: "read it, try it",
    empty: [[EMPTY, "Credentials, Organization settings and API docs, empty"]],
    demo: [[ACT, "API docs: the reference of this very server"]],
  },
};
