import type { McpServer } from "@mh/contract/values/mcp-server.ts";

const place = /\{\{secret:([\w.-]+)\}\}/g;

/** What stands in a setting where a secret's value belongs. */
export const secretPlace = (name: string): string => `{{secret:${name}}}`;

/** Names of the secrets that a server's settings place in its variables and headers, each once. */
export function secretsNamedBy({ env = {}, headers = {} }: Partial<Pick<McpServer, "env" | "headers">>): string[] {
  const texts = [...Object.values(env), ...Object.values(headers)];
  return [...new Set(texts.flatMap((text) => [...text.matchAll(place)].map(([, name = ""]) => name)))];
}

/** Those settings with the values in their places; a name without a value leaves nothing there. */
export const withSecretValues = (
  settings: Record<string, string>,
  values: ReadonlyMap<string, string>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(settings).map(([key, text]) => [
      key,
      text.replace(place, (_whole, name: string) => values.get(name) ?? ""),
    ]),
  );
