// The archive of a home: who signed it, what of it is taken in, and what waits.
import { core, type Sabotage, system } from "./sabotage.ts";

export const selfSabotages: readonly Sabotage[] = [
  {
    name: "an archive of the owner's that anybody signed is taken in",
    file: core("self/self-import.ts"),
    find: "if (signer !== key) {",
    replace: "if (signer === undefined) {",
    test: system(
      "self",
      "K14 an archive that another key signed, that was changed or cut off is refused, and nothing comes",
    ),
  },
  {
    name: "what differs here is overwritten by what is newer in an archive",
    file: core("self/self-take.ts"),
    find: '(newer && end === "newerThere")',
    replace: 'end === "newerThere"',
    test: system(
      "self",
      "K14 what differs is named with the side that is newer, and stays until the owner says otherwise",
    ),
  },
  {
    name: "an import says of every revision that it was written just now",
    file: core("self/self-take.ts"),
    find: "const recordedAt = here && at <= here.recordedAt ? now : at;",
    replace: "const recordedAt = here && at <= here.recordedAt ? now : now;",
    test: system("self-history", "K14 what a memory said before is told in the new home as in the old one"),
  },
  {
    name: "what two homes imported for themselves is two memories in one of them",
    file: core("self/self-take.ts"),
    find: "const id = idHere(tx.db, history);",
    replace: "const id = last.id;",
    test: system(
      "self-attacks",
      "K14 what both homes imported for themselves is one memory, and what was changed of it there is named",
    ),
  },
  {
    name: "an archive tells a memory twice",
    file: core("self/archive-lines.ts"),
    find: "if (line.id <= last)",
    replace: "if (line.id < last)",
    test: system(
      "self-history",
      "K14 an archive in which a line is not what it should be is refused by that line, and nothing comes",
    ),
  },
  {
    name: "a home that took in an archive forgets what was merged there",
    file: core("self/belongings.ts"),
    find: "else if (isOurs && read.line.why !== forgottenElsewhere) yield read.line;",
    replace: "else if (isOurs && read.line.why === undefined) yield read.line;",
    test: system("self-history", "K14 what was merged there comes as merged, and the source brings it in no more"),
  },
  {
    name: "rules of an archive lie where they bite at once",
    file: core("self/standing.ts"),
    find: ".off` : path",
    replace: "` : path",
    test: system("self", "K14 grants, trust, rules, agents, skills and settings wait for the owner"),
  },
  {
    name: "a secret's value goes into an archive",
    file: core("self/belongings.ts"),
    find: "text === undefined ? undefined : deps.redact(text)",
    replace: "text",
    test: system(
      "self",
      "K14 a secret's value that stands in a file is replaced in the archive, and the file is named",
    ),
  },
];
