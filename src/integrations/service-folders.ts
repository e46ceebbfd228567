/** Monorepos: folders in which every folder is a service (the setting `serviceFolders`). */
import { listed } from "./listed.ts";
import type { Setting, Settings } from "./connector.ts";

export const SERVICE_FOLDERS: Setting = {
  ...{ name: "serviceFolders", title: "Folders of services" },
  help: "Of monorepos: folders in which every folder is a service, joined by commas (services, apps). Empty: a repository is a service.",
};

/** Without slashes around them. */
export const serviceFolders = (settings: Settings): readonly string[] =>
  listed(settings["serviceFolders"]).map((folder) => folder.replace(/^[./]+|\/+$/g, ""));

/** `services/cart/api.ts` with the folder `services`: `cart`. */
export function servicesIn(paths: readonly string[], folders: readonly string[]): string[] {
  const found = paths.flatMap((path) =>
    folders.flatMap((folder) => {
      if (!path.startsWith(`${folder}/`)) return [];
      const [service, file] = path.slice(folder.length + 1).split("/", 2);
      return service === undefined || file === undefined ? [] : [service];
    }),
  );
  return [...new Set(found)].sort();
}
