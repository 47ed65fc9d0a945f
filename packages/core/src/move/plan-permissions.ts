import type { MovedProgram } from "@mh/contract/move.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { type Permissions, permissionsIn, rulesFile } from "../extensions/permissions/read-permissions.ts";
import { shellWord } from "../model/shell-word.ts";
import { tried } from "../model/tried.ts";
import { parsePolicyFile } from "../policy/policy-set.ts";
import { decodeUtf8 } from "../ports/bytes.ts";
import type { MovedFolder } from "./folder.ts";
import type { Layout } from "./layouts.ts";
import { left, type Planned } from "./move-plan.ts";
import type { MovedInto } from "./moved-into.ts";
import { rulesName, rulesPath, rulesText } from "./rules-file.ts";
import { settingsIn } from "./settings-text.ts";

/**
 * What another program forbids and asks becomes rules, in one file of the owner's; what it allows is told with the command
 * that would grant as much, and nothing is granted.
 */
export function planPermissions(
  program: MovedProgram,
  layout: Layout,
  folder: MovedFolder,
  here: MovedInto,
): Planned[] {
  const files = layout.permissions.flatMap((place) => folder.files(place));
  const planned = files.flatMap((from): Planned[] => {
    const read = tried(() => permissionsOf(settingsIn(from, folder.text(from)), program, folder, here));
    if (read instanceof Fault) return [left("permission", from, "permissions", read.message)];
    // Settings that say nothing of permissions are read for other things.
    if (read === undefined) return [];
    return read.proposals.map((each): Planned => {
      if (each.kind === "not" || each.kind === "kept") return left("permission", from, each.from, each.title);
      const notes = each.note ? [each.note] : [];
      if (each.kind === "rule")
        return {
          kind: "rule",
          from,
          title: `${each.from}: ${each.title}`,
          state: "new",
          notes,
          cedar: rulesFile({ ...read, proposals: [each] }),
        };
      const where = [
        ...(each.scope.paths ?? []).map((path) => `--path ${shellWord(path)}`),
        ...(each.scope.hosts ?? []).map((host) => `--host ${host}`),
      ];
      const command = ["mh grant give", each.principal, each.skill, ...where].join(" ");
      return {
        ...left("permission", from, each.from, `${each.title}: nothing is granted by moving in`, notes),
        command,
      };
    });
  });
  return withRulesHere(program, planned, here);
}

function permissionsOf(
  settings: Record<string, unknown>,
  program: MovedProgram,
  { path }: MovedFolder,
  here: MovedInto,
): Permissions | undefined {
  const cut = path.lastIndexOf("/");
  // `.claude` speaks of the folder that it lies in.
  const base = path.slice(cut + 1).startsWith(".") ? path.slice(0, cut) || "/" : path;
  return permissionsIn(settings, { base, home: here.home, refusedProgram: here.refusedProgram }, program);
}

/** All rules of a program are one file: it is new, the same, or another one that stays. */
function withRulesHere(program: string, planned: Planned[], here: MovedInto): Planned[] {
  const text = rulesText(planned);
  const wrong = text === "" ? undefined : tried(() => checked(program, text));
  if (wrong instanceof Fault)
    return planned.map(({ cedar, ...each }) =>
      cedar === undefined ? each : { ...each, state: "left", why: wrong.message },
    );
  const bytes = here.read(rulesPath(program));
  if (text === "" || bytes === undefined) return planned;
  const isSame = decodeUtf8(bytes) === text;
  return planned.map((each): Planned => {
    const { cedar, ...item } = each;
    if (cedar === undefined) return each;
    return isSame
      ? { ...item, state: "same" }
      : { ...item, state: "conflict", why: `${rulesPath(program)} says something else here, and stays` };
  });
}

function checked(program: string, text: string): void {
  if (text.length > 100_000) throw new Fault("policy.invalid", "These are more rules than one file may hold.");
  parsePolicyFile(rulesName(program), text);
}
