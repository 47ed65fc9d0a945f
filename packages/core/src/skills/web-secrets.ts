import { z } from "zod";
import { Fault } from "../model/fault.ts";
import type { Principal } from "../model/principal.ts";

/** The value of a secret for a principal and a host. Throws where the owner did not allow just that. */
export type SecretFor = (principal: Principal, name: string, host: string) => Promise<string>;

/** What a connection is made of is not for callers to say. */
const ownHeaders = [
  "host",
  "connection",
  "content-length",
  "transfer-encoding",
  "accept-encoding",
  "upgrade",
  "te",
  "cookie",
];

/** Headers that a caller may add to a request. */
export const requestHeadersSchema = z
  .record(
    z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, "a header's name is letters, digits and dashes"),
    z
      .string()
      .max(2_000)
      .regex(/^[\x20-\x7e]*$/, "a header is printable ASCII on one line"),
  )
  .refine((headers) => Object.keys(headers).length <= 10, "at most ten headers")
  .refine((headers) => !Object.keys(headers).some((name) => ownHeaders.includes(name.toLowerCase())), {
    error: `these are not for callers to say: ${ownHeaders.join(", ")}`,
  });

const placeholder = /\{\{secret:([a-z0-9][a-z0-9-]{0,39})\}\}/g;

/**
 * Puts secrets in the place of what stands for them, at the last moment: whoever asked has only the name. They leave by
 * https alone, and where the answer holds one, it is taken out before anybody reads it.
 */
export async function fillSecrets(
  request: { url: string; headers: Record<string, string>; principal: Principal },
  secretFor: SecretFor,
): Promise<{ headers: Record<string, string>; hideIn: <T extends object>(answer: T) => T }> {
  const { protocol, hostname } = new URL(request.url);
  const used = new Map<string, string>();
  const named = Object.values(request.headers).flatMap((text) => [...text.matchAll(placeholder)]);
  for (const [, name = ""] of named) {
    if (protocol !== "https:") throw new Fault("http.refused", "A secret leaves by https only.");
    used.set(name, await secretFor(request.principal, name, hostname));
  }
  const entries = Object.entries(request.headers).map(([key, text]) => [
    key.toLowerCase(),
    text.replace(placeholder, (_whole, name: string) => used.get(name) ?? ""),
  ]);
  return {
    headers: Object.fromEntries(entries),
    hideIn: (answer) => hidden(answer, used),
  };
}

function hidden<T extends object>(answer: T, used: ReadonlyMap<string, string>): T {
  const hide = (text: string): string => {
    let shown = text;
    for (const [name, value] of used)
      for (const form of formsOf(value)) shown = shown.replaceAll(form, `[secret ${name}]`);
    return shown;
  };
  const entries = Object.entries(answer).map(([key, value]) => [key, typeof value === "string" ? hide(value) : value]);
  return Object.fromEntries(entries) as T;
}

/** How a server may say a value back. */
function formsOf(value: string): string[] {
  const forms = [value, encodeURIComponent(value), btoa(value), JSON.stringify(value).slice(1, -1)];
  return [...new Set(forms)].filter((form) => form.length >= 4).sort((a, b) => b.length - a.length);
}
