import { wordsOfName } from "../policy/provenance/kinds.ts";
import type { TranscriptCall } from "./transcript.ts";

/** What a call does, as its arguments and the words of its name show; `unknown` where neither tells. */
export type CallKind =
  | { kind: "run"; line?: string; argv?: string[]; folder?: string }
  | { kind: "write"; paths: string[]; text: string; isEdit: boolean }
  | { kind: "look"; paths: string[]; isList: boolean }
  | { kind: "remove"; paths: string[] }
  | { kind: "fetch"; urls: string[] }
  | { kind: "send"; to: string[]; content: string[]; urls: string[] }
  | { kind: "named"; effect: "read" | "write" | "fetch" | "send" | "destroy" }
  | { kind: "unknown" };

const wordsFor = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Words by which programs name what an argument is. */
const argumentWords = {
  command: wordsFor("command cmd commands script shell argv commandline code"),
  folder: wordsFor("cwd workdir directory dir folder workspace"),
  path: wordsFor("path paths file files filename filepath filenames notebook folder directory dir source destination"),
  to: wordsFor("to cc bcc recipient recipients receiver chat channel phone number email target"),
  text: wordsFor("text message body content contents caption subject data patch edits replacement html markdown"),
  edit: wordsFor("old edits edit patch diff replace insert append"),
  method: wordsFor("method verb"),
};

/** Words of a tool's name, or of its argument that says which of several things it does. */
const verbs = {
  destroy: wordsFor("delete remove rm unlink erase trash purge drop destroy wipe uninstall kill"),
  send: wordsFor("send reply post publish tweet mail message forward share comment upload push invite pay buy"),
  fetch: wordsFor("fetch browse web http url download crawl navigate scrape website internet"),
  write: wordsFor(
    "write create update edit add set save append insert put patch modify move rename copy mkdir touch schedule todo store remember",
  ),
  read: wordsFor("read get list search find show view look grep glob ls query status describe recall history cat tree"),
  list: wordsFor("list ls glob tree dir find"),
};

/** Tells what a call does by its shape. No tool is known by its name. */
export function kindOfCall({ tool, args }: TranscriptCall): CallKind {
  const given = entriesOf(args);
  const action = strings(
    given.find(({ words }) => words.length === 1 && /^(?:action|operation|op|command|mode)$/.test(words[0] ?? "")),
  );
  const isBare = action.length === 1 && /^[\w-]{1,40}$/.test(action[0] ?? "");
  const name = new Set(wordsOfName(`${tool} ${isBare ? action[0] : ""}`));
  const says = (kind: keyof typeof verbs) => [...name].some((word) => verbs[kind].has(word));
  const paths = strings(...given.filter((each) => is(each, "path") && !is(each, "text"))).filter(isPath);
  return (
    runIn(given, paths.length > 0 && isBare) ??
    patchIn(given) ??
    sendOrFetch(given, says) ??
    (paths.length > 0 ? onPaths(paths, given, says) : undefined) ??
    byName(says)
  );
}

function runIn(given: readonly Entry[], isAction: boolean): CallKind | undefined {
  const command = given.find((each) => is(each, "command"));
  if (!command || isAction) return undefined;
  const { value } = command;
  const folder = strings(...given.filter((each) => is(each, "folder")))[0];
  const at = folder === undefined ? {} : { folder };
  if (Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === "string"))
    return { kind: "run", argv: value, ...at };
  // A command with its parts beside it, as a program's own shell call has them.
  if (isObject(value)) return runIn(entriesOf(value), false);
  return typeof value === "string" && value.trim() !== "" ? { kind: "run", line: value, ...at } : undefined;
}

const patchStart = /^\s*(?:\*\*\* Begin Patch|diff --git |--- )/;
const patchFile = /^(?:\*\*\* (?:Add|Update|Delete) File: |\*\*\* Move to: |\+\+\+ (?:b\/)?)([^\t\n]{1,4000})/gm;

/** A patch says itself which files it changes. */
function patchIn(given: readonly Entry[]): CallKind | undefined {
  const patch = given.flatMap((each) => strings(each)).find((text) => patchStart.test(text));
  if (patch === undefined) return undefined;
  const paths = [...patch.matchAll(patchFile)]
    .map(([, path = ""]) => path.trim())
    .filter((path) => path !== "/dev/null");
  const isEdit = !/^\s*\*\*\* Begin Patch/.test(patch) || /^\*\*\* (?:Update|Delete) File: /m.test(patch);
  return paths.length > 0 ? { kind: "write", paths: [...new Set(paths)], text: patch, isEdit } : undefined;
}

type Says = (kind: keyof typeof verbs) => boolean;

function sendOrFetch(given: readonly Entry[], says: Says): CallKind | undefined {
  const all = given.flatMap((each) => strings(each)).filter((text) => /^https?:\/\/\S+$/i.test(text));
  const urls = [...new Set(all)];
  const method = strings(given.find((each) => is(each, "method")))[0]?.toUpperCase();
  const texts = given.filter((each) => is(each, "text"));
  const content = texts.map(({ name }) => name);
  const to = strings(...given.filter((each) => is(each, "to") && !is(each, "text"))).filter(
    (each) => each.length < 500,
  );
  if (urls.length > 0) {
    const isSending = method === undefined ? says("send") : !["GET", "HEAD"].includes(method);
    return isSending ? { kind: "send", to: [], content, urls } : { kind: "fetch", urls };
  }
  const isSaid = strings(...texts).join("") !== "";
  return to.length > 0 && isSaid && !says("read") ? { kind: "send", to, content, urls } : undefined;
}

function onPaths(paths: string[], given: readonly Entry[], says: Says): CallKind {
  const texts = given.filter(
    (each) => is(each, "text") || is(each, "edit") || /^(?:new|old)\b/.test(each.words.join(" ")),
  );
  const isEdit = given.some((each) => is(each, "edit"));
  if (says("destroy")) return { kind: "remove", paths };
  const isWrite = texts.length > 0 || (says("write") && !says("read"));
  if (isWrite) return { kind: "write", paths, text: strings(...texts).join("\n"), isEdit };
  return { kind: "look", paths, isList: says("list") };
}

function byName(says: Says): CallKind {
  for (const effect of ["destroy", "send", "fetch", "write", "read"] as const)
    if (says(effect)) return { kind: "named", effect };
  return { kind: "unknown" };
}

interface Entry {
  name: string;
  words: string[];
  value: unknown;
}

const entriesOf = (args: Readonly<Record<string, unknown>>): Entry[] =>
  Object.entries(args).map(([name, value]) => ({ name, words: wordsOfName(name), value }));
const is = ({ words }: Entry, kind: keyof typeof argumentWords): boolean =>
  words.some((word) => argumentWords[kind].has(word));
const isPath = (text: string): boolean => text.length <= 4_096 && !/[\n\0]/.test(text) && text.trim() !== "";
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The texts of arguments: one, or those of a list. */
const strings = (...entries: (Entry | undefined)[]): string[] =>
  entries
    .flatMap((entry) => (Array.isArray(entry?.value) ? entry.value : [entry?.value]))
    .flatMap((value: unknown) =>
      typeof value === "string" && value !== ""
        ? [value]
        : isObject(value)
          ? Object.values(value).filter((each) => typeof each === "string")
          : [],
    );
