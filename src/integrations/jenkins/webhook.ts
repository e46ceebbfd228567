/** What Jenkins tells by the Generic Event plugin (jobs and builds) or the Notification plugin (builds). */
import { invalid } from "../../model/error.ts";
import type { JsonObject } from "../../model/json.ts";
import type { Connector, Delivery, LiveChange } from "../connector.ts";
import { keyAt, objectAt, textAt } from "../read-json.ts";
import { carriesSecret } from "../signature.ts";

export const jenkinsWebhook: Connector["webhook"] = {
  help: "Install the plugin Generic Event and set Manage Jenkins → System → Event Dispatcher to the address with ?secret=<the secret> at its end. Or the plugin Notification, per job: format JSON, protocol HTTP, event All, URL https://fairway:<the secret>@….",
  verify: (headers, _rawBody, secret) => carriesSecret(secret, headers),
  deliveryId: ({ body }) => textAt(body, "id"),
  changes,
};

function changes({ body }: Delivery): readonly LiveChange[] {
  const type = textAt(body, "type");
  if (type !== null) return genericEvent(type, body);
  const build = objectAt(body, "build");
  if (textAt(build, "phase") === null)
    throw invalid("neither type nor build.phase is there: this comes from neither plugin of Jenkins");
  return ran(textAt(body, "url") ?? "", keyAt(build, "number"));
}

function genericEvent(type: string, body: JsonObject): readonly LiveChange[] {
  const url = textAt(body, "url") ?? "";
  if (type.startsWith("run.")) {
    // Jenkins says so of builds that it throws away by itself, too: the history of deployments stays.
    if (type === "run.deleted") return [];
    const data = objectAt(body, "data");
    const run = keyAt(objectAt(data, "run"), "number") || keyAt(data, "number");
    return ran(textAt(body, "source") ?? "", run || (/\/(\d+)\/?$/.exec(url)?.[1] ?? ""));
  }
  const fullName = jobIn(url);
  if (fullName === "") return [];
  switch (type) {
    case "item.created":
    case "item.copied":
    case "item.updated":
      return [{ op: "refetch", kind: "job", key: fullName, ref: { fullName } }];
    case "item.deleted":
      return [{ op: "delete", kind: "job", key: fullName, version: null }];
    // Its name is part of what everything in it is called.
    case "item.renamed":
    case "item.locationChanged":
      return [{ op: "resync" }];
    default:
      return [];
  }
}

/** The job too: its colour follows its builds. */
function ran(url: string, number: string): readonly LiveChange[] {
  const fullName = jobIn(url);
  if (fullName === "" || number === "") return [];
  return [
    { op: "refetch", kind: "job", key: fullName, ref: { fullName } },
    { op: "refetch", kind: "build", key: `${fullName}/${number}`, ref: { fullName, number } },
  ];
}

/** `team/shop` from `job/team/job/shop/`, also behind the address of Jenkins. */
function jobIn(url: string): string {
  const names = [...url.matchAll(/(?:^|\/)job\/([^/?#]+)/g)].map(([, name = ""]) => name);
  try {
    return names.map(decodeURIComponent).join("/");
  } catch {
    throw invalid(`the address ${JSON.stringify(url.slice(0, 200))} of a job cannot be decoded`);
  }
}
