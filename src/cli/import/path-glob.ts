/** A path glob (dora.md section 11): `*` within a segment, `**` across, `?` one character. */
export function pathGlob(glob: string): RegExp {
  let source = "";
  for (let at = 0; at < glob.length; at += 1) {
    const char = glob[at] ?? "";
    if (char === "*" && glob[at + 1] === "*") {
      at += 1;
      // `**/` also stands for no folder at all.
      if (glob[at + 1] === "/" && (at < 2 || glob[at - 2] === "/")) {
        at += 1;
        source += "(?:[^]*/)?";
      } else source += "[^]*";
    } else if (char === "*") source += "[^/]*";
    else if (char === "?") source += "[^/]";
    else source += char.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  }
  return new RegExp(`^${source}$`, "u");
}
