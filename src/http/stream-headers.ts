/** Of streams of events, which are written past the server's own answers and their headers. */
export const streamHeaders = (requestId: string): Readonly<Record<string, string>> => ({
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "x-accel-buffering": "no",
  "x-request-id": requestId,
});
