import { useHotkeys } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import css from "./shell.module.css";

/** They come when they are opened. */
const Palette = lazy(() => import("../palette/palette.tsx").then((module) => ({ default: module.Palette })));
const PageDialog = lazy(() =>
  import("../dashboard/page-dialog.tsx").then((module) => ({ default: module.PageDialog })),
);

const isMac = /mac|iphone|ipad/i.test(navigator.userAgent);

/** Opens the palette, as Ctrl or Cmd and K do anywhere. */
export function PaletteButton() {
  const [open, setOpen] = useState<"palette" | "dashboard" | null>(null);
  const navigate = useNavigate();
  const close = () => setOpen(null);
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
      <Suspense>
        {open === "palette" ? <Palette onClose={close} onNewDashboard={() => setOpen("dashboard")} /> : null}
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
