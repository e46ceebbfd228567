/** Waits for `work`, but not longer than `ms`. */
export async function within(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise((resolve) => (timer = setTimeout(resolve, ms)))]);
  clearTimeout(timer);
}

/** Whether it is so; an answer that does not come within `ms` is a no. */
export async function soon(answer: Promise<boolean>, ms: number): Promise<boolean> {
  let isSo = false;
  const asked = answer.then(
    (given) => (isSo = given),
    () => undefined,
  );
  await within(asked, ms);
  return isSo;
}
