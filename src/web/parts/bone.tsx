import css from "./parts.module.css";

/** From this height on (px) it stands for a card with rows in it. */
const CARD = 90;

/** A grey block in the place and size of what is being loaded. */
export function Bone({ width = "100%", height = 14 }: { width?: number | string; height?: number }) {
  const isCard = typeof height === "number" && height >= CARD;
  return <span className={css["bone"]} data-card={isCard} style={{ width, height }} aria-hidden />;
}
