import { useRole } from "../api/use-role.ts";
import { Notice } from "../parts/notice.tsx";
import { type Doc, objectAt, textAt } from "./document-drawer.tsx";

/** What becomes of an action or automation that a moderator saves (docs/actions.md). */
export function ModeratorNote({ document }: { document: Doc }) {
  const { isAdmin, looksAfter } = useRole();
  if (isAdmin) return null;
  const trigger = objectAt(document, "trigger");
  const blueprint =
    textAt(trigger, "blueprintIdentifier") || textAt(objectAt(trigger, "event"), "blueprintIdentifier");
  return (
    <Notice>
      {looksAfter(blueprint)
        ? "As you save it, it is carried out without secrets and writes entities of its own blueprint only. An administrator who saves it lifts that."
        : "Choose a blueprint that you moderate; others are for administrators."}
    </Notice>
  );
}
