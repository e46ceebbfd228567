import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError } from "../api/client.ts";

interface Means {
  /** The session is over. */
  readonly onExpired: () => void;
  /** Something was answered, or written. */
  readonly onAnswer: () => void;
}

/** Retries what may pass by itself (no answer, 502–504) twice. */
export function createQueryClient({ onExpired, onAnswer }: Means): QueryClient {
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
        // Other writes are refused so for a wrong password too.
        if (error instanceof ApiError && Object(error.body).reason === "another_person") onExpired();
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
