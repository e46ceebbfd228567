import css from "../pages/login-page.module.css";

/** Why signing in failed; announced. */
export function Problem({ text }: { text: string | null }) {
  return (
    <p role="alert" className={css["problem"]} hidden={text === null}>
      {text}
    </p>
  );
}
