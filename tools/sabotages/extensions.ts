// Packages of skills: how they are read, and whose words that is.
import { core, host, type Sabotage, system } from "./sabotage.ts";

const reading = core("extensions/read-skill-package.ts");
const theirWords = "P1 what a skill says is others' text, unless the owner said that they wrote it";
const triedFirst =
  "K14 a new version of a skill is tried before it takes the place of one that works, and is left out where it fails";

export const extensionsSabotages: readonly Sabotage[] = [
  {
    name: "a link in a package is followed",
    file: reading,
    find: "files.linkOn(path) ||",
    replace: "",
    test: system(
      "skill-reading",
      "P16 a file of a package that is another by now, a link, or too large is not read, whatever lies behind it",
    ),
  },
  {
    name: "what every skill says is the owner's word",
    file: reading,
    find: "mine === true ?",
    replace: "name !== undefined || mine === true ?",
    test: system("skill-reading", theirWords),
  },
  {
    name: "what the owner wrote stays theirs, whatever it says by now",
    file: core("extensions/skill-package.ts"),
    find: "...(mine && { mine })",
    replace: "mine: true",
    test: system("skill-reading", theirWords),
  },
  {
    name: "a new version of a skill takes the place of one that works untried",
    file: core("extensions/skill-package.ts"),
    find: "await tryPackage(deps.tryScript, { tree, manifest, signal });",
    replace: "",
    test: system("skill-trial", triedFirst),
  },
  {
    name: "a script that is tried is answered",
    file: host("extensions/run-script.ts"),
    find: 'Promise.reject(new Error("A trial reaches nothing."))',
    replace: 'Promise.resolve({ status: "done", value: { facts: 4 } } as never)',
    test: system("skill-trial", triedFirst),
  },
  {
    name: "a piece of a text ends within a letter",
    file: reading,
    find: "at > 0 &&",
    replace: "at > 1e9 &&",
    test: system(
      "skill-reading",
      "a package shows its name and what it is for, then its instructions, then its files, to who may read skills",
    ),
  },
];
