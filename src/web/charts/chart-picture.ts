/** A chart as a picture file: its SVG with the colours of the theme written into it, under a title that says what it shows. */

export interface PictureText {
  readonly title: string;
  /** Scope, environment, window, definition: one line each. */
  readonly lines: readonly string[];
  /** Below the chart: its legend, and the notes on it. */
  readonly foot: readonly string[];
}

const PAD = 20;
const LINE = 18;
const TITLE = 24;
const SCALE = 2;
/** A chart of a phone is drawn no smaller than its texts need. */
const MIN_WIDTH = 480;
const SVG = "http://www.w3.org/2000/svg";
/** What style sheets decide of how a shape looks. */
const LOOKS = [
  ...[
    "fill",
    "fill-opacity",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "stroke-linejoin",
    "stroke-linecap",
  ],
  ...["opacity", "font-size", "font-weight", "text-anchor", "overflow"],
] as const;

/** @throws Error where the browser cannot draw it */
export async function chartPicture(chart: SVGSVGElement, text: PictureText): Promise<Blob> {
  const { svg, width, height } = framed(chart, text);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(width * SCALE);
  canvas.height = Math.ceil(height * SCALE);
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("This browser has no canvas to draw on.");
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null) reject(new Error("The picture could not be made."));
      else resolve(blob);
    }, "image/png");
  });
}

function framed(chart: SVGSVGElement, { title, lines, foot }: PictureText) {
  const theme = getComputedStyle(document.documentElement);
  const colour = (name: string): string => theme.getPropertyValue(name).trim();
  const font = getComputedStyle(document.body).fontFamily;
  const box = chart.getBoundingClientRect();
  const width = Math.max(MIN_WIDTH, box.width) + 2 * PAD;
  const wrap = measure(font, width - 2 * PAD);

  const svg = document.createElementNS(SVG, "svg");
  const ground = document.createElementNS(SVG, "rect");
  ground.setAttribute("fill", colour("--surface"));
  svg.append(ground);

  let y = PAD;
  const write = (words: string, size: number, weight: number, fill: string, step: number): void => {
    for (const part of wrap(words, size, weight)) {
      const line = document.createElementNS(SVG, "text");
      line.textContent = part;
      for (const [name, value] of Object.entries({
        ...{ x: PAD, y: y + size, fill, "font-size": size, "font-weight": weight, "font-family": font },
      }))
        line.setAttribute(name, String(value));
      svg.append(line);
      y += step;
    }
  };
  write(title, 16, 600, colour("--text"), TITLE);
  for (const line of lines) write(line, 12, 400, colour("--text-2"), LINE);
  y += 8;
  const drawing = withLooks(chart);
  drawing.setAttribute("x", String(PAD));
  drawing.setAttribute("y", String(y));
  drawing.setAttribute("font-family", font);
  svg.append(drawing);
  y += box.height + 10;
  for (const line of foot) write(line, 12, 400, colour("--text-2"), LINE);

  const height = y + PAD - 6;
  for (const one of [svg, ground]) {
    one.setAttribute("width", String(width));
    one.setAttribute("height", String(height));
  }
  return { svg, width, height };
}

/** A copy that needs no style sheet. What is only there for the pointer is left out. */
function withLooks(chart: SVGSVGElement): SVGSVGElement {
  const copy = chart.cloneNode(true) as SVGSVGElement;
  const originals = [chart, ...chart.querySelectorAll<SVGElement>("*")];
  const copies = [copy, ...copy.querySelectorAll<SVGElement>("*")];
  originals.forEach((original, index) => {
    const own = copies[index];
    if (own === undefined) return;
    const style = getComputedStyle(original);
    for (const name of LOOKS) {
      const value = style.getPropertyValue(name);
      if (value !== "") own.setAttribute(name, value);
    }
    own.removeAttribute("class");
    own.removeAttribute("style");
  });
  for (const own of copy.querySelectorAll("[data-lane], [data-hit], [data-cursor], title")) own.remove();
  return copy;
}

/** Cuts a line into lines that fit. */
function measure(font: string, room: number) {
  const context = document.createElement("canvas").getContext("2d");
  return (words: string, size: number, weight: number): string[] => {
    if (context === null) return [words];
    context.font = `${weight} ${size}px ${font}`;
    const lines: string[] = [];
    let line = "";
    for (const word of words.split(" ")) {
      const longer = line === "" ? word : `${line} ${word}`;
      if (line !== "" && context.measureText(longer).width > room) {
        lines.push(line);
        line = word;
      } else line = longer;
    }
    return line === "" ? lines : [...lines, line];
  };
}
