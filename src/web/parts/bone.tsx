import css from "./parts.module.css";

/** A grey block in the place and size of what is being loaded. */
export function Bone({ width = "100%", height = 14 }: { width?: number | string; height?: number }) {
  return <div className={css["bone"]} style={{ width, height }} aria-hidden />;
}
