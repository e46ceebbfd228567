import { useHotkeys } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import css from "./shell.module.css";

const palette = () => import("../palette/palette.tsx").then((module) => ({ default: module.Palette }));
const Palette = lazy(palette);
/** It comes when it is opened. */
const PageDialog = lazy(() =>
  import("../dashboard/page-dialog.tsx").then((module) => ({ default: module.PageDialog })),
);

const isMac = /mac|iphone|ipad/i.test(navigator.userAgent);

/** The page is there by then, and has asked for what it shows. */
const IDLE_MS = 3000;

/** Opens the palette, as Ctrl or Cmd and K do anywhere. What is typed before it is there is not lost. */
export function PaletteButton() {
  const [open, setOpen] = useState<"palette" | "dashboard" | null>(null);
  const navigate = useNavigate();
  const typed = useRef("");
  const close = () => {
    typed.current = "";
    setOpen(null);
  };
  useEffect(() => {
    const timer = setTimeout(() => void palette().catch(() => null), IDLE_MS);
    return () => clearTimeout(timer);
  }, []);
  useHotkeys(
    [["mod+K", () => setOpen((now) => (now === null ? "palette" : null)), { usePhysicalKeys: true }]],
    [],
    true,
  );
  return (
    <>
      <button
        type="button"
        className={css["palette"]}
        aria-haspopup="dialog"
        onClick={() => setOpen("palette")}
      >
        <IconSearch size={16} aria-hidden />
        <span>Search</span>
        <kbd aria-hidden>{isMac ? "⌘" : "Ctrl"} K</kbd>
      </button>
      <Suspense
        fallback={
          open === "palette" ? (
            <input
              className="sr"
              aria-label="Search"
              autoFocus
              onChange={(event) => (typed.current = event.currentTarget.value)}
              onKeyDown={({ key }) => (key === "Escape" ? close() : null)}
            />
          ) : null
        }
      >
        {open === "palette" ? (
          <Palette typed={typed} onClose={close} onNewDashboard={() => setOpen("dashboard")} />
        ) : null}
        {open === "dashboard" ? (
          <PageDialog
            page={null}
            onClose={close}
            onSaved={(page) => {
              close();
              void navigate({ to: "/d/$page", params: { page } });
            }}
          />
        ) : null}
      </Suspense>
    </>
  );
}
