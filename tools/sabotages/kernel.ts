// The kernel, the journal and the history.
import { contract, core, policy, type Sabotage, system, threeApprovals } from "./sabotage.ts";

const kernel = core("kernel/kernel.ts");
const wholeTask = "K16 a whole task is undone by one command: what cannot be undone comes first, then the newest first";
const leftByStatus =
  "K9 the status says what is left to one whose commands led to others as the judge has it, and what is reserved once";
const launderingTest =
  "P9 what one task wrote, whatever skill wrote it and whichever reads it, controls nothing in the next two";

export const kernelSabotages: readonly Sabotage[] = [
  {
    name: "what the log says was asked for counts as the owner's own data",
    file: contract("inspect.ts"),
    find: 'const logged = { writers: "anyone", private: true } as const;',
    replace: 'const logged = { output: "trusted", writers: "self", private: true } as const;',
    test: system("laundering", launderingTest),
  },
  {
    name: "who reaches for what is the owner's keeps the trust it had",
    file: core("kernel/fall.ts"),
    find: "if (!isViolation(judged.verdict.rules)) return;",
    replace: "if (judged.verdict.rules.length >= 0) return;",
    test: system("earned-trust", "K12 who leads another one to reach for what is the owner's falls with it"),
  },
  {
    name: "a rule is offered after two approvals",
    file: core("kernel/routine.ts"),
    find: "export const routineTimes = 3;",
    replace: "export const routineTimes = 2;",
    test: system("rule-offers", threeApprovals),
  },
  {
    name: "the undo of a task hides what cannot be undone",
    file: core("history/undo-task.ts"),
    find: 'return { reason: "it cannot be undone" };',
    replace: 'return "nothing";',
    test: system("undo-task", wholeTask),
  },
  {
    name: "the undo of a task takes each command by itself",
    file: core("history/connected.ts"),
    find: "if (a !== b) parents.set(b, a);",
    replace: "",
    test: system("undo-task", wholeTask),
  },
  {
    name: "what a model came to is not settled",
    file: core("kernel/rates.ts"),
    find: "if (!spent) return;",
    replace: "return;",
    test: system(
      "spending",
      "K9 what it came to takes the place of what was reserved, less or more, over a restart and with the index made anew",
    ),
  },
  {
    name: "tokens are counted for nobody",
    file: core("kernel/rates.ts"),
    find: "if (tokens > tokensLeft && tokens > 0) return -1;",
    replace: "",
    test: system(
      "spending",
      "K9 tokens are reserved before they are used: those at once cannot use more than the allowance together, or alone",
    ),
  },
  {
    name: "what an agent's commands led others to use is still left to it in the status",
    file: core("kernel/allowance.ts"),
    find: 'paidIn(db, dayAgo, "principal = ?", principal)',
    replace: 'paidIn(db, dayAgo, "caused = 0 AND principal = ?", principal)',
    test: system("spending", leftByStatus),
  },
  {
    name: "what is under way by delegation is reserved twice in the status",
    file: core("kernel/allowance.ts"),
    find: '"caused = 0 AND id IN',
    replace: '"id IN',
    test: system("spending", leftByStatus),
  },
  {
    name: "a record that another wrote is taken for the home's own",
    file: core("journal/walk.ts"),
    find: "if (deps.macKey && isForeign(",
    replace: "if (deps.macKey?.length === 0 && isForeign(",
    test: system(
      "rights-in-log",
      "S7 a record that somebody appended to the log, its chain in order, gives nothing (the index there: true)",
    ),
  },
  {
    name: "the index is believed whatever its seal says",
    file: core("kernel/rights-seal.ts"),
    find: "return isSound;",
    replace: "return true;",
    test: system(
      "rights-in-index",
      "S7 what the owner took back stays taken back, whatever older index is put in place",
    ),
  },
  {
    name: "a forged change of a file is believed",
    file: core("kernel/state.ts"),
    find: ".files <> '[]'`",
    replace: ".files = 'none'`",
    test: system(
      "rights-in-index",
      "S7 a row written into changes counts neither at the next opening nor while the home is open",
    ),
  },
  {
    name: "a forged command that was broken off is believed",
    file: core("kernel/state.ts"),
    find: "IN ('begun', 'parked', 'interrupted')",
    replace: "IN ('begun', 'parked')",
    test: system(
      "rights-in-index",
      "S7 a row written into commands counts neither at the next opening nor while the home is open",
    ),
  },
  {
    name: "the id of a command under way is reported to a principal without rights",
    file: core("kernel/kernel.ts"),
    find: 'if (denied) return { status: "denied", id, ...refusal(denied) };\n    return { status: "failed"',
    replace:
      'if (denied?.verdict.verdict === "ask") return { status: "denied", id, ...refusal(denied) };\n    return { status: "failed"',
    test: system(
      "rights-first",
      "S19 the id of a command under way tells a principal without rights no more than a free one",
    ),
  },
  {
    name: "STOP is not looked at",
    file: core("kernel/verdict.ts"),
    find: "const stopped = isStopped(parts);",
    replace: "const stopped = false;",
    test: system(
      "kernel",
      "K2 STOP in the middle of a batch denies the rest, survives a restart, and only the owner lifts it",
    ),
  },
  {
    name: "what was let through begins in spite of STOP",
    file: core("kernel/run.ts"),
    find: "using _stop = isOwner(principal) ? undefined :",
    replace: "using _stop = !isOwner(principal) ? undefined :",
    test: system(
      "kernel",
      "K2 STOP raised by the tenth of forty commands under way keeps the other thirty from beginning",
    ),
  },
  {
    name: "a group of transactions is as large as what waits",
    file: core("journal/ledger.ts"),
    find: " && group.sizeBytes < bytesPerGroup",
    replace: "",
    test: system(
      "hostile-verdicts",
      "S5 a flood of the largest memories and imports keeps nobody waiting for more than one of them",
    ),
  },
  {
    name: "commands of others have no turns of their own",
    file: kernel,
    find: "if (!isOwner(command.principal)) await this.#parts.turn();",
    replace: "",
    test: system("hostile-verdicts", "S5 what the owner asks for goes before a flood that came first"),
  },
  {
    name: "rights are looked at after the arguments",
    file: kernel,
    find: "if (denied) return denied;\n      await",
    replace: "if (denied && !denied) return denied;\n      await",
    test: system("rights-first", "S19 a skill that there is and one that there is not are refused in the same words"),
  },
  {
    name: "a device that only looks has its changes prepared",
    file: core("kernel/prepare.ts"),
    find: "if (call.principal === owner) return true;",
    replace: "return true;",
    test: system(
      "rights-first",
      "S19 a rule that looks at the arguments is asked with them, and its denial costs no preparation",
    ),
  },
  {
    name: "a read is not counted",
    file: core("kernel/state.ts"),
    find: "if (entry.request) countUse(db, entry, now);",
    replace: "",
    test: system("counted", "S12 the hourly rate bounds reads of an agent and of a program over HTTP alike"),
  },
  {
    name: "a read is judged outside the transaction that counts it",
    file: kernel,
    find: "tx.db, call, tx.now, approved);",
    replace: "parts.reader, call, tx.now, approved);",
    test: system(
      "counted",
      "S12 a step of a plan is a read so many times, and then it asks; the owner's reads count nowhere",
    ),
  },
  {
    name: "of a chain of causes only the caller is judged",
    file: core("kernel/situation.ts"),
    find: "    ...causes.map((principal) => requestOf(input, principal)),\n",
    replace: "",
    test: system("kernel", "K15 rights along a chain intersect: nobody lends an agent's rights by causing it"),
  },
  {
    name: "a payload that was changed on disk is run",
    file: core("kernel/objects.ts"),
    find: "return bytes && deps.crypto.hmacHex(deps.hmacKey, bytes) === name ? bytes : undefined;",
    replace: "return bytes;",
    test: system("approvals", "H12 a payload changed on disk, or lost, is refused"),
  },
  {
    name: "a skill that changed since the request is run",
    file: core("kernel/prepare.ts"),
    find: "if (call.pinned === parked.skill)",
    replace: "if (call.pinned)",
    test: system(
      "rule-attacks",
      "P13 a skill that became another since the request is not run by the approval of the old one",
    ),
  },
  {
    name: "an approval covers what was read after the request",
    file: kernel,
    find: "parts.traces.endorse(call, call.shown ?? []));",
    replace: "parts.traces.endorse(call, parts.traces.sourced(call.task, judged.tainted)));",
    test: system("provenance", "P13 an approval covers what the request showed, not what the task has read since"),
  },
  {
    name: "what was approved for a task is forgotten when the owner says more in it",
    file: core("policy/provenance/trace.ts"),
    find: "trace.#endorsed = this.#endorsed;",
    replace: "",
    test: system(
      "provenance",
      "K16 what was approved for a task stays approved when the owner says more in it; words count as they are now",
    ),
  },
  {
    name: "an approval vouches for calls that had ended before it",
    file: core("policy/provenance/trace.ts"),
    find: "      else trace.add(step);\n    trace.#endorsed = this.#endorsed;",
    replace: "      else {\n        trace.#endorsed = this.#endorsed;\n        trace.add(step);\n      }",
    test: policy(
      "provenance/judge-call",
      "K8 an approval vouches for no question that was asked before it, and other words of the owner's change nothing in that",
    ),
  },
  {
    name: "a command id is good for anybody",
    file: core("kernel/stored-outcome.ts"),
    find: "(isOther || earlier.principal !== principal)",
    replace: "isOther",
    test: system("kernel", "K15 a command id used for other arguments, another skill or by somebody else is refused"),
  },
  {
    name: "a read is recorded under anybody's command id",
    file: core("kernel/stored-outcome.ts"),
    find: "refuseReused(row, call);",
    replace: "void refuseReused;",
    test: system(
      "kernel",
      "K15 a read under the id of somebody else's approval request is refused, and the request waits on",
    ),
  },
  {
    name: "every agent has the common bucket to itself",
    file: core("kernel/rates.ts"),
    find: `const all = count(db, "ms > ? AND caused = 0", now - hourMs);`,
    replace: `const all = count(db, "ms > ? AND principal = ?", now - hourMs, principal);`,
    test: system("limits", "H11 ten agents at once share one bucket"),
  },
  {
    name: "money is not reserved",
    file: core("kernel/rates.ts"),
    find: "if (amount || tokens) {",
    replace: "if (tokens) {",
    test: system(
      "limits",
      "K9 money is reserved before it is paid: agents at once cannot pay more than the allowance together",
    ),
  },
  {
    name: "a task that is named as another's short id is undone in its place",
    file: core("kernel/task-acts.ts"),
    find: "if (isOne && (text.length < shortIdCharsMin || text.length >= idChars)) return text;",
    replace: "if (isOne) return text;",
    test: system("undo-task", "K16 a task that an agent gave the short id of another is not undone in its place"),
  },
  {
    name: "what is no amount of money is journaled",
    file: core("kernel/parse.ts"),
    find: "Number.isInteger(minor) && minor >= 0 && minor <= 1e15",
    replace: "!Number.isNaN(minor)",
    test: system("limits", "K9 what is no amount of money is refused, and the log stays readable"),
  },
  {
    name: "a record whose content was changed is believed",
    file: core("journal/walk.ts"),
    find: 'record.phase !== "covered" && recordHash(deps.crypto, body) !== hash',
    replace: 'record.phase !== "covered" && recordHash(deps.crypto, body).length !== hash.length',
    test: system("journal", "R2 every flipped byte of a log is named by its record"),
  },
  {
    name: "an answer is not held to its contract",
    file: core("kernel/answer.ts"),
    find: "if (parsed.success) return parsed.data;",
    replace: "return value;",
    test: system(
      "answers",
      "an own skill whose answer does not fit leaves no trace, before and after a restart; an outside one has acted and says so",
    ),
  },
  {
    name: "what a skill touches is not held to its permissions",
    file: core("kernel/parse.ts"),
    find: "? notPermitted(permissions, scope) :",
    replace: "? undefined :",
    test: system(
      "answers",
      "a skill that claims to touch what its contract does not declare is refused before it runs",
    ),
  },
  {
    name: "an approval fails with the command that it lets run",
    file: kernel,
    find: "if (!(error instanceof CannotContinue)) throw error;",
    replace: "throw error;",
    test: system("answers", "what was approved and answers something else fails by itself, and its approval stands"),
  },
  {
    name: "what is given once is kept",
    file: core("kernel/run-own.ts"),
    find: `skill.stored === "kept" ? keepValue`,
    replace: `skill.stored !== "kept" ? keepValue`,
    test: system("devices", "a device's token is told once and is in no file of the home or beside its keys"),
  },
  {
    name: "a client with the owner's token counts as the owner at the machine",
    file: core("kernel/situation.ts"),
    find: "&& !input.isByToken",
    replace: "",
    test: system(
      "recovery",
      "S6 what a lesser principal caused is not the owner's recovery path, whichever name it carries",
    ),
  },
  {
    name: "what an approved command points to is not compared",
    file: core("kernel/prepare.ts"),
    find: "comparePins(parked.pins ?? [], pins, parked.id);",
    replace: "void pins;",
    test: system(
      "disk",
      "S13 a file that is to be replaced is shown as what changes, and must still be that when it is approved",
    ),
  },
  {
    name: "why names a grant that was taken back before",
    file: core("kernel/explain-rights.ts"),
    find: "record.ref === found.ref && record.seq > found.seq",
    replace: "record.ref === found.id && record.seq > found.seq",
    test: system(
      "rights-in-index",
      "S7 why names no record that was taken back before the command, and an older one that still stood",
    ),
  },
];
