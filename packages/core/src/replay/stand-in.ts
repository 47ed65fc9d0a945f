import type { AnyContract } from "@mh/contract/contract.ts";
import { diskList, diskRead, diskWrite } from "@mh/contract/disk.ts";
import { mailSend } from "@mh/contract/mail.ts";
import { shellRun } from "@mh/contract/programs.ts";
import type { Effect, Risk, Scope } from "@mh/contract/values/effect.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { outsidePathSchema } from "@mh/contract/values/outside-path.ts";
import { parseWebUrl } from "@mh/contract/values/web-url.ts";
import { webFetch } from "@mh/contract/web.ts";
import { canonicalPath, refuseClosed } from "../disk/outside-path.ts";
import { tried } from "../model/tried.ts";
import { notGrantable } from "../programs/plain-programs.ts";
import { refuseFolder, touchedBy } from "../programs/shell-run.ts";
import { refusedWords } from "../programs/shell-words.ts";
import { commandsIn, lineOfShell } from "./command-line.ts";
import { type CallKind, kindOfCall } from "./kinds-of-call.ts";
import type { TranscriptCall } from "./transcript.ts";

/** A command of mh's that does what a call of another program did. */
export interface StandIn {
  /** The skill, or the tool itself where no skill is like it: then as a tool that the owner adopted. */
  skill: string;
  /** Whose declarations count: none for a tool that was adopted and of which the owner said nothing. */
  contract?: AnyContract;
  effect: Effect;
  risk: Risk;
  args: Record<string, unknown>;
  scope: Scope;
  /** Arguments that control it, and those that are its content, where no contract says it. */
  control: string[];
  content: string[];
  /** No grant lasts for it. */
  isAskedEachTime: boolean;
}

/** It is refused whatever the rules are, as a sentence says. */
export interface Refusal {
  skill: string;
  refused: string;
}

/** What stands round about a call. */
export interface Surroundings {
  /** The folder that relative paths are meant from, and the home folder of the user who worked there. */
  folder: string | undefined;
  home: string;
  /** Files that were looked at or written before: to write one of them replaces it. */
  known: ReadonlySet<string>;
  /** Whether an address is one of this machine or of a network of its own. */
  isInward: (host: string) => boolean;
  /** Folders that are closed to skills, and those that are closed to programs. */
  closed: { toSkills: readonly string[]; toPrograms: readonly string[] };
}

/** What mh would be asked to do in the place of a call; several commands where a line held several. */
export function standInsFor(call: TranscriptCall, around: Surroundings): (StandIn | Refusal)[] {
  const kind = kindOfCall(call);
  const at = (path: string) => placeOf(path, around);
  switch (kind.kind) {
    case "run":
      return runs(kind, around);
    case "look": {
      const contract = kind.isList ? diskList : diskRead;
      return kind.paths.map((path) =>
        onDisk(contract, at(path), { args: { path: at(path) }, effect: "local", risk: "low", around }),
      );
    }
    case "write":
      return kind.paths.map((path) => {
        const replace = kind.isEdit || around.known.has(at(path));
        const args = { path: at(path), text: kind.text, ...(replace && { replace }) };
        const effect = replace ? "destroy" : "local";
        return onDisk(diskWrite, at(path), { args, effect, risk: "medium", around });
      });
    case "remove":
      return [adopted(call, { effect: "destroy", risk: "high", scope: { paths: kind.paths.map(at) } })];
    case "fetch":
      return kind.urls.map((url) => fetching(url, around));
    case "send":
      return [sending(call, kind, around)];
    case "named":
      return [adopted(call, { effect: kind.effect, risk: kind.effect === "read" ? "low" : "medium", scope: {} })];
    case "unknown":
      // As every tool of which the owner has said nothing: it may send, and all of it controls that.
      return [adopted(call, { effect: "send", risk: "high", scope: {} })];
  }
}

type Judged = Pick<StandIn, "effect" | "risk" | "scope">;

const like = (contract: AnyContract, given: Judged & Pick<StandIn, "args">): StandIn => ({
  ...given,
  ...{ skill: contract.name, contract, control: [...contract.control], isAskedEachTime: false },
  content: [...(contract.provenance?.content ?? [])],
});

/** At a place, unless it is closed, or no path of mh's. */
function onDisk(
  contract: AnyContract,
  path: string,
  { around, ...given }: Omit<Parameters<typeof like>[1], "scope"> & { around: Surroundings },
): StandIn | Refusal {
  const why = whyClosed(path, () => refuseClosed(contract.name, "path", path, around.closed.toSkills));
  return why === undefined
    ? like(contract, { ...given, scope: { paths: [path] } })
    : { skill: contract.name, refused: why };
}

/** Why no skill takes a path; undefined where one may. A relative one of which nobody says where it begins is not judged. */
function whyClosed(path: string, refuse: () => void): string | undefined {
  if (!path.startsWith("/")) return undefined;
  const read = outsidePathSchema().safeParse(path);
  if (!read.success) return read.error.issues[0]?.message ?? "it is no path";
  const said = tried(refuse);
  return said instanceof Fault ? reasonOf(said) : undefined;
}

/** What only looks is controlled by nothing; of all else, what is not known to be its content controls it. */
function adopted({ tool, args }: TranscriptCall, judged: Judged, content: string[] = longTexts(args)): StandIn {
  const control = judged.effect === "read" ? [] : Object.keys(args).filter((name) => !content.includes(name));
  return { ...judged, skill: tool, args, control, content, isAskedEachTime: false };
}

const longTexts = (args: Readonly<Record<string, unknown>>): string[] =>
  Object.keys(args).filter((name) => {
    const value = args[name];
    return typeof value === "string" && (value.includes("\n") || value.length > 200);
  });

function runs({ line, argv, folder }: Extract<CallKind, { kind: "run" }>, around: Surroundings): (StandIn | Refusal)[] {
  const text = line ?? (argv && lineOfShell(argv));
  const commands = text === undefined ? [{ argv: argv ?? [], folder: undefined }] : commandsIn(text);
  const start = folder === undefined ? around.folder : placeOf(folder, around);
  if (commands === undefined)
    return [
      { skill: shellRun.name, refused: "It is a line for a shell, and no shell reads it here: one program at a time" },
    ];
  return commands.map((command) => {
    const cwd = command.folder === undefined ? start : placeOf(command.folder, { ...around, folder: start });
    const why =
      refusedWords(command.argv) ??
      (cwd === undefined ? undefined : whyClosed(cwd, () => refuseFolder(cwd, { closed: around.closed.toPrograms })));
    if (why !== undefined) return { skill: shellRun.name, refused: why };
    const args = { argv: command.argv, ...(cwd !== undefined && { cwd }) };
    const { effect, risk, scope } = touchedBy(command.argv, cwd);
    const run = like(shellRun, { args, effect, risk, scope });
    return { ...run, isAskedEachTime: notGrantable(scope) !== undefined };
  });
}

function fetching(address: string, around: Surroundings): StandIn | Refusal {
  const url = webUrl(address, around);
  if (typeof url === "string") return { skill: webFetch.name, refused: url };
  const scope = { hosts: [url.hostname] };
  return like(webFetch, { args: { url: address }, effect: "fetch", risk: "low", scope });
}

function sending(
  call: TranscriptCall,
  { to, urls, content }: Extract<CallKind, { kind: "send" }>,
  around: Surroundings,
): StandIn | Refusal {
  if (urls.length > 0) {
    const read = urls.map((url) => webUrl(url, around));
    const refused = read.find((each) => typeof each === "string");
    if (refused !== undefined) return { skill: call.tool, refused };
    const hosts = [...new Set(read.flatMap((each) => (typeof each === "string" ? [] : [each.hostname])))];
    return adopted(call, { effect: "send", risk: "medium", scope: { hosts } }, content);
  }
  const isMail = to.every((each) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(each));
  const judged: Judged = {
    effect: "send",
    risk: "medium",
    scope: { recipients: to.map((each) => each.toLowerCase()) },
  };
  if (!isMail) return adopted(call, judged, content);
  return { ...adopted(call, judged, content), skill: mailSend.name };
}

/** The address, or why it is refused. */
function webUrl(address: string, { isInward }: Surroundings): URL | string {
  const url = tried(() => parseWebUrl(address));
  if (url instanceof Fault) return reasonOf(url);
  return isInward(url.hostname) ? `${url.hostname} is no address of the open web` : url;
}

const reasonOf = ({ message }: Fault): string => message.replace(/\.$/, "");

/** Absolute, without `.` and `..`; a relative one of which nobody says where it begins stays as it is. */
function placeOf(path: string, { folder, home }: Pick<Surroundings, "folder" | "home">): string {
  const given = path.replace(/^file:\/\//, "").replace(/^~(?=\/|$)/, home);
  if (!given.startsWith("/") && folder === undefined) return given;
  const parts: string[] = [];
  for (const part of (given.startsWith("/") ? given : `${folder}/${given}`).split("/"))
    if (part === "..") parts.pop();
    else parts.push(part);
  return canonicalPath(parts.join("/"));
}
