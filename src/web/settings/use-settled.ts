import { useMutation, useQueryClient } from "@tanstack/react-query";

/** A write after which people, teams and settings are read again. */
export function useSettled<Answer, Variables = void>(
  write: (variables: Variables) => Promise<Answer>,
  onSuccess: (answer: Answer, variables: Variables) => void = () => undefined,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: write,
    onSuccess: async (answer, variables) => {
      onSuccess(answer, variables);
      await Promise.all(
        [["entities"], ["settings"], ["organization"]].map((queryKey) =>
          client.invalidateQueries({ queryKey }),
        ),
      );
    },
  });
}
