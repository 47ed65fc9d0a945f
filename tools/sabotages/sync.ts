// What is observed, what is waited for, and what is learned of both.
import { core, type Sabotage, system } from "./sabotage.ts";

export const syncSabotages: readonly Sabotage[] = [
  {
    name: "a source is observed though it is off",
    file: core("observe/observe.ts"),
    find: "if (!on && !(preview && isOwner(context.principal)))",
    replace: "if (!on && !isOwner(context.principal))",
    test: system(
      "observe",
      "H17 nothing is observed before its owner turns that source on, and they see first what it would take",
    ),
  },
  {
    name: "what stands behind a program's name is taken",
    file: core("observe/shell.ts"),
    find: "return /^[a-z][a-z0-9._+-]{0,30}$/i.test(name) && !/\\d{4}/.test(name) ? name : undefined;",
    replace: "return name === '' ? undefined : words.join(' ');",
    test: system(
      "observe",
      "H17 what is on is kept a day a memory, once, as nobody's word; a password is in none of it",
    ),
  },
  {
    name: "anybody's note is a standing intent",
    file: core("standing/notes.ts"),
    find: 'const isOwners = origins.length > 0 && origins.every((origin) => origin === "owner");',
    replace: "const isOwners = origins.length > 0;",
    test: system(
      "standing",
      "P9 no agent, no file and no text from outside makes a standing intent that does anything",
    ),
  },
  {
    name: "what matched is told again by each look",
    file: core("standing/look.ts"),
    find: 'if (status !== "failed") return undefined;',
    replace: "",
    test: system(
      "standing",
      "what the owner notes, finishes, meets and the clock bring match once each, and ring on the owner's channel",
    ),
  },
  {
    name: "a sender is known by the name alone",
    file: core("standing/people.ts"),
    find: "return people.some((each) => each.address === address);",
    replace:
      "return people.some((each) => each.address === address || entityKey(each.name) === entityKey(mail.from?.name ?? ''));",
    test: {
      file: "tests/fault/standing-mail.test.ts",
      name: "a mail from whom is waited for reminds once; one from somebody who only bears the name does not",
    },
  },
  {
    name: "drift goes by what was chosen first",
    file: core("decision/drift.ts"),
    find: "wasRight: answer === expected",
    replace: "wasRight: expected !== null",
    test: system(
      "decision",
      "H17 drift is within [0, 1], rises as the owner begins to choose otherwise, falls again, and keeps its history",
    ),
  },
];
