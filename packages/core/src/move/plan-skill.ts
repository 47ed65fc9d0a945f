import { Fault } from "@mh/contract/values/fault.ts";
import type { Tree } from "../extensions/package-tree.ts";
import { readSkillFile } from "../extensions/skill-manifest.ts";
import { tried } from "../model/tried.ts";
import { decodeUtf8, toBase64 } from "../ports/bytes.ts";
import type { MovedFolder } from "./folder.ts";
import { left, type Planned, takeFiles } from "./move-plan.ts";
import type { MovedInto } from "./moved-into.ts";

/** A package by its instructions: it waits where it lies until the owner allows it, with all that it may do. */
export function planSkill(folder: MovedFolder, file: string, here: MovedInto): Planned {
  const from = file.slice(0, -"/SKILL.md".length);
  const read = tried(() => {
    const tree = folder.package(from);
    return { tree, manifest: readSkillFile(decodeUtf8(tree.get("SKILL.md") ?? new Uint8Array()) ?? "") };
  });
  if (read instanceof Fault) return left("skill", from, from.slice(from.lastIndexOf("/") + 1), read.message);
  const { tree, manifest } = read;
  const target = `brain/skills/${manifest.name}`;
  const item = {
    kind: "skill" as const,
    from,
    title: manifest.name,
    command: `mh skill allow ${manifest.name}`,
    notes: notesOf(tree, manifest.mh),
  };
  const before = here.list(target);
  if (before.length === 0) {
    const files = [...tree].map(([path, bytes]) => ({ path: `${target}/${path}`, bytes }));
    return { ...item, state: "new", does: [takeFiles(files)] };
  }
  const isSame =
    before.length === tree.size && [...tree].every(([path, bytes]) => isBytes(here.read(`${target}/${path}`), bytes));
  if (isSame) return { ...item, state: "same" };
  return { ...item, state: "conflict", why: `${target} is another one here, and stays` };
}

const isBytes = (one: Uint8Array | undefined, other: Uint8Array): boolean =>
  one !== undefined && toBase64(one) === toBase64(other);

function notesOf(tree: Tree, mh: ReturnType<typeof readSkillFile>["mh"]): string[] {
  const code = [...tree.keys()].filter((path) =>
    /\.(?:m?[jt]s|py|sh|bash|rb|pl|ps1|exe|bin)$|(?:^|\/)(?:scripts|bin)\//i.test(path),
  );
  const declared = Object.keys(mh?.scripts ?? {});
  return [
    ...(declared.length > 0
      ? [`It declares scripts, which run in a sandbox once you allow it: ${declared.join(", ")}.`]
      : []),
    ...(code.length > 0 && declared.length === 0
      ? [`It brings scripts, and none of them runs: ${code.slice(0, 5).join(", ")}${code.length > 5 ? ", …" : ""}.`]
      : []),
  ];
}
