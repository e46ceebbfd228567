import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { isGone } from "../doctor/is-gone.ts";
import { CliError, exitCode, usageError } from "./cli-error.ts";

export interface ConnectionOptions {
  readonly url?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
}

export interface Connection {
  /** Origin and base path, without a slash at the end. */
  readonly url: string;
  /** The address under which people open the pages; that of `url` where nothing else is known. */
  readonly page?: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** FAIRWAY_DATA, or what the server takes without it. */
export function dataFolder(): string {
  const configured = process.env["FAIRWAY_DATA"];
  return resolve(configured === undefined || configured === "" ? ".fairway" : configured);
}

/** The setting that goes before the key of the data folder; undefined: none that this process sees. */
export const keySetting = (): string | undefined =>
  ["FAIRWAY_SECRET_KEY", "FAIRWAY_SECRET_KEY_FILE"].find((name) => (process.env[name] ?? "") !== "");

async function readJson(file: string): Promise<Record<string, unknown> | null> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw new CliError(
      exitCode.unreachable,
      "unreadable_file",
      `cannot read ${file}: ${code ?? String(error)}`,
    );
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Falls through: the same sentence for no JSON and for JSON of another shape.
  }
  throw new CliError(exitCode.unreachable, "unreadable_file", `${file} does not hold a JSON object`);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function normalizeUrl(raw: string): string {
  let url: URL;
  try {
    url = new URL(raw);
  } catch {
    throw usageError(`--url: "${raw}" is not an address`, "give it as http://host:port");
  }
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw usageError(`--url: "${raw}" must begin with http:// or https://`);
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

/**
 * The sign-in link of the local server names `localhost`, and a session belongs to the name it was made under: an
 * address with 127.0.0.1 would ask to sign in again.
 */
function pageUrl(server: Record<string, unknown>, url: string): string {
  const told = text(server["page"]);
  return told === undefined
    ? url.replace(/^http:\/\/127\.0\.0\.1(?=:|$)/, "http://localhost")
    : normalizeUrl(told);
}

/**
 * Where the server is and with which credentials: the options, else the files of the local server. Local
 * credentials are only ever sent to the local server they belong to.
 */
export async function findConnection(options: ConnectionOptions): Promise<Connection> {
  if ((options.clientId === undefined) !== (options.clientSecret === undefined))
    throw usageError("--client-id and --client-secret go together");
  const folder = dataFolder();
  const server = await readJson(join(folder, "server.json"));
  const localUrl = text(server?.["url"]);
  const given = options.url ?? localUrl;
  if (given === undefined)
    throw new CliError(
      exitCode.unreachable,
      "no_server",
      `no server found: ${join(folder, "server.json")} does not exist`,
      "start the server here (npm start), set FAIRWAY_DATA to its data folder, or give --url, --client-id and --client-secret",
    );
  const url = normalizeUrl(given);
  const page = options.url === undefined && server !== null ? pageUrl(server, url) : url;
  if (options.clientId !== undefined && options.clientSecret !== undefined)
    return { url, page, clientId: options.clientId, clientSecret: options.clientSecret };
  if (localUrl === undefined || normalizeUrl(localUrl) !== url)
    throw new CliError(
      exitCode.unreachable,
      "no_credentials",
      `no credentials for ${url}`,
      "give --client-id and --client-secret (those of the local server are only used for the local server)",
    );
  const pid = server?.["pid"];
  // After a kill the file stays, and another program may have the port by now.
  if (typeof pid === "number" && isGone(pid))
    throw new CliError(
      exitCode.unreachable,
      "no_server",
      `no server found: process ${pid}, which wrote ${join(folder, "server.json")}, is gone`,
      "start the server here (npm start), or give --url, --client-id and --client-secret",
    );
  const credentials = await readJson(join(folder, "credentials.json"));
  const clientId = text(credentials?.["clientId"]);
  const clientSecret = text(credentials?.["clientSecret"]);
  if (clientId === undefined || clientSecret === undefined)
    throw new CliError(
      exitCode.unreachable,
      "no_credentials",
      `no credentials in ${join(folder, "credentials.json")}`,
      "give --client-id and --client-secret",
    );
  return { url, page, clientId, clientSecret };
}
