import type { FileChange, SkillView } from "@mh/contract/skill-packages.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { tellDiff } from "./diff-view.ts";
import { hang, wrap } from "./print.ts";
import type { Printer } from "./printer.ts";

/** A third-party package, with what it may do: all of its text is untrusted. */
export function tellSkill(print: Printer, skill: SkillView): void {
  const { bold, dim, yellow, red } = print.color;
  const say = (label: string, text: string) => print.line(hang(`${dim(label.padEnd(9))} `, text, print.width));
  print.line(bold(visible(skill.name)));
  print.line(wrap(visible(skill.description), print.width));
  if (skill.fault !== null) say("fault", red(visible(skill.fault)));
  if (skill.version !== null) say("version", skill.version);
  if (skill.license !== null) say("license", visible(skill.license));
  if (skill.compatibility !== null) say("needs", visible(skill.compatibility));
  for (const [key, value] of Object.entries(skill.metadata)) say("note", visible(`${key}: ${value}`));
  if (skill.allowedTools !== null) say("wishes", visible(`${skill.allowedTools} (a wish: it gives nothing)`));
  if (skill.mine) say("by", "you");
  if (skill.source !== null) say("from", visible(skill.source));
  say("hash", skill.hash.slice(0, 16));
  if (skill.former !== null)
    say("before", visible(`${skill.former || "a version"} is kept: mh skill back ${skill.name}`));
  if (skill.rights.length === 0) say("may", "nothing: it is instructions for the one that uses it");
  skill.rights.forEach((right, n) => {
    const isNew = skill.pinned !== null && skill.wider.includes(right);
    say(n === 0 ? "may" : "", isNew ? yellow(`${visible(right)} (new)`) : visible(right));
  });
  const others = skill.pinned === null ? [] : skill.wider.filter((right) => !skill.rights.includes(right));
  for (const right of others) say("more", yellow(visible(right)));
  for (const { name, version } of skill.missing) say("needs", yellow(visible(`${name} ${version} or later`)));
}

/** What changed since it was allowed, line by line where it is text. */
export function tellChanges(print: Printer, changes: readonly FileChange[]): void {
  const { bold, dim } = print.color;
  for (const { path, what, diff } of changes) {
    print.line(`\n${bold(visible(path))} ${dim(what)}`);
    tellDiff(print, diff);
  }
}
