import { Switch, TagsInput, TextInput } from "@mantine/core";
import { type Doc, objectAt, textAt, withKey } from "../actions/document-drawer.tsx";
import { Pick } from "../parts/pick.tsx";
import { TeamChannel } from "./alert-scope.tsx";

interface Props {
  document: Doc;
  onChange: (document: Doc) => void;
}

/** Who is told, by what, and when. */
export function AlertRecipients({ document, onChange }: Props) {
  const recipients = objectAt(document, "recipients");
  const set = (key: string, value: unknown) =>
    onChange({ ...document, recipients: withKey(recipients, key, value) });
  const address = (key: string, label: string, placeholder: string) => (
    <TextInput
      label={label}
      placeholder={placeholder}
      value={textAt(recipients, key)}
      onChange={(event) => set(key, event.currentTarget.value)}
    />
  );
  return (
    <>
      <h3>Who is told</h3>
      <Switch
        label="Members of the teams that own it"
        checked={recipients["owners"] === true}
        onChange={(event) => set("owners", event.currentTarget.checked || undefined)}
      />
      <Switch
        label="Their managers"
        checked={recipients["managers"] === true}
        onChange={(event) => set("managers", event.currentTarget.checked || undefined)}
      />
      <TagsInput
        label="E-mail addresses"
        placeholder="Type, then Enter"
        value={Array.isArray(recipients["emails"]) ? (recipients["emails"] as unknown[]).map(String) : []}
        onChange={(words) => set("emails", words.length === 0 ? undefined : words)}
      />
      {address("slack", "Slack webhook", "{{ .secrets.SLACK_URL }}")}
      {address("teams", "Teams webhook", "{{ .secrets.TEAMS_URL }}")}
      {address("webhook", "Any webhook", "https://")}
      <TeamChannel recipients={recipients} onChange={(next) => onChange({ ...document, recipients: next })} />
      <Switch
        label="Tell when it is over, too"
        checked={document["resolved"] === true}
        onChange={(event) =>
          onChange(withKey(document, "resolved", event.currentTarget.checked || undefined))
        }
      />
      <Pick
        label="Messages"
        value={textAt(document, "digest")}
        data={[
          { value: "", label: "At once" },
          { value: "hour", label: "Together, each hour" },
          { value: "day", label: "Together, each day" },
        ]}
        onChange={(digest) => onChange(withKey(document, "digest", digest ?? ""))}
      />
    </>
  );
}
