import { useQuery } from "@tanstack/react-query";
import { meQuery } from "./queries.ts";

/** Whether the reader may change what is everybody's. */
export const useIsAdmin = (): boolean => useQuery(meQuery).data?.user.role === "Admin";
