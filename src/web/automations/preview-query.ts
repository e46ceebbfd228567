/** What an alert would do, asked of the server. */
import { postJson } from "../api/client.ts";

export interface AlertPreviewDoc {
  readonly now: {
    readonly subjects: number;
    readonly fires: number;
    readonly rows: readonly {
      readonly subject: string;
      readonly title: string;
      readonly shown: string;
      readonly observations: string | null;
      readonly fires: boolean;
      /** null: not looked up, as there are so many owners. */
      readonly told: { readonly emails: readonly string[]; readonly teamChannels: number } | null;
    }[];
  };
  readonly channels: readonly string[];
  readonly nobody: { readonly subjects: number; readonly titles: readonly string[] };
  readonly past: {
    readonly from: string;
    readonly to: string;
    readonly days: number;
    readonly everyDays: number | null;
    readonly firedAtStart: number;
    readonly fired: number;
    readonly resolved: number;
    readonly byDay: readonly { readonly date: string; readonly fired: number }[];
    readonly rows: readonly {
      readonly transition: "FIRED" | "RESOLVED";
      readonly at: string;
      readonly subject: string;
      readonly title: string;
      readonly shown: string;
    }[];
  } | null;
  readonly unknown: string | null;
}

export const previewAlert = (document: unknown) => postJson<AlertPreviewDoc>("/v1/alerts/preview", document);
