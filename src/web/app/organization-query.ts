import { queryOptions } from "@tanstack/react-query";
import { getJson } from "../api/client.ts";

export interface Announcement {
  readonly enabled: boolean;
  readonly content: string;
  readonly link?: string | null;
  readonly color?: "blue" | "red";
}

export interface Organization {
  readonly name: string;
  readonly settings: {
    readonly portalTitle?: string | null;
    readonly portalIcon?: string | null;
    readonly hiddenBlueprints?: readonly string[];
  };
  readonly announcement: Announcement | null;
}

/** Name, looks and announcement of this portal. */
export const organizationQuery = queryOptions({
  queryKey: ["organization"],
  queryFn: ({ signal }) => getJson<{ organization: Organization }>("/v1/organization", {}, signal),
  select: (answer) => answer.organization,
  staleTime: 60_000,
});

/** Pages load pictures from their own host only: addresses elsewhere are kept for other clients and not shown. */
export const isOwnPicture = (icon: string | null | undefined): icon is string =>
  typeof icon === "string" &&
  (/^data:image\/(png|jpeg|gif|webp|svg\+xml)[;,]/i.test(icon) || /^\/(?!\/)/.test(icon));
