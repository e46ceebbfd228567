import { Button, MultiSelect, Select, Switch, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { sendJson } from "../api/client.ts";
import { type Announcement, isOwnPicture, type Organization } from "../app/organization-query.ts";
import { isSystem, titleOf } from "../catalog/blueprint.ts";
import { allBlueprintsQuery } from "../catalog/queries.ts";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Notice } from "../parts/notice.tsx";
import { UnsavedOnPage } from "../parts/unsaved-on-page.tsx";
import { LogoField } from "./logo-field.tsx";
import css from "./settings.module.css";
import { useSettled } from "./use-settled.ts";

interface Draft {
  readonly name: string;
  readonly portalTitle: string;
  readonly portalIcon: string;
  readonly hiddenBlueprints: readonly string[];
  readonly announcement: Required<Omit<Announcement, "link">> & { readonly link: string };
}

function draftOf({ name, settings, announcement }: Organization): Draft {
  return {
    name,
    portalTitle: settings.portalTitle ?? "",
    portalIcon: settings.portalIcon ?? "",
    hiddenBlueprints: settings.hiddenBlueprints ?? [],
    announcement: {
      enabled: announcement?.enabled ?? false,
      content: announcement?.content ?? "",
      link: announcement?.link ?? "",
      color: announcement?.color ?? "blue",
    },
  };
}

/** The request that saves it: keys that Port knows and this form does not are kept by the server. */
const bodyOf = ({ name, portalTitle, portalIcon, hiddenBlueprints, announcement }: Draft) => ({
  name: name.trim(),
  settings: {
    portalTitle: portalTitle.trim() || null,
    portalIcon: portalIcon.trim() || null,
    hiddenBlueprints,
  },
  announcement:
    announcement.content.trim() === ""
      ? null
      : { ...announcement, content: announcement.content.trim(), link: announcement.link.trim() || null },
});

export function OrganizationForm({ organization }: { organization: Organization }) {
  const before = draftOf(organization);
  const [draft, setDraft] = useState(before);
  const { data: blueprints = [] } = useQuery(allBlueprintsQuery);
  const save = useSettled(() => sendJson("PATCH", "/v1/organization", bodyOf(draft)));
  const isChanged = JSON.stringify(bodyOf(before)) !== JSON.stringify(bodyOf(draft));
  const { announcement } = draft;
  const isUntold = announcement.enabled && announcement.content.trim() === "";
  const id = useId();
  const tell = (change: Partial<Draft["announcement"]>) =>
    setDraft({ ...draft, announcement: { ...announcement, ...change } });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (isChanged && !isUntold) save.mutate(undefined);
      }}
    >
      <UnsavedOnPage isChanged={isChanged} />
      <section className="card" aria-labelledby={`${id}-looks`}>
        <div className={css["form"]}>
          <h2 id={`${id}-looks`}>Name and looks</h2>
          <TextInput
            label="Name of the organisation"
            required
            maxLength={100}
            value={draft.name}
            onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
          />
          <TextInput
            label="Title of the portal"
            description={`Stands in the top bar and in titles of tabs instead of “Fairway”. ${draft.portalTitle.length} of 30 characters.`}
            maxLength={30}
            value={draft.portalTitle}
            onChange={(event) => setDraft({ ...draft, portalTitle: event.currentTarget.value })}
          />
          <LogoField value={draft.portalIcon} onChange={(portalIcon) => setDraft({ ...draft, portalIcon })} />
          {draft.portalIcon !== "" && !isOwnPicture(draft.portalIcon) ? (
            <Notice>
              This address is kept for other clients, and not shown here: pages of the portal load nothing
              from other hosts. Upload the picture instead.
            </Notice>
          ) : null}
          <MultiSelect
            label="Hidden blueprints"
            description="Their pages are left out of the menu and of the search for pages. Who may read what is not changed by it."
            searchable
            data={blueprints
              .filter(({ identifier }) => !isSystem(identifier))
              .map((blueprint) => ({ value: blueprint.identifier, label: titleOf(blueprint) }))}
            value={[...draft.hiddenBlueprints]}
            onChange={(hiddenBlueprints) => setDraft({ ...draft, hiddenBlueprints })}
          />
        </div>
      </section>
      <section className="card" aria-labelledby={`${id}-said`}>
        <div className={css["form"]}>
          <h2 id={`${id}-said`}>Announcement</h2>
          <Switch
            label="Show it on every page"
            checked={announcement.enabled}
            onChange={(event) => tell({ enabled: event.currentTarget.checked })}
          />
          <Textarea
            label="Text"
            rows={2}
            maxLength={300}
            description={`${announcement.content.length} of 300 characters`}
            error={isUntold ? "An announcement that is shown needs a text" : null}
            value={announcement.content}
            onChange={(event) => tell({ content: event.currentTarget.value })}
          />
          <TextInput
            label="Link"
            type="url"
            maxLength={300}
            placeholder="https://"
            value={announcement.link}
            onChange={(event) => tell({ link: event.currentTarget.value })}
          />
          <Select
            label="Colour"
            allowDeselect={false}
            value={announcement.color}
            data={[
              { value: "blue", label: "Blue: good to know" },
              { value: "red", label: "Red: something is wrong" },
            ]}
            onChange={(color) => tell({ color: color === "red" ? "red" : "blue" })}
          />
        </div>
      </section>
      {save.error ? <ErrorPanel what="save the organisation" error={save.error} /> : null}
      <div className="row">
        <Button
          type="submit"
          loading={save.isPending}
          disabled={!isChanged || isUntold || draft.name.trim() === ""}
        >
          Save
        </Button>
        <span className="muted small" role="status">
          {save.isSuccess && !isChanged ? "Saved." : isChanged ? "" : "Nothing is changed."}
        </span>
      </div>
    </form>
  );
}
