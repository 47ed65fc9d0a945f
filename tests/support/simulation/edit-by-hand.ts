import * as fs from "node:fs";
import type { TestHost } from "@mh/testing";
import { filesBelow } from "../files-below.ts";
import type { HandEdit } from "./commands.ts";
import type { FaultyDisk } from "./disk.ts";

/** A line more in a note, as its owner's editor writes it; nothing where the note has no file of its own any more, or is sealed. */
export function editNote(home: TestHost, disk: FaultyDisk, id: string): HandEdit | undefined {
  const file = filesBelow(home.file("memory/preferences")).find((each) => fs.readFileSync(each, "utf8").includes(id));
  if (!file) return undefined;
  const { before, added } = addLine(disk, file);
  const [, , body = ""] = before.split(/^---$/m);
  return { key: `memory ${id}`, says: `${body.trim()}\n\n${added}` };
}

/** A line more in a section of the persona. */
export function editPersona(home: TestHost, disk: FaultyDisk, section: string): HandEdit | undefined {
  const file = home.file(`persona/${section}.md`);
  if (!fs.existsSync(file)) return undefined;
  const { before, added } = addLine(disk, file);
  return { key: `persona ${section}`, says: `${before.trim()}\n\n${added}` };
}

function addLine(disk: FaultyDisk, file: string): { before: string; added: string } {
  const before = fs.readFileSync(file, "utf8");
  const added = `By hand after ${before.length}`;
  disk.writeByHand(file, `${before.trimEnd()}\n\n${added}\n`);
  return { before, added };
}
