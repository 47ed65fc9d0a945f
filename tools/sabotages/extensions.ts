// Packages of skills: how they are read, and whose words that is.
import { core, type Sabotage, system } from "./sabotage.ts";

const reading = core("extensions/read-skill-package.ts");
const theirWords = "P1 what a skill says is others' text, unless the owner said that they wrote it";

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
