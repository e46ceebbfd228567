import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, expect, it, vi } from "vitest";
import { refetcher } from "../../src/web/api/refetch.ts";

const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
afterEach(() => client.clear());

/** A question that is looked at, whose answers come when they are told to. */
function ask(queryKey: readonly string[]) {
  const answers: (() => void)[] = [];
  const cancelled = vi.fn<() => void>();
  const observer = new QueryObserver(client, {
    queryKey,
    queryFn: ({ signal }) => {
      signal.addEventListener("abort", cancelled);
      return new Promise<number>((resolve) => {
        answers.push(() => resolve(answers.length));
      });
    },
  });
  observer.subscribe(() => undefined);
  return { answers, cancelled, observer };
}

it("lets a slow answer arrive however many hints come meanwhile, and asks once more after it", async () => {
  const { answers, cancelled, observer } = ask(["dora", "metrics"]);
  const refetch = refetcher(client);
  for (let i = 0; i < 5; i += 1) refetch(["dora"]);
  expect(answers).toHaveLength(1);
  answers[0]?.();
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  expect(observer.getCurrentResult().data).toBe(1);
  answers[1]?.();
  await vi.waitFor(() => expect(observer.getCurrentResult()).toMatchObject({ data: 2, isFetching: false }));
  expect(answers).toHaveLength(2);
  expect(cancelled).not.toHaveBeenCalled();
});

it("asks at once what is not being asked, and only what is under the key", async () => {
  const [one, other] = [ask(["entities", "service"]), ask(["runs"])];
  for (const { answers } of [one, other]) answers[0]?.();
  await vi.waitFor(() => expect(one.observer.getCurrentResult().isFetching).toBe(false));
  refetcher(client)(["entities"]);
  await vi.waitFor(() => expect(one.answers).toHaveLength(2));
  expect(other.answers).toHaveLength(1);
});
