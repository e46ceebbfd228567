import { afterEach, expect, it, vi } from "vitest";
import { followSession, type SessionMeans } from "../../src/web/api/session.ts";
import { isSessionOver } from "../../src/web/api/session-over.ts";

let session: ReturnType<typeof followSession> | undefined;
afterEach(() => session?.left());

/** Ada has something unsaved; `now` is signed in, null: nobody. */
function adaWrites() {
  const state = { unsaved: true, now: null as string | null };
  const means = {
    isAnythingUnsaved: () => state.unsaved,
    leave: vi.fn<() => void>(),
    whoWas: () => "ada@example.com",
    whoIs: async () => {
      if (state.now === null) throw new Error("nobody");
      return state.now;
    },
    goOn: vi.fn<() => void>(),
    startAnew: vi.fn<() => void>(),
  } satisfies SessionMeans;
  session = followSession(means);
  return { state, means, session };
}

it("asks once, and goes on when the same person is signed in again", async () => {
  const { state, means, session } = adaWrites();
  for (let i = 0; i < 5; i += 1) session.expired();
  expect(means.leave).toHaveBeenCalledTimes(1);
  expect(isSessionOver()).toBe(true);
  await session.answered();
  expect(isSessionOver()).toBe(true);
  state.now = "ada@example.com";
  await session.answered();
  expect(isSessionOver()).toBe(false);
  expect(means.goOn).toHaveBeenCalledTimes(1);
  // The next end of a session asks again.
  session.expired();
  expect(means.leave).toHaveBeenCalledTimes(2);
});

it("starts anew when another person is signed in", async () => {
  const { state, means, session } = adaWrites();
  session.expired();
  state.now = "grace@example.com";
  await session.answered();
  expect(means.startAnew).toHaveBeenCalledTimes(1);
  expect(means.goOn).not.toHaveBeenCalled();
});

it("leaves by the next answer when nothing is unsaved any more, and says that it was left", () => {
  const { state, means, session } = adaWrites();
  expect(session.left()).toBe(false);
  session.expired();
  state.unsaved = false;
  session.expired();
  expect(means.leave).toHaveBeenCalledTimes(2);
  expect(isSessionOver()).toBe(false);
  expect(session.left()).toBe(true);
});

it("stays with what was refused where leaving would ask nothing, for the same person only", async () => {
  const { state, means, session } = adaWrites();
  state.unsaved = false;
  session.stayed();
  expect(means.leave).not.toHaveBeenCalled();
  expect(isSessionOver()).toBe(true);
  // The form keeps what was refused: what else is asked meanwhile takes nobody away.
  state.unsaved = true;
  session.expired();
  expect(means.leave).not.toHaveBeenCalled();
  state.now = "grace@example.com";
  await session.answered();
  expect(means.startAnew).toHaveBeenCalledTimes(1);
});

it("asks again when the session that somebody stayed in and came back to ends once more", async () => {
  const { state, means, session } = adaWrites();
  session.stayed();
  state.now = "ada@example.com";
  await session.answered();
  expect([isSessionOver(), means.goOn.mock.calls.length]).toEqual([false, 1]);
  session.expired();
  expect(means.leave).toHaveBeenCalledTimes(1);
});
