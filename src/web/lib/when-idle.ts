/** Does it when the browser has nothing else to do, and soon in any case. @returns takes it back */
export function whenIdle(work: () => void): () => void {
  // Safari has no such calls.
  if (typeof requestIdleCallback !== "function") {
    const timer = setTimeout(work, 50);
    return () => clearTimeout(timer);
  }
  const id = requestIdleCallback(work, { timeout: 500 });
  return () => cancelIdleCallback(id);
}
