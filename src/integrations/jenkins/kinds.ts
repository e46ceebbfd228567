/** How Jenkins' jobs and builds are listed (jenkins.io: Remote access API; `tree` with ranges is its paging). */
import type { JsonObject } from "../../model/json.ts";
import type { Kind, RawObject, Session } from "../connector.ts";
import { decoded } from "../decoded.ts";
import { orNull } from "../or-null.ts";
import { keyAt, numberAt, objectAt, objects, objectsAt, textAt } from "../read-json.ts";
import { repositoryName, serviceOf } from "../repository-name.ts";

const PAGE = 100;
const DAY_MS = 86_400_000;

const JOB_FIELDS = "_class,name,fullName,displayName,url,description,color,buildable";
const BUILD_FIELDS =
  "_class,id,number,url,displayName,fullDisplayName,description,result,building,timestamp,duration," +
  "actions[_class,lastBuiltRevision[SHA1,branch[SHA1,name]],remoteUrls,causes[_class,shortDescription,userId]]";

/** `/job/team/job/shop`; the name of a branch with a slash is `feature%2Fx`, and encoded once more. */
const jobPath = (fullName: string): string =>
  fullName
    .split("/")
    .filter((name) => name !== "")
    .map((name) => `/job/${encodeURIComponent(name)}`)
    .join("");

const FOLDER = /Folder$|MultiBranchProject$/;
const MULTIBRANCH = /MultiBranchProject$/;

function jobObject(job: JsonObject, parent: JsonObject | null): RawObject {
  const fullName = keyAt(job, "fullName");
  const isFolder = FOLDER.test(textAt(job, "_class") ?? "");
  const ref = { fullName, name: textAt(job, "name"), isFolder, parent };
  return { key: fullName, version: null, payload: { ...job, __parent: parent, __isFolder: isFolder }, ref };
}

/** What jobs in a folder know of it. */
const folderRef = (fullName: string, type: string | null): JsonObject => ({
  ...{ fullName, isMultibranch: MULTIBRANCH.test(type ?? "") },
});

interface Place {
  readonly fullName: string;
  readonly type: string | null;
  readonly from: number;
}

const jobs: Kind = {
  kind: "job",
  title: "Jobs, folders and multibranch pipelines",
  /** The cursor holds the folders that are still to be looked into. */
  async list(session, { cursor }) {
    const root: Place = { fullName: session.settings["folder"] ?? "", type: null, from: 0 };
    const [place = root, ...rest] = cursor === null ? [root] : (JSON.parse(cursor) as Place[]);
    const tree = `jobs[${JOB_FIELDS}]{${place.from},${place.from + PAGE}}`;
    const { body } = await session.http.get(`${jobPath(place.fullName)}/api/json`, { tree });
    const found = objectsAt(body, "jobs");
    const parent = place.fullName === "" ? null : folderRef(place.fullName, place.type);
    const inside: Place[] = found
      .map((job) => ({ fullName: keyAt(job, "fullName"), type: textAt(job, "_class"), from: 0 }))
      .filter(({ type }) => FOLDER.test(type ?? ""));
    const more = found.length === PAGE ? [{ ...place, from: place.from + PAGE }] : [];
    const left = [...more, ...inside, ...rest];
    return {
      objects: found.map((job) => jobObject(job, parent)),
      next: left.length === 0 ? null : JSON.stringify(left),
    };
  },
  async fetch(session, ref) {
    const fullName = keyAt(ref, "fullName");
    if (!isInside(session, fullName)) return null;
    const job = await one(session, jobPath(fullName), JOB_FIELDS);
    const above = fullName.split("/").slice(0, -1).join("/");
    if (job === null || above === "") return job === null ? null : jobObject(job, null);
    const folder = await one(session, jobPath(above), "_class");
    return jobObject(job, folderRef(above, textAt(folder, "_class")));
  },
};

/** Is the job in the folder that the data source is limited to? */
function isInside({ settings }: Session, fullName: string): boolean {
  const folder = settings["folder"] ?? "";
  return folder === "" || fullName.startsWith(`${folder}/`);
}

async function one(session: Session, path: string, tree: string): Promise<JsonObject | null> {
  const answer = await orNull(session.http.get(`${path}/api/json`, { tree }));
  return objects([answer?.body])[0] ?? null;
}

/**
 * The checkout that a build is of. Shared libraries check out too: the branch of a multibranch job tells its own, else
 * the first one is that of the Jenkinsfile.
 */
function checkoutOf(build: JsonObject, job: JsonObject): JsonObject | undefined {
  const checkouts = objectsAt(build, "actions").filter((action) =>
    Object.hasOwn(action, "lastBuiltRevision"),
  );
  const branch = decoded(textAt(job, "name") ?? "");
  const isOf = (checkout: JsonObject): boolean => branchOf(checkout) === branch;
  return checkouts.find(isOf) ?? checkouts[0];
}

const branchOf = (checkout: JsonObject | undefined): string | null => {
  const [branch] = objectsAt(objectAt(checkout, "lastBuiltRevision"), "branch");
  return textAt(branch, "name")?.replace(/^(refs\/remotes\/|refs\/heads\/)?(origin\/)?/, "") ?? null;
};

function buildObject(build: JsonObject, job: JsonObject): RawObject {
  const checkout = checkoutOf(build, job);
  const [remote] = Array.isArray(checkout?.["remoteUrls"]) ? checkout["remoteUrls"] : [];
  const repository = typeof remote === "string" ? repositoryName(remote) : null;
  return {
    key: `${keyAt(job, "fullName")}/${keyAt(build, "number")}`,
    parent: keyAt(job, "fullName"),
    version: null,
    payload: {
      ...{ ...build, __job: job, __repository: repository, __branch: branchOf(checkout) },
      __sha: textAt(objectAt(checkout, "lastBuiltRevision"), "SHA1"),
      __service: repository === null ? null : serviceOf(repository),
    },
  };
}

const builds: Kind = {
  kind: "build",
  title: "Builds",
  under: "job",
  incremental: true,
  forgets: true,
  optional: "the builds of a job (the user may not read it)",
  /** The newest first. */
  async list(session, { parent, cursor, since }) {
    const job = parent?.ref ?? {};
    if (job["isFolder"] === true) return { objects: [], next: null };
    const from = Number(cursor ?? 0);
    const tree = `allBuilds[${BUILD_FIELDS}]{${from},${from + PAGE}}`;
    const { body } = await session.http.get(`${jobPath(keyAt(job, "fullName"))}/api/json`, { tree });
    const found = objectsAt(body, "allBuilds");
    // What began three days before may have ended since.
    const oldest = since === null ? 0 : Date.parse(since) - 3 * DAY_MS;
    const fresh = found.filter((build) => (numberAt(build, "timestamp") ?? 0) >= oldest);
    const isLast = found.length < PAGE || fresh.length < found.length;
    return {
      objects: fresh.map((build) => buildObject(build, job)),
      next: isLast ? null : String(from + PAGE),
    };
  },
  async fetch(session, ref) {
    const job = await jobs.fetch?.(session, ref);
    if (job?.ref === undefined) return null;
    const path = `${jobPath(job.key)}/${encodeURIComponent(keyAt(ref, "number"))}`;
    const build = await one(session, path, BUILD_FIELDS);
    return build === null ? null : buildObject(build, job.ref);
  },
};

export const jenkinsKinds: readonly Kind[] = [jobs, builds];
