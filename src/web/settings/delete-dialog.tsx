import { ConfirmDelete } from "../parts/confirm-delete.tsx";
import { useSettled } from "./use-settled.ts";

interface Props {
  title: string;
  /** Has to be typed. */
  identifier: string;
  /** What becomes of it, in a sentence. */
  consequence: string;
  /** For the error: “delete the team”. */
  what: string;
  remove: () => Promise<unknown>;
  onClose: () => void;
}

/** Deletes something of the settings, when its name was typed. */
export function DeleteDialog({ remove, onClose, ...words }: Props) {
  const removal = useSettled(remove, onClose);
  return <ConfirmDelete {...words} removal={removal} onClose={onClose} />;
}
