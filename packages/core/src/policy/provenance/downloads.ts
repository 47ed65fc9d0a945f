import type { Call } from "@mh/contract/values/provenance.ts";
import type { NamedLeaf } from "./arguments.ts";
import { canonicalOf, kindOf } from "./kinds.ts";

// Where operating systems put what people fetch; XDG calls it the user's directory DOWNLOAD.
const folder = /^(?:~|\/(?:home|Users)\/(?!\.{1,2}\/)[^/]+)?\/downloads$/i;

/** What is fetched may go where downloads go, where the owner names no place: nothing else lies there. */
export function isDownloadsFolder(call: Call, { name, value }: NamedLeaf): boolean {
  const declared = call.facts.types[name];
  if (call.effect !== "fetch" || declared === undefined || kindOf(value, declared) !== "path") return false;
  return folder.test(canonicalOf(value, "path"));
}
