import { type RefObject, useEffect, useState } from "react";
import { draw, type Ink, type Picture } from "./draw-graph.ts";
import type { Camera, Size } from "./view-box.ts";

/** Paints at most once a frame, whatever changed since. */
export function usePainting(
  canvas: RefObject<HTMLCanvasElement | null>,
  size: Size | null,
  camera: Camera | null,
  picture: Picture,
): void {
  const ink = useInk();
  useEffect(() => {
    const element = canvas.current;
    if (element === null || size === null || camera === null) return undefined;
    const frame = requestAnimationFrame(() => {
      const scale = Math.min(devicePixelRatio || 1, 2);
      const [width, height] = [Math.round(size.width * scale), Math.round(size.height * scale)];
      if (element.width !== width || element.height !== height) {
        element.width = width;
        element.height = height;
      }
      const context = element.getContext("2d");
      if (context === null) return;
      draw(context, size, scale, camera, picture, ink);
      element.dataset["drawn"] = String(picture.nodes.length);
    });
    return () => cancelAnimationFrame(frame);
  });
}

/** The page's colours as they are now: they change with the theme. */
function useInk(): Ink {
  const [ink, setInk] = useState(readInk);
  useEffect(() => {
    const observer = new MutationObserver(() => setInk(readInk()));
    observer.observe(document.documentElement, { attributeFilter: ["data-mantine-color-scheme"] });
    const forced = matchMedia("(forced-colors: active)");
    const again = () => setInk(readInk());
    forced.addEventListener("change", again);
    return () => {
      observer.disconnect();
      forced.removeEventListener("change", again);
    };
  }, []);
  return ink;
}

function readInk(): Ink {
  const style = getComputedStyle(document.documentElement);
  const font = getComputedStyle(document.body).fontFamily || "sans-serif";
  const isForced = matchMedia("(forced-colors: active)").matches;
  const token = (name: string, system: string): string =>
    isForced ? system : style.getPropertyValue(name).trim();
  return {
    surface: token("--surface", "Canvas"),
    raised: token("--surface-2", "Canvas"),
    line: token("--line-strong", "CanvasText"),
    strong: token("--line-strong", "CanvasText"),
    text: token("--text", "CanvasText"),
    muted: token("--text-2", "CanvasText"),
    link: token("--link", "Highlight"),
    font,
  };
}
