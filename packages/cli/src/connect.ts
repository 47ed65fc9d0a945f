import * as fs from "node:fs";
import * as path from "node:path";
import { visible } from "@mh/contract/visible/visible.ts";
import { type ConnectOptions, connectHome, type HomeClient } from "@mh/host/connect/connect-home.ts";
import { newId } from "@mh/host/connect/new-id.ts";
import type { Host } from "@mh/host/home/host.ts";
import { shortId } from "./layout.ts";
import type { Printer } from "./print.ts";
import { makeProgress } from "./progress.ts";

export type { ActOptions } from "@mh/contract/client.ts";
export type Client = HomeClient;

/** What has one task is one thing to undo. */
export const newTask = (): string => newId();

/** Finds whoever holds the home, or opens it, and then says what was found at opening. */
export async function connect(
  root: string,
  print: Printer,
  task: string,
  { givenUp, isLong }: { givenUp?: AbortSignal | undefined; isLong?: boolean } = {},
): Promise<Client> {
  const open: ConnectOptions["open"] = async (at, options) => {
    const { loadBriefly, loadLong } = await import("@mh/host/home/load-lean.ts");
    const { LocalClient } = await (isLong ? loadLong : loadBriefly)(() => import("@mh/host/home/local-client.ts"));
    using progress = makeProgress(print, { doing: "Reading", unit: "lines" });
    const onProgress = (_what: string, count: number) => progress.update({ count });
    return await LocalClient.open(at, { ...options, onProgress });
  };
  return connectHome(root, { task, open, onOpened: (host) => tellOpening(host, print), ...(givenUp && { givenUp }) });
}

/** Makes a home with this machine's settings where there is none and the folder holds nothing of somebody else's. */
export async function makeHome(
  where: { root: string; codeRoot: string; environment: Record<string, string | undefined> },
  print: Printer,
): Promise<boolean> {
  const { root, codeRoot, environment } = where;
  if (fs.existsSync(path.join(root, "home.json"))) return false;
  // What a crash in the middle of making a home leaves is mh's own.
  const isHalfMade = (name: string) => /^(config\.yaml|home\.json|persona)(\.\d+\.tmp)?$/.test(name);
  const isEmpty = !fs.existsSync(root) || fs.readdirSync(root).every(isHalfMade);
  if (root !== codeRoot && !isEmpty) return false;
  const { createHome, machineSettings } = await import("@mh/host/home/home-file.ts");
  createHome(root, environment, machineSettings(environment));
  print.note(`Made a home at ${root}. \`mh init --help\` and config.yaml say what can be set.`);
  return true;
}

function tellOpening(host: Host, print: Printer): void {
  const { torn, interrupted, memories, rebuilt } = host.report;
  if (host.looksOnly) {
    const why = host.looksOnly.code === "disk.full" ? "the disk is full" : "its place cannot be written to";
    return print.note(`The home is only read, because ${why}. What you look at is not noted in the log.`);
  }
  if (rebuilt) print.note(`The index was made anew from your files: ${rebuilt}.`);
  for (const tail of torn)
    print.note(`A write was cut off in ${tail.path}; its ${tail.bytes} bytes are kept in ${tail.keptAs}.`);
  for (const row of interrupted)
    print.note(`Interrupted: ${row.skill.split("@", 1)[0]} by ${row.principal}. \`mh why ${shortId(row.id)}\``);
  for (const edit of memories.handEdits) {
    print.note(
      `Changed by hand: ${visible(edit.path)} (${edit.added} new, ${edit.changed} changed, ${edit.missing} gone).`,
    );
  }
  for (const text of host.invalidFiles()) print.note(invalidFileNote(text));
  for (const bad of memories.badLines)
    print.note(`Cannot be read: ${visible(bad.path)} line ${bad.line}: ${visible(bad.reason)}.`);
}

/** Of settings or rules that cannot be read. Each command says it: whoever wrote them thinks that they hold. */
export const invalidFileNote = (text: string): string =>
  `Not taken: ${visible(text)} What was good last is in force. \`mh doctor\``;
