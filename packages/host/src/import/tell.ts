import * as path from "node:path";
import { isBeside, isConversations, isExport } from "./chats.ts";
import { isMailbox, kindByBeginning, kindByExtension } from "./kinds.ts";
import type { FileKind } from "./source.ts";
import { kindByName, type Tell, type Told } from "./walk.ts";

/** Kinds of notes that belong to somebody: their Markdown is read as theirs. */
type Owned = "openclaw" | "hermes" | "silverbullet";

/** Each file by its kind: by its name, and where that says nothing by how it begins. */
export function tellByKind(owned?: Owned): Tell {
  return (file, beside) => {
    const name = path.posix.basename(file.name);
    const kind = kindByName(name);
    if (name.startsWith(".")) return { fate: "skipped", kind: "hidden" };
    const ofExport = toldInExport(name, beside);
    if (ofExport) return ofExport;
    if (kind === "zip") return isExport(file.path) ? { kind: "chats" } : { fate: "skipped", kind };
    const known = kindByExtension(name);
    if (known === "markdown" && owned) return { kind: owned };
    if (known !== undefined) return { kind: known };
    // What programs keep beside what they wrote has a name of its own; what has none, or a made-up one, is looked at.
    if (file.sizeBytes === 0 || knownElsewhere.has(kind)) return { fate: "skipped", kind };
    const begun = kindByBeginning(file.path);
    return begun === undefined ? { fate: "skipped", kind } : { kind: begun };
  };
}

/** Only what is of the format that was asked for. */
export function tellAs(format: FileKind): Tell {
  return (file) => {
    const name = path.posix.basename(file.name);
    const skipped: Told = { fate: "skipped", kind: name.startsWith(".") ? "hidden" : kindByName(name) };
    if (name.startsWith(".")) return skipped;
    const known = kindByExtension(name);
    switch (format) {
      case "chatgpt":
      case "claude":
        return isConversations(name) ||
          (format === "claude" && isBeside(name)) ||
          (kindByName(name) === "zip" && isExport(file.path))
          ? { kind: format }
          : skipped;
      case "openclaw":
      case "hermes":
      case "silverbullet":
        return known === "markdown" ? { kind: format } : skipped;
      case "mbox":
        // Thunderbird and Apple Mail name their mailboxes after the folder alone.
        return known === "mbox" || (path.extname(name) === "" && isMailbox(file.path)) ? { kind: format } : skipped;
      default:
        return known === format ? { kind: format } : skipped;
    }
  };
}

/** What lies beside the conversations of an export. */
function toldInExport(name: string, beside: ReadonlySet<string>): Told | undefined {
  if (isConversations(name)) return { kind: "chats" };
  const isShown = /^chat\.html$/i.test(name);
  // Only for names that an export has is all of a folder looked at: it may be a large one.
  if (!(isShown || isBeside(name)) || ![...beside].some(isConversations)) return undefined;
  if (isShown)
    return {
      fate: "passed over",
      kind: "html",
      note: "It shows the conversations that lie beside it, which are read.",
    };
  return { kind: "claude" };
}

const knownElsewhere = new Set(
  "png jpg jpeg gif webp svg heic bmp ico tif tiff mp3 m4a wav ogg flac mp4 mov mkv avi webm zip gz tgz bz2 xz 7z rar iso dmg exe dll so o a doc xls xlsx ppt pptx ods odp key pages numbers epub json js mjs cjs ts tsx jsx css scss less py rb go rs c h cc cpp java kt swift sh ps1 yml yaml toml lock sqlite db db3 wasm woff woff2 ttf otf msf map".split(
    " ",
  ),
);
