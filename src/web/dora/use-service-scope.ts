import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { doraModelQuery } from "../api/queries.ts";

/** Makes the scope of a service for addresses; until the settings are known, of the blueprint it comes with. */
export function useServiceScope(): (service: string) => string {
  const services = useQuery(doraModelQuery).data?.service.blueprint ?? "service";
  return useCallback((service) => `${services}:${service}`, [services]);
}
