import * as fs from "node:fs";
import type { TestHost } from "@mh/testing";
import { filesBelow } from "../files-below.ts";
import type { HandEdit } from "./commands.ts";
import type { FaultyDisk } from "./disk.ts";

/** A line more in a note, as its owner's editor writes it; nothing where the note has no file of its own any more. */
export function editByHand(home: TestHost, disk: FaultyDisk, id: string): HandEdit | undefined {
  const file = filesBelow(home.file("memory/preferences")).find((each) => fs.readFileSync(each, "utf8").includes(id));
  if (!file) return undefined;
  const text = fs.readFileSync(file, "utf8");
  const added = `By hand after ${text.length}`;
  disk.writeByHand(file, `${text.trimEnd()}\n\n${added}\n`);
  const [, , body = ""] = text.split(/^---$/m);
  return { id, content: `${body.trim()}\n\n${added}` };
}
