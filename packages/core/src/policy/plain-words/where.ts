import { asciiDomain } from "@mh/contract/values/mail-address.ts";
import type { Condition } from "./sentence.ts";
import { isDomain, listOf, orOf, setOf } from "./whom.ts";

type Read = [condition: Condition, end: number] | undefined;

const somewhere = "/somewhere/else";
const elsewhere = "elsewhere.example";

/** In which folder, or with which host. */
export function readWhere(tokens: readonly string[], at: number): Read {
  const first = tokens[at] ?? "";
  if (["in", "inside", "under", "below"].includes(first)) {
    const [paths, end] = listOf(tokens, at + 1, isPath);
    return paths.length > 0 ? [inFolders(paths.map(tidy)), end] : undefined;
  }
  const butAt = restAfter(tokens, at);
  if (butAt !== undefined) {
    const [paths, pathsEnd] = listOf(tokens, butAt, isPath);
    if (paths.length > 0) return [outsideFolders(paths.map(tidy)), pathsEnd];
    const [hosts, end] = listOf(tokens, butAt, isDomain);
    return hosts.length > 0 ? [outsideHosts(hosts.map(asciiDomain)), end] : undefined;
  }
  if (!["on", "from", "at", "to", "with"].includes(first)) return undefined;
  const [hosts, end] = listOf(tokens, at + 1, isDomain);
  return hosts.length > 0 ? [onHosts(hosts.map(asciiDomain)), end] : undefined;
}

/** Where the list begins after `outside`, `from anywhere but`, `but from` and the like. */
function restAfter(tokens: readonly string[], at: number): number | undefined {
  if (tokens[at] === "outside") return at + 1;
  const isTurn = (n: number) => tokens[n] === "but" || tokens[n] === "except";
  const afterPlace = (n: number) => (["from", "on", "in", "at", "to"].includes(tokens[n] ?? "") ? n + 1 : n);
  const start = afterPlace(at);
  if (tokens[start] === "anywhere" && isTurn(start + 1)) return afterPlace(start + 2);
  return isTurn(at) ? afterPlace(at + 1) : undefined;
}

/** One with `..` in it is refused: commands know a folder by its one spelling, and a rule for another never fires. */
const isPath = (token: string): boolean => token.startsWith("/") && !token.split("/").includes("..");
const tidy = (path: string): string =>
  `/${path
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/")}`;
const inside = (folder: string): string => (folder === "/" ? "/file" : `${folder}/file`);

const inFolders = (folders: readonly string[]): Condition => ({
  cedar: `context.folders.containsAny(${setOf(folders)})`,
  words: `in ${orOf(folders)}`,
  hit: { scope: { paths: [inside(folders[0] as string)] } },
  miss: { scope: { paths: [somewhere] } },
});

const outsideFolders = (folders: readonly string[]): Condition => ({
  cedar: `!context.paths.isEmpty() && !context.allInFolders.containsAny(${setOf(folders)})`,
  words: `outside ${orOf(folders)}`,
  hit: { scope: { paths: [inside(folders[0] as string), somewhere] } },
  miss: { scope: { paths: [inside(folders[0] as string)] } },
});

const onHosts = (hosts: readonly string[]): Condition => ({
  cedar: `context.domains.containsAny(${setOf(hosts)})`,
  words: `with ${orOf(hosts)}`,
  hit: { scope: { hosts: [`www.${hosts[0]}`] } },
  miss: { scope: { hosts: [elsewhere] } },
});

const outsideHosts = (hosts: readonly string[]): Condition => ({
  cedar: `!context.hosts.isEmpty() && !context.allInDomains.containsAny(${setOf(hosts)})`,
  words: `with anything but ${orOf(hosts)}`,
  hit: { scope: { hosts: [hosts[0] as string, elsewhere] } },
  miss: { scope: { hosts: [hosts[0] as string] } },
});
