import { z } from "zod";
import { Fault } from "./fault.ts";

/**
 * Reads a URL of the web strictly: http or https, written out in full, with no name or password in it and nothing that
 * programs read in two ways (spaces, control and bidirectional characters, backslashes). The host comes out in lower
 * case, an IPv4 address in its usual spelling however it was written, and a last dot is dropped.
 */
export function parseWebUrl(text: string): URL {
  const wrong = wrongWith(text);
  if (wrong) throw new Fault("http.refused", `This URL is refused: ${wrong}.`);
  return canonical(text) as URL;
}

/** A URL among a skill's arguments. */
export const webUrlSchema = z
  .string()
  .max(4_000)
  .superRefine((text, context) => {
    const message = wrongWith(text);
    if (message) context.addIssue({ code: "custom", message });
  });

function wrongWith(text: string): string | undefined {
  if (!/^https?:\/\/[^/]/i.test(text)) return "a URL begins with https:// or http://";
  if (/[\s\p{Cc}\p{Cf}\\]/u.test(text) || !text.isWellFormed())
    return "it holds a character that has no place in a URL";
  const url = canonical(text);
  if (!url) return "it is not well formed";
  if (url.username || url.password || /^[^/?#]*@/.test(text.slice(text.indexOf("//") + 2)))
    return "a name or password has no place in a URL";
  return undefined;
}

function canonical(text: string): URL | undefined {
  const url = URL.parse(text);
  if (!url?.hostname) return undefined;
  url.hostname = url.hostname.replace(/\.{1,64}$/, "");
  return url.hostname.endsWith(".") ? undefined : url;
}
