// A log that was forked or damaged, and its repair.
import { core, host, type Sabotage, system } from "./sabotage.ts";

const forked = system("repaired-log", "R-4 a log that two writers forked is repaired with both branches, and says so");
const foreign = system("repair-evidence", "R-4 what somebody else wrote into a log is kept, and gives no right");
const evidence = system(
  "repair-evidence",
  "R-4 what a repair kept is evidence: a change there, or one of what was taken over, is named",
);
const lost = system(
  "repair-evidence",
  "R-4 where records are lost STOP stands, for a right that they took back stands again",
);
const cutOff = system(
  "repair-evidence",
  "R-4 a repair that is cut off anywhere leaves the log as it was, or is carried on",
);

export const repairSabotages: readonly Sabotage[] = [
  {
    name: "a repair takes over records without the home's MAC",
    file: core("journal/survey.ts"),
    find: "return isForeign(reader.crypto, reader.macKey, record, { ...emptyHead, isSigned }) ? foreign : record;",
    replace: "return record;",
    test: foreign,
  },
  {
    name: "a repair takes over a record that stands in the log already",
    file: core("journal/survey.ts"),
    find: "if (seen.has(record.hash)) {",
    replace: "if (seen.has(record.hash) && record.seq < 0) {",
    test: foreign,
  },
  {
    name: "a repair keeps one branch of a fork in the good part",
    file: core("journal/survey.ts"),
    find: "if (fork === undefined) return survey;",
    replace: "return survey;",
    test: forked,
  },
  {
    name: "a repaired log verifies as untouched",
    file: core("journal/verify.ts"),
    find: 'return repairs.found.length > 0 ? report("repaired", { repairs: repairs.found }) : report("ok");',
    replace: 'return report("ok");',
    test: forked,
  },
  {
    name: "nobody compares what a repair kept",
    file: core("journal/repairs.ts"),
    find: "const fault = next?.fault();",
    replace: "const fault = undefined;",
    test: evidence,
  },
  {
    name: "nobody looks for a record that was taken over in what was kept",
    file: core("journal/repairs.ts"),
    find: "return kept?.has(record) === false ?",
    replace: "return kept === null ?",
    test: evidence,
  },
  {
    name: "agents go on where records of a log are lost",
    file: host("home/repair-log.ts"),
    find: "if (lost.length > 0) raiseStop(root);",
    replace: "",
    test: lost,
  },
  {
    name: "a repair that was cut off before the witness is not carried on",
    file: host("home/plan-repair.ts"),
    find: "if (isWhole && !isAlmostDone) return undefined;",
    replace: "if (isWhole || isAlmostDone) return undefined;",
    test: cutOff,
  },
  {
    name: "a repair does what was not shown",
    file: host("home/repair-log.ts"),
    find: "if (plan?.fingerprint !== fingerprint)",
    replace: "if (!plan)",
    test: system("repair-evidence", "R-4 nothing is done but what was shown"),
  },
  {
    name: "a repair writes no end for a command whose own is lost",
    file: host("home/repair-log.ts"),
    find: "of half) journal.append([",
    replace: "of half.slice(1)) journal.append([",
    test: system("repaired-log", "R-4 a log whose end of a command is lost opens, and nothing behind it is cut off"),
  },
];
