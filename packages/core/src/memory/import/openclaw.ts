import type { Found } from "./found.ts";
import { type NoteContext, parseNote } from "./markdown.ts";
import { asFound, writtenBy } from "./note.ts";

// https://docs.openclaw.ai/concepts/agent-workspace: what a workspace holds. The rest of it is the assistant's settings.
const settings = new Set(
  ["SOUL", "AGENTS", "TOOLS", "IDENTITY", "BOOTSTRAP", "BOOT", "HEARTBEAT", "CLAUDE"].map((name) => `${name}.md`),
);
const assistant = "OpenClaw";

/** One file of an OpenClaw workspace. What the assistant is told to be (SOUL, AGENTS, …) is no memory at all. */
export function parseOpenClaw(path: string, text: string, context: NoteContext): Found[] {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (settings.has(name)) return [{ note: "It sets the assistant up and is no memory.", where: path }];
  if (/^(?:skills|canvas|hooks)\//.test(path))
    return [{ note: "It belongs to a skill of the assistant and is no memory.", where: path }];
  return writtenBy(assistant, asFound(path, parseNote(path, text, context)));
}
