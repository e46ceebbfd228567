import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError } from "../api/client.ts";
import { isSignedOut } from "../api/is-gone.ts";

interface Means {
  /** The session is over. */
  readonly onExpired: () => void;
  /** It was over when something was written. */
  readonly onWriteExpired: () => void;
  /** Something was answered, or written. */
  readonly onAnswer: () => void;
}

/** Retries what may pass by itself (no answer, 502–504) twice. */
export function createQueryClient({ onExpired, onWriteExpired, onAnswer }: Means): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onSuccess: onAnswer,
      onError: (error, query) => {
        if (error instanceof ApiError && error.status === 401 && query.queryKey[0] !== "me") onExpired();
      },
    }),
    mutationCache: new MutationCache({
      onSuccess: onAnswer,
      onError: (error) => {
        // Their status says less: a wrong password is refused with it too.
        if (isSignedOut(error)) onWriteExpired();
        else if (error instanceof ApiError && Object(error.body).reason === "another_person") onExpired();
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        gcTime: 600_000,
        refetchOnWindowFocus: true,
        retry: (failures, error) =>
          failures < 2 && error instanceof ApiError && [0, 502, 503, 504].includes(error.status),
        retryDelay: (attempt) => 500 * 2 ** attempt,
      },
    },
  });
}
