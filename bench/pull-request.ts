/** A `pull_request` webhook as GitHub sends it: about 17 kB of JSON, most of it addresses. Made up. */
const API = "https://git.example/api";
const WEB = "https://git.example";

const person = (login: string, id: number): Record<string, unknown> => {
  const api = `${API}/users/${login}`;
  return {
    login,
    id,
    node_id: `U_kgDO${id.toString(36)}`,
    avatar_url: `${WEB}/avatars/u/${id}?v=4`,
    gravatar_id: "",
    url: api,
    html_url: `${WEB}/${login}`,
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type: "User",
    site_admin: false,
  };
};

const REPOSITORY_PARTS =
  "forks keys teams hooks events tags languages stargazers contributors subscribers".split(" ");
const REPOSITORY_PATHS =
  "assignees{/user} branches{/branch} git/trees{/sha} commits{/sha} issues{/number} pulls{/number} labels{/name} releases{/id}".split(
    " ",
  );

const repository = (owner: string, name: string, id: number): Record<string, unknown> => {
  const api = `${API}/repos/${owner}/${name}`;
  return {
    id,
    node_id: `R_kgDO${id.toString(36)}`,
    name,
    full_name: `${owner}/${name}`,
    private: true,
    owner: person(owner, 4_021),
    html_url: `${WEB}/${owner}/${name}`,
    description: "Takes orders and payments",
    fork: false,
    url: api,
    ...Object.fromEntries(REPOSITORY_PARTS.map((part) => [`${part}_url`, `${api}/${part}`])),
    ...Object.fromEntries(
      REPOSITORY_PATHS.map((path) => [
        `${path.replaceAll(/\W.*$/gu, "")}_${path.length}_url`,
        `${api}/${path}`,
      ]),
    ),
    created_at: "2021-03-02T08:15:00Z",
    updated_at: "2026-11-20T10:00:00Z",
    pushed_at: "2026-11-25T09:12:40Z",
    ssh_url: `git@git.example:${owner}/${name}.git`,
    clone_url: `${WEB}/${owner}/${name}.git`,
    size: 18_234,
    stargazers_count: 12,
    language: "TypeScript",
    has_issues: true,
    archived: false,
    disabled: false,
    open_issues_count: 31,
    license: null,
    topics: ["payments", "node", "tier-1"],
    visibility: "private",
    default_branch: "main",
  };
};

const label = (name: string, id: number): Record<string, unknown> => ({
  id,
  node_id: `LA_kwDO${id.toString(36)}`,
  url: `${API}/repos/acme/checkout/labels/${name}`,
  name,
  color: "1d76db",
  default: false,
  description: null,
});

const branch = (ref: string, sha: string): Record<string, unknown> => ({
  label: `acme:${ref}`,
  ref,
  sha,
  user: person("acme", 4_021),
  repo: repository("acme", "checkout", 3_304_112),
});

export const pullRequestEvent = {
  action: "closed",
  number: 1_482,
  pull_request: {
    url: `${API}/repos/acme/checkout/pulls/1482`,
    id: 1_903_311_234,
    html_url: `${WEB}/acme/checkout/pull/1482`,
    number: 1_482,
    state: "closed",
    locked: false,
    title: "feat(refunds): partial refunds of split payments",
    user: person("mira-k", 88_120),
    body: `Refunds may now be given for a part of an order.\n\n${"- one step of many, explained at some length\n".repeat(6)}`,
    created_at: "2026-11-21T07:30:12Z",
    updated_at: "2026-11-25T09:12:44Z",
    closed_at: "2026-11-25T09:12:41Z",
    merged_at: "2026-11-25T09:12:41Z",
    merge_commit_sha: "8f2b9d0a5c1e47f3b6a9d2c4e8f01a3b5c7d9e0f",
    assignee: null,
    assignees: [person("mira-k", 88_120)],
    requested_reviewers: [person("jon-b", 90_412), person("ada-l", 71_001)],
    requested_teams: [],
    labels: [label("feature", 901), label("refunds", 902), label("needs-docs", 903)],
    milestone: null,
    draft: false,
    head: branch("mira/PAY-311 partial refunds", "c0ffee0a5c1e47f3b6a9d2c4e8f01a3b5c7d9e0f"),
    base: branch("main", "1f2b9d0a5c1e47f3b6a9d2c4e8f01a3b5c7d9e0f"),
    author_association: "MEMBER",
    merged: true,
    merged_by: person("jon-b", 90_412),
    comments: 4,
    review_comments: 11,
    maintainer_can_modify: false,
    commits: 7,
    additions: 412,
    deletions: 97,
    changed_files: 18,
  },
  repository: repository("acme", "checkout", 3_304_112),
  sender: person("jon-b", 90_412),
};
