import { QueryClient } from "@tanstack/react-query";
import { toProblem } from "@/api/client";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // Events tell what changed; time alone makes nothing stale for a while.
      staleTime: 15_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => {
        const { status } = toProblem(error);
        return count < 2 && (status === 0 || status === 429 || status >= 500);
      },
    },
    mutations: { retry: false },
  },
});
