/** Web addresses of things in a repository on a host whose address scheme is known; null elsewhere. */
export interface RepositoryLinks {
  readonly repository: string | null;
  tag(name: string): string | null;
  commit(sha: string): string | null;
  change(number: number): string | null;
}

const none: RepositoryLinks = { repository: null, tag: () => null, commit: () => null, change: () => null };

export function repositoryLinks(identity: string): RepositoryLinks {
  const match = /^(github\.com|gitlab\.com)\/([^\s?#]+\/[^\s?#]+)$/.exec(identity);
  if (match === null) return none;
  const base = `https://${identity.split("/").map(encodeURIComponent).join("/")}`;
  const gitlab = match[1] === "gitlab.com";
  const ref = (name: string) => name.split("/").map(encodeURIComponent).join("/");
  return {
    repository: base,
    tag: (name) => (gitlab ? `${base}/-/tags/${ref(name)}` : `${base}/releases/tag/${ref(name)}`),
    commit: (sha) => (gitlab ? `${base}/-/commit/${sha}` : `${base}/commit/${sha}`),
    change: (number) => (gitlab ? `${base}/-/merge_requests/${number}` : `${base}/pull/${number}`),
  };
}
