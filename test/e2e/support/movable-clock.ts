/**
 * Loaded into a server before everything else (`node --import`): its clock goes on when the test says so. Every `Date`
 * of the process follows; timers of Node do not, so that what waits for a moment has to look at the clock itself.
 */
let ahead = 0;
const { now: realNow } = Date;
const now = (): number => realNow() + ahead;

globalThis.Date = new Proxy(Date, {
  construct: (target, given: unknown[], newTarget) =>
    Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget) as Date,
  get: (target, key, receiver) => (key === "now" ? now : (Reflect.get(target, key, receiver) as unknown)),
});

// Threads of the server have the module too, but no such messages.
process.on("message", (message) => {
  const { advance } = message as { advance?: number };
  if (advance === undefined) return;
  ahead += advance;
  process.send?.({ ahead });
});
// The server ends when it is told to, whether or not the test is still there.
process.channel?.unref();
