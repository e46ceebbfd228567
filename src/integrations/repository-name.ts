/** How a repository is called by the address that builds clone it from. */
import { decoded } from "./decoded.ts";

/**
 * `github.com/acme/shop` from `https://user@github.com/acme/shop.git`, `ssh://git@host:7999/acme/shop.git` or
 * `git@github.com:acme/shop.git`, as git imports call it; null for what is no address of a server.
 */
export function repositoryName(address: string): string | null {
  const [, userAndHost, path] =
    /^(?:[a-z+]+:\/\/)([^/]+)\/(.+)$/i.exec(address.trim()) ??
    /^([^/:]{2,}):(?!\/\/)(.+)$/.exec(address.trim()) ??
    [];
  if (userAndHost === undefined || path === undefined) return null;
  const host = userAndHost.slice(userAndHost.lastIndexOf("@") + 1).replace(/:\d+$/, "");
  const name = path.replace(/^\/+|\/+$/g, "").replace(/\.git$/i, "");
  return host === "" || name === "" ? null : `${host.toLowerCase()}/${name}`;
}

/** The service that the connector of the repository's host makes of it. */
export function serviceOf(repository: string): string {
  const [host = "", ...path] = repository.split("/");
  const last = path.at(-1) ?? host;
  // Azure DevOps: organisation/project/_git/repository.
  const git = path.indexOf("_git");
  if (git > 0) return [path[git - 1] ?? "", path[git + 1] ?? last].map(decoded).join("/");
  if (host === "ssh.dev.azure.com") return path.slice(-2).map(decoded).join("/");
  return /gitlab/i.test(host) ? path.join("/") : last;
}
