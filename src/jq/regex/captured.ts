import { fold } from "./fold.ts";

/** Behind what the group with this start and end captured, if it comes again at `pos`; -1 if it does not. */
export function again(
  text: string,
  from: number,
  to: number,
  pos: number,
  limit: number,
  ignoreCase: boolean,
): number {
  const length = to - from;
  if (ignoreCase) return alike(text, from, to, pos, limit);
  if (pos + length > limit) return -1;
  for (let i = 0; i < length; i++) if (text.charCodeAt(from + i) !== text.charCodeAt(pos + i)) return -1;
  return pos + length;
}

/** As `again`, for what folds alike. Oniguruma looks at no more bytes than were captured, and there must be as many. */
function alike(text: string, from: number, to: number, pos: number, limit: number): number {
  const bytes = bytesOf(text, from, to);
  if (bytesOf(text, pos, Math.min(limit, pos + bytes)) < bytes) return -1;
  let left = bytes;
  let at = pos;
  for (let i = from; i < to;) {
    const before = at;
    const wanted = text.codePointAt(i) as number;
    const point = at < limit ? (text.codePointAt(at) as number) : -1;
    if (point !== wanted && (point < 0 || fold(point).join() !== fold(wanted).join())) return -1;
    i += wanted > 0xffff ? 2 : 1;
    at += point > 0xffff ? 2 : 1;
    left -= bytesOf(text, before, at);
    if (left < 0) return -1;
  }
  return at;
}

/** The number of bytes of a part of a text in UTF-8. */
export function bytesOf(text: string, from: number, to: number): number {
  let bytes = to - from;
  for (let i = from; i < to; i++) {
    const unit = text.charCodeAt(i);
    // Both halves of a pair take two; half a pair is a byte by itself.
    if (unit < 0x80 || (unit >= 0xdc00 && unit < 0xe000)) continue;
    if (unit >= 0xd800 && unit < 0xdc00) bytes += 2;
    else bytes += unit < 0x800 ? 1 : 2;
  }
  return bytes;
}
