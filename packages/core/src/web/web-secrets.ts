import { Fault } from "@mh/contract/values/fault.ts";
import type { Principal } from "@mh/contract/values/principal.ts";

/** The value of a secret for a principal and a host. Throws where the owner did not allow just that. */
export type SecretFor = (principal: Principal, name: string, host: string) => Promise<string>;

const placeholder = /\{\{secret:([a-z0-9][a-z0-9-]{0,39})\}\}/g;

/**
 * Puts secrets in the place of what stands for them, at the last moment: whoever asked has only the name. They leave by
 * https alone.
 */
export async function fillSecrets(
  request: { url: string; headers: Record<string, string>; principal: Principal },
  secretFor: SecretFor,
): Promise<Record<string, string>> {
  const { protocol, hostname } = new URL(request.url);
  const values = new Map<string, string>();
  const named = Object.values(request.headers).flatMap((text) => [...text.matchAll(placeholder)]);
  for (const [, name = ""] of named) {
    if (protocol !== "https:") throw new Fault("http.refused", "A secret leaves by https only.");
    values.set(name, await secretFor(request.principal, name, hostname));
  }
  const fill = (text: string) => text.replace(placeholder, (_whole, name: string) => values.get(name) ?? "");
  return Object.fromEntries(Object.entries(request.headers).map(([key, text]) => [key.toLowerCase(), fill(text)]));
}

/** What came back, with no secret that this process knows: servers repeat what they were sent. */
export function withoutSecretsIn<T>(value: T, redact: (text: string) => string): T {
  if (typeof value === "string") return redact(value) as T;
  if (Array.isArray(value)) return value.map((each) => withoutSecretsIn(each, redact)) as T;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => [redact(key), withoutSecretsIn(each, redact)]);
  return Object.fromEntries(entries) as T;
}
