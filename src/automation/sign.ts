/** The signature of outgoing calls, which receivers check with the client secret (workflows.md §2.7). */
import { createHmac } from "node:crypto";

/** @param body exactly the bytes that are sent */
export function signatureOf(clientSecret: string, timestamp: string, body: string): string {
  const digest = createHmac("sha256", clientSecret).update(`${timestamp}.${body}`).digest("base64");
  return `v1,${digest}`;
}
