/** One line of the kernel, broken, and the test that must notice. */
export interface Sabotage {
  name: string;
  file: string;
  /** Stands in the file exactly once. */
  find: string;
  replace: string;
  test: { file: string; name: string };
}

const core = (name: string): string => `packages/core/src/${name}`;
const host = (name: string): string => `packages/host/src/${name}`;
const system = (file: string, name: string) => ({ file: `tests/system/${file}.test.ts`, name });
const policy = (file: string, name: string) => ({ file: core(`policy/${file}.test.ts`), name });

const filterTest = (name: string) => ({ file: host("sandbox/seccomp.test.ts"), name });

const limited = (name: string) => ({ file: host("sandbox/limiter.test.ts"), name });

const judge = core("policy/judge.ts");
const kernel = core("kernel/kernel.ts");
const shipped = core("policy/shipped.ts");
const approvals = core("approvals/approvals.ts");

const named = "K11 no plan lets through a call with a skill, value, source or bound that it does not name";
const sums = "K11 K16 amounts are bounded one by one and in all, and sums hold over a restart and an index made anew";
const unreliable = "K11 a source that cannot be relied on fills nothing:";

const recoveryTest =
  "S6 under a rule that forbids everything the owner at the machine goes the whole recovery path, and nobody else a step of it";

const doctorTest = {
  file: "tests/fault/doctor.test.ts",
  name: "doctor names everything that is wrong in a home, each with a command that there is, and nothing where all is right",
};

const threeYeses =
  "K16 after three equal approvals a rule is offered with the answer, once; it is narrow, and not adopted by itself";

const wholeTask = "K16 a whole task is undone by one command: what cannot be undone comes first, then the newest first";

const launderingTest =
  "P9 what one task wrote, whatever skill wrote it and whichever reads it, controls nothing in the next two";

export const sabotages: readonly Sabotage[] = [
  {
    name: "what the log says was asked for counts as the owner's own data",
    file: "packages/contract/src/inspect.ts",
    find: 'const logged = { writers: "anyone", private: true } as const;',
    replace: 'const logged = { output: "trusted", writers: "self", private: true } as const;',
    test: system("laundering", launderingTest),
  },
  {
    name: "an agent that changes a task is not one of its origins",
    file: core("tasks/task-write.ts"),
    find: "const front = { ...emptied(changes), ...authors(task.origins, origins) };",
    replace: "const front = emptied(changes);",
    test: system(
      "laundering",
      "P9 whoever changes a memory or a task is one of its origins: undo takes that back, and redo brings it again",
    ),
  },
  {
    name: "a file by hand hides who wrote in it since",
    file: core("documents/authors.ts"),
    find: ", ...(by ?? [])]",
    replace: "]",
    test: system(
      "laundering",
      "P9 what stands in a file by hand becomes nobody's word because an agent changes something else of it",
    ),
  },
  {
    name: "a rule is offered after two approvals",
    file: core("kernel/routine.ts"),
    find: "export const routineTimes = 3;",
    replace: "export const routineTimes = 2;",
    test: system("rule-offers", threeYeses),
  },
  {
    name: "an offered rule holds wherever it goes",
    file: core("policy/loosen.ts"),
    find: ", ...places, ...some].join(and);",
    replace: "].join(and);",
    test: system("rule-offers", threeYeses),
  },
  {
    name: "ask me instead lifts the rule for everybody",
    file: core("policy/loosen.ts"),
    find: 'if (how === "ask") return [...parts, "context.approved"].join(and);',
    replace: 'if (how === "ask") return "context.approved";',
    test: system(
      "rule-offers",
      "K16 ask me instead changes the one rule for the one who was denied; everybody else is denied as before",
    ),
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
    name: "programs of agents begin all at once",
    file: host("sandbox/slots.ts"),
    find: "if (this.#free > 0) this.#free -= 1;",
    replace: "if (this.#free > -99) this.#free -= 1;",
    test: {
      file: host("sandbox/slots.test.ts"),
      name: "S16 no more begin at a time than there is room for; who is cancelled while waiting takes none",
    },
  },
  {
    name: "processes that nobody waits for use the processor for nothing",
    file: host("sandbox/cpu-time.ts"),
    find: "Math.max(this.#unseenMs, this.#sampledMs / 2)",
    replace: "this.#unseenMs",
    test: {
      file: host("sandbox/cpu-time.test.ts"),
      name: "S16 processes that nobody waits for, each gone before anybody looks twice, are counted by how many run",
    },
  },
  {
    name: "what a model came to is not settled",
    file: core("kernel/rates.ts"),
    find: "if (!spent.success) return;",
    replace: "return;",
    test: system(
      "spending",
      "K9 what it came to takes the place of what was reserved, less or more, over a restart and with the index made anew",
    ),
  },
  {
    name: "tokens are counted for nobody",
    file: core("kernel/rates.ts"),
    find: "if (tokens > 0 && tokensLeft() < 0) return -1;",
    replace: "",
    test: system(
      "spending",
      "K9 tokens are reserved before they are used: those at once cannot use more than the allowance together, or alone",
    ),
  },
  {
    name: "a model's adapter that hangs is waited for",
    file: core("models/held-stream.ts"),
    find: "await Promise.race([events.next(), aborted])",
    replace: "await events.next()",
    test: {
      file: core("models/held-stream.test.ts"),
      name: "an adapter that hangs is not waited for, and is told that it is over",
    },
  },
  {
    name: "a model writes as much as it likes",
    file: core("models/held-stream.ts"),
    find: "if (left < 0 || calls > callsMax)",
    replace: "if (left < -1e9)",
    test: { file: core("models/held-stream.test.ts"), name: "whoever writes or calls more than asked for is cut" },
  },
  {
    name: "a stream asks any host",
    file: host("wiring/permitted.ts"),
    find: `      check(request);
      return http.stream(request);`,
    replace: "      return http.stream(request);",
    test: system("http-stream", "a stream is held to the hosts of the contract"),
  },
  {
    name: "locks and watches of open files cost nothing",
    file: host("sandbox/held-by-files.ts"),
    find: "- before) * entryBytes",
    replace: "- before) * 0",
    test: { file: host("sandbox/hidden-files.test.ts"), name: "S16 is charged for watches of epoll" },
  },
  {
    name: "a file without a name that is mapped and not open fills the disk for nothing",
    file: host("sandbox/nameless-files.ts"),
    find: "hasHidden ||= await mapsNameless(pid);",
    replace: "",
    test: {
      file: host("sandbox/hidden-files.test.ts"),
      name: "S16 is seen to keep a file without a name that is mapped and not open",
    },
  },
  {
    name: "a program is looked for in the folder that mh was started in",
    file: host("find-program.ts"),
    find: ".filter(path.isAbsolute)",
    replace: ".filter(() => true)",
    test: {
      file: host("find-program.test.ts"),
      name: "S1 a program is found in absolute folders alone, whatever folder mh was started in",
    },
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
    name: "a line of the memory is believed by the name of its command",
    file: core("memory/hand-written.ts"),
    find: "return hasUnsummed(db) && db",
    replace: "return db",
    test: system(
      "hand-written-lines",
      "S15 a line with the command of another line, before it opens, vouches for nobody until the owner reviewed it",
    ),
  },
  {
    name: "the text that runs counts as the owner's words, whoever allowed it",
    file: host("agents/runtime.ts"),
    find: "job.words}",
    replace: "job.source}",
    test: system(
      "agents",
      "S8 a text that changed after it was allowed vouches for nothing, not even where it came with mh",
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
    name: "what another process writes into the index is not looked for while the home is open",
    file: host("home/projection.ts"),
    find: "if (seal.isForeign() && !seal.isSound()) {",
    replace: "if (seal.isForeign() && seal.isSound()) {",
    test: system(
      "rights-in-index",
      "S7 a grant, a level of trust and a device that stand in the index alone let nobody do anything",
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
    name: "the id of a command under way is told to whoever may do nothing",
    file: core("kernel/kernel.ts"),
    find: 'if (denied) return { status: "denied", id, ...refusal(denied.verdict) };\n    return { status: "failed"',
    replace:
      'if (denied?.verdict.verdict === "ask") return { status: "denied", id, ...refusal(denied.verdict) };\n    return { status: "failed"',
    test: system(
      "rights-first",
      "S19 the id of a command under way tells whoever may do nothing no more than a free one",
    ),
  },
  {
    name: "a note by hand is the owner's word once its text was edited",
    file: core("memory/skills/edit.ts"),
    find: "const isByHand = origins.some(isHandOrigin);",
    replace: "const isByHand = origins.length > 1 && origins.some(isHandOrigin);",
    test: system(
      "hand-written-lines",
      "S15 a note by hand stays nobody's word when its text is edited: its title was written by nobody",
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
    name: "what was approved is compared with capitals folded",
    file: core("policy/provenance/trace.ts"),
    find: "const exactly = (value: unknown): string => canonicalOf(value, exactKind(value));",
    replace: "const exactly = (value: unknown): string => canonicalOf(String(value).toLowerCase(), exactKind(value));",
    test: policy(
      "provenance/exactness",
      "S20 what was approved is what was shown: the path, name and id as they were written",
    ),
  },
  {
    name: "every short number may stand for a word of the owner's",
    file: core("policy/provenance/owner-words.ts"),
    find: "(n === free || isSaidAs(this.#words[at + n], wanted[n]))",
    replace: "(/^\\d{1,3}$/.test(wanted[n] as string) || isSaidAs(this.#words[at + n], wanted[n]))",
    test: policy(
      "provenance/exactness",
      "S20 digits in groups are no words of the owner's: one number, among three words of hers, may differ",
    ),
  },
  {
    name: "a row that another's question found describes, too",
    file: core("policy/provenance/anchor.ts"),
    find: "const found = this.best.find(({ isFound }) => isFound);",
    replace: "const found = this.best[0];",
    test: policy(
      "provenance/holes",
      "K8 A 1 rows describe where the question was the owner's: a number of the planner's",
    ),
  },
  {
    name: "what cannot be undone needs no word of the owner's",
    file: core("policy/provenance/judge-call.ts"),
    find: `call.effect === "destroy" && !trace.words.askFor(call.facts.verbs)`,
    replace: `call.effect === "destroy" && trace.words.text === ""`,
    test: policy(
      "provenance/holes",
      "K8 A 2 to delete, which cannot be undone, needs a word for it: Summarise 'Garden plan'",
    ),
  },
  {
    name: "a field of a row hands out ids of every kind that the row has",
    file: core("policy/provenance/rows.ts"),
    find: "(Object.hasOwn(ids, field) ? ids[field] : undefined)",
    replace: "Object.values(ids)[0]",
    test: policy("provenance/ids", "K8 B 16 each field of a row hands out ids of its own kind: order F-20"),
  },
  {
    name: "the answer to any question says which day it is",
    file: core("policy/provenance/trace.ts"),
    find: "if (values.size === 1 && Object.keys(step.args).length === 0)",
    replace: "if (values.size === 1)",
    test: policy("provenance/days", "K8 B 10 tomorrow's entry, by the day that a trusted answer gives, and no other"),
  },
  {
    name: "who only wrote to the owner is called by name",
    file: core("policy/provenance/correspondents.ts"),
    find: "if (!isOwn || !fields.some(isBySelf)) return;",
    replace: "if (fields.length === 0) return;",
    test: policy(
      "provenance/correspondents",
      "K8 B 13 who only wrote to her is nobody whom she calls by name, nor are two of one name told apart",
    ),
  },
  {
    name: "what a call that had to ask made is the task's own",
    file: core("policy/provenance/trace.ts"),
    find: "!isReading && judgeCall(this, step).every(({ vouched }) => vouched)",
    replace: "!isReading",
    test: policy("provenance/made-here", "K8 B 8 only what a call made that was let through, and that made one thing"),
  },
  {
    name: "the oldest of a list is the oldest of those that somebody else chose to list",
    file: core("policy/provenance/oldest.ts"),
    find: "ownKindOf(step.facts) === takes && Object.keys(step.args).length === 0",
    replace: "ownKindOf(step.facts) === takes",
    test: policy("provenance/oldest", "K8 B 6 only of a whole list of the owner's own, with one date and no tie"),
  },
  {
    name: "the oldest of something is the oldest of all",
    file: core("policy/provenance/oldest.ts"),
    find: "if (!goesOn.test(plain.slice(index + phrase.length)) || narrows.test(before)) continue;",
    replace: "if (narrows.test(before)) continue;",
    test: policy("provenance/oldest", "K8 B 6 “Delete the oldest backup that Ann made”: b-4"),
  },
  {
    name: "a diary entry says whatever an answer says",
    file: core("policy/provenance/own-entry.ts"),
    find: "if (!asked.some((each) => each.value === name)) return false;",
    replace: "if (asked.length === 0) return false;",
    test: policy(
      "provenance/own-entry",
      "K8 B 14 the place is what was asked of that name, by a skill of which the owner speaks",
    ),
  },
  {
    name: "what a diary entry took from others counts as the owner's afterwards",
    file: core("policy/provenance/own-entry.ts"),
    find: 'if (facts.origins === undefined && facts.writers === "self") return false;',
    replace: 'if (facts.control.includes("")) return false;',
    test: policy("provenance/own-entry", "K8 B 14 what it keeps must not be taken for the owner's own afterwards"),
  },
  {
    name: "what follows an account is a part of it",
    file: core("policy/provenance/accounts.ts"),
    find: "if (known !== undefined) return known;",
    replace: "if (known === undefined) return all;",
    test: policy(
      "provenance/sums",
      "K8 B 11 an account is an account, whatever sum follows: “to ES91 2100 0418 4502 0005 1332 20 euros”",
    ),
  },
  {
    name: "numbers are added up though nobody said so",
    file: core("policy/provenance/totals.ts"),
    find: "if (products.length === 0 || !inTotal.test(sentence)) return products;",
    replace: "if (products.length === 0) return products;",
    test: policy("provenance/sums", "K8 B 11 “Pay 3 tickets at 20 each and 5”: 65"),
  },
  {
    name: "what anything found is put into the cart",
    file: core("policy/provenance/catalogue.ts"),
    find: "wanted.every((stem) => called.has(stem))",
    replace: "wanted.length > 0",
    test: policy(
      "provenance/choices",
      "K8 B 15 what a search for her words found may be put where it can be taken out again, and not bought",
    ),
  },
  {
    name: "any quantity is one",
    file: core("policy/provenance/one.ts"),
    find: 'canonicalOf(value, "amount") !== "1"',
    replace: 'canonicalOf(value, "amount") === ""',
    test: policy("provenance/choices", "K8 one, where nothing is said: “Order the ladder from the catalogue”, 40"),
  },
  {
    name: "an entry of the owner's own list is taken after others' text",
    file: core("policy/provenance/own-lists.ts"),
    find: "trace.isTainted || ",
    replace: "",
    test: policy("provenance/choices", "K8 an entry of the owner's own list, while nothing of others was read"),
  },
  {
    name: "who has one thing is sent any words",
    file: core("policy/provenance/shared-with.ts"),
    find: "!texts.every((text) => text.name in takes || isOwners(text))",
    replace: "texts.some(() => false)",
    test: policy("provenance/choices", "K8 B 16 who has a file may be sent it, with the owner's words"),
  },
  {
    name: "what a manifest says of a record's fields holds for whatever stands one level below",
    file: core("policy/provenance/entries.ts"),
    find: 'if (!isDeclared && (typeof ids !== "string" || all.length < 2)) return false;',
    replace: "if (!isDeclared && all.length === 0) return false;",
    test: policy("provenance/ids", "K8 B 16 records that are kept by their ids: one alone, undeclared"),
  },
  {
    name: "a code completes whatever the task did last",
    file: core("policy/provenance/confirmations.ts"),
    find: 'declared.includes(traced.step.skill ?? "")',
    replace: 'traced.step.effect !== "read"',
    test: policy("provenance/confirms", "K8 a code completes the calls that its manifest names, once, and no others"),
  },
  {
    name: "what a mail says of its sender is taken for what the owner's server says",
    file: core("mail/mail-parse.ts"),
    find: "if (authServer === undefined || name.toLowerCase() !== authServer.toLowerCase()) return false;",
    replace: 'if (name === "") return false;',
    test: {
      file: core("mail/mail-parse.test.ts"),
      name: "K8 a sender is who the named server found that they are: mx.evil.example; dmarc=pass header.from=bank.example",
    },
  },
  {
    name: "a day that was named is so at any time of day",
    file: core("policy/provenance/days.ts"),
    find: "(time === undefined || this.#times.has(time))",
    replace: 'time !== ""',
    test: policy("provenance/days", "K8 B 10 “on 3 July” names 2026-07-03T10:00: false"),
  },
  {
    name: "an address that is the owner's no more still is one in a task under way",
    file: core("policy/provenance/trace.ts"),
    find: "return self.length === this.#addresses.length && self.every((each, n) => each === this.#addresses[n]);",
    replace: 'return self.every((each) => each !== "");',
    test: system(
      "provenance",
      "K8 the owner's own addresses, by the settings, are theirs: as they are now, and no others",
    ),
  },
  {
    name: "an id that two entries bear is taken",
    file: core("policy/provenance/bearers.ts"),
    find: "return kind !== undefined && this.#ambiguous.has(keyOf(kind, field));",
    replace: 'return kind === undefined && this.#ambiguous.has(keyOf(kind ?? "", field));',
    test: policy("provenance/holes", "K8 A 10 an id that two differing entries bear is neither's"),
  },
  {
    name: "what came in is given back twice",
    file: core("policy/provenance/giving-back.ts"),
    find: "if (wasPaid || ",
    replace: "if ((wasPaid && controls.length > 2) || ",
    test: policy("provenance/comforts", "K8 B 9 back to where it came from, once, and no more than that"),
  },
  {
    name: "a code that was there before confirms",
    file: core("policy/provenance/confirmations.ts"),
    find: " && !trace.steps.slice(0, pending + 1).some(holds)",
    replace: "",
    test: policy("provenance/task-comforts", "read since it was asked for, and once"),
  },
  {
    name: "a skill that sets a code confirms",
    file: core("policy/provenance/confirmations.ts"),
    find: " && !words.some((word) => setting.has(word))",
    replace: "",
    test: policy(
      "provenance/task-comforts",
      "a skill that sets a code, carries more, or cannot be undone, confirms nothing",
    ),
  },
  {
    name: "a text is written where the task works",
    file: core("policy/provenance/own-places.ts"),
    find: "if (!isWork || hasContent(call) || ",
    replace: "if (!isWork || ",
    test: policy(
      "provenance/task-comforts",
      "may be sent, and are not deleted; nobody writes a text there that comes from nowhere",
    ),
  },
  {
    name: "a path that is put together is deleted",
    file: core("policy/provenance/put-together.ts"),
    find: 'if (call.effect === "destroy" || ',
    replace: "if (",
    test: policy("provenance/task-comforts", "a path that is put together is not deleted"),
  },
  {
    name: "whom a profile lists is the owner",
    file: core("policy/provenance/put-together.ts"),
    find: 'typeof each === "string" && sameValue(each, account, "name")',
    replace: '[each].flat().some((one) => sameValue(one, account, "name"))',
    test: policy("provenance/task-comforts", "an account of the owner's own and a name that she typed"),
  },
  {
    name: "a link to the host that the owner named stands in anybody's text",
    file: core("policy/provenance/named-hosts.ts"),
    find: "return isThere && pageLinks().has(wanted);",
    replace: "return (isThere || all.length === 0) && pageLinks().has(wanted);",
    test: policy("provenance/task-comforts", "no link of another's text, and none beside the one page that she named"),
  },
  {
    name: "a thing of the owner's own needs no word for what is done with it",
    file: core("policy/provenance/collections.ts"),
    find: ".filter((word) => requests.say(word))",
    replace: "",
    test: policy("provenance/task-comforts", "“Look through all of my albums”: Coast"),
  },
  {
    name: "whom an entry lists is of every relation",
    file: core("policy/provenance/relations.ts"),
    find: "return isFor(noun) && words.every",
    replace: "return words.every",
    test: policy("provenance/task-comforts", "for more of the same; nobody else, and no mail"),
  },
  {
    name: "what is fetched goes into any folder",
    file: core("policy/provenance/downloads.ts"),
    find: 'return folder.test(canonicalOf(value, "path"));',
    replace: 'return folder.test(canonicalOf(value, "path")) || declared === "path";',
    test: policy("provenance/task-comforts", "what is fetched goes where downloads go: /home/kim/.ssh, fetch"),
  },
  {
    name: "the planner picks among the owner's entries after a text of others",
    file: core("policy/provenance/own-lists.ts"),
    find: " || trace.isTainted || call.effect",
    replace: " || call.effect",
    test: policy(
      "provenance/task-comforts",
      "not after a text of others, not of what others write or asked for, not by an id that two bear",
    ),
  },
  {
    name: "the owner's data go to a site that she only names",
    file: core("policy/provenance/named-data.ts"),
    find: "step.facts.private && isSaidToHold(trace, place) && standsIn",
    replace: "step.facts.private && standsIn",
    test: policy(
      "provenance/task-comforts",
      "not where she only names both, for another site, a person, or out of what is not hers alone",
    ),
  },
  {
    name: "an id is another thing's, whatever its field is called",
    file: core("policy/provenance/judge-call.ts"),
    find: ' && field.name === name && !anyName.has(name.replaceAll("_", ""))',
    replace: " && name !== undefined && !anyName.has(field.role)",
    test: policy(
      "provenance/task-comforts",
      "an entry of the owner's own bears another thing's id under the argument's name",
    ),
  },
  {
    name: "a link is followed though something private was read",
    file: core("policy/provenance/named-hosts.ts"),
    find: "if (trace.isPrivate || !isReading(call)) return false;",
    replace: "if (!isReading(call)) return false;",
    test: policy(
      "provenance/task-comforts",
      "it comes to the disk where she asks for that, and is not even read once something private was",
    ),
  },
  {
    name: "any folder is the default",
    file: core("policy/provenance/judge-call.ts"),
    find: "=> known === value;",
    replace: "=> known !== undefined || value === known;",
    test: policy("provenance/comforts", "K8 a declared default, spelt out, chooses nothing"),
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
    name: "nothing that a task read is forgotten",
    file: core("policy/provenance/trace.ts"),
    find: "if (chars <= bounds.taskChars) return;",
    replace: "if (chars <= bounds.taskChars || chars > 0) return;",
    test: policy(
      "provenance/exactness",
      "S5 what lies beyond the bounds is not vouched for, and the oldest answers are forgotten",
    ),
  },
  {
    name: "folders that no rule looks at are worked out",
    file: judge,
    find: "(isSeen(name) ? lists() : [])",
    replace: "(isSeen(name) || true ? lists() : [])",
    test: policy("judge", "S5 of a path a thousand folders deep nothing is worked out that no rule looks at"),
  },
  {
    name: "rights are looked at after the arguments",
    file: kernel,
    find: "if (denied) return denied;\n      await",
    replace: "if (denied && !denied) return denied;\n      await",
    test: system("rights-first", "S19 a skill that there is and one that there is not are refused in the same words"),
  },
  {
    name: "a rule that looks at no argument bars nobody before they are parsed",
    file: judge,
    find: "if (rules.some((id) => set.standing.rules.has(id))) return true;",
    replace: "",
    test: system("rights-first", "S5 who is refused whatever the arguments are costs no work on them: a rule"),
  },
  {
    name: "a device that only looks has its changes prepared",
    file: kernel,
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
    name: "forbids are skipped where the table allows",
    file: judge,
    find: "if (table.isAllowed && forbids.isAllowed)",
    replace: "if (table.isAllowed)",
    test: policy("lattice", "H7 no combination of grants, trust, plans and rules of the owner loosens an invariant"),
  },
  {
    name: "every ask is taken for one that an approval lifts",
    file: core("policy/policy-set.ts"),
    find: "if (!uses.every((use) => use === approved)) return undefined;",
    replace: "",
    test: policy(
      "lattice",
      "H10 what is worked out from an answer of Cedar's, or remembered of one, is what Cedar says",
    ),
  },
  {
    name: "what the table looks at is not looked at",
    file: core("policy/seen.ts"),
    find: "?? (seesAll || text.includes(attribute))",
    replace: "?? seesAll",
    test: policy(
      "lattice",
      "H10 what is worked out from an answer of Cedar's, or remembered of one, is what Cedar says",
    ),
  },
  {
    name: "an error counts as an allow",
    file: judge,
    find: `decision === "allow" && errors.length === 0`,
    replace: `decision === "allow"`,
    test: policy("lattice", "H10 a forbid that fails while it is judged denies, with an approval or without one"),
  },
  {
    name: "of a chain of causes only the caller is judged",
    file: core("kernel/situation.ts"),
    find: "    ...causes.map((principal) => requestOf(input, principal)),\n",
    replace: "",
    test: system("kernel", "K15 rights along a chain intersect: nobody lends an agent's rights by causing it"),
  },
  {
    name: "of several verdicts the first stands",
    file: judge,
    find: "const verdict = strongest(verdicts.map((v) => v.verdict));",
    replace: "const verdict = verdicts[0].verdict;",
    test: policy("lattice", "P11 along a chain of causes nobody gains: the strongest verdict of all stands"),
  },
  {
    name: "an agent that was granted it sets trust",
    file: shipped,
    find: `forbid (principal, action == mh::Action::"admin", resource) unless { principal.owner };`,
    replace: `forbid (principal, action == mh::Action::"admin", resource) unless { principal.owner || context.granted };`,
    test: system("rules", "H9 nobody but the owner sets trust"),
  },
  {
    name: "the first use of a skill does not ask",
    file: shipped,
    find: "unless { principal.owner || context.granted || context.approved };",
    replace: "unless { principal.owner || context.may || context.approved };",
    test: policy("judge", "H10 capability asks"),
  },
  {
    name: "tainted values control what was granted",
    file: shipped,
    find: "when { !context.unvouched.isEmpty() } unless { principal.owner || context.approved };",
    replace: "when { !context.unvouched.isEmpty() } unless { principal.owner || context.granted };",
    test: policy("judge", "H10 provenance asks"),
  },
  {
    name: "code, log and rules are open to agents",
    file: shipped,
    find: "when { context.protectedArea } unless { principal.owner };",
    replace: "when { context.protectedArea } unless { context.granted };",
    test: system(
      "rule-attacks",
      "P20 no path of an agent's leads to the rules, the log or the settings: named, dotted, in capitals, by an absolute path",
    ),
  },
  {
    name: "an approval request is answered twice",
    file: approvals,
    find: `if (row.status !== "open") throw closed(row);\n  if (row.object`,
    replace: `if (row.status === "refused") throw closed(row);\n  if (row.object`,
    test: system("approvals", "H12 two yeses at once run it once"),
  },
  {
    name: "an approval request never lapses",
    file: approvals,
    find: `row.status === "open" && row.expires_ms <= now`,
    replace: `row.status === "open" && row.expires_ms <= 0`,
    test: system("approvals", "H12 an approval request nobody answered in time is denied"),
  },
  {
    name: "an approval of one thing runs another",
    file: approvals,
    find: "if (row.object !== hash) {",
    replace: "if (row.id !== id) {",
    test: system("approvals", "H12 an approval of another payload than the one that waits is refused"),
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
    file: kernel,
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
    find: "parts.traces.endorse(call.task, call.shown ?? []));",
    replace: "parts.traces.endorse(call.task, parts.traces.sourced(call.task, judged.tainted)));",
    test: system("provenance", "P13 an approval covers what the request showed, not what the task has read since"),
  },
  {
    name: "a looser rule on disk is in force at once",
    file: core("policy/adoption.ts"),
    find: `const permits = onDisk.filter((rule) => rule.effect === "permit" && hasText(before, rule));`,
    replace: `const permits = onDisk.filter((rule) => rule.effect === "permit");`,
    test: system("rules", "H7 a looser rule on disk waits until the owner adopts it"),
  },
  {
    name: "a forbid that was removed from its file is gone at once",
    file: core("policy/adoption.ts"),
    find: "uniqueByText([...onDisk, ...before]",
    replace: "uniqueByText([...onDisk]",
    test: system("rules", "H7 an adopted forbid stays in force when its file is emptied, until the owner adopts that"),
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
    find: `const all = count(db, "ms > ?", now - hourMs);`,
    replace: `const all = count(db, "ms > ? AND principal = ?", now - hourMs, principal);`,
    test: system("limits", "H11 ten agents at once share one bucket"),
  },
  {
    name: "money is not reserved",
    file: core("kernel/rates.ts"),
    find: "if (!amount) return;",
    replace: "if (!amount || amount.minor > 0) return;",
    test: system(
      "limits",
      "K9 money is reserved before it is paid: agents at once cannot pay more than the allowance together",
    ),
  },
  {
    name: "approval requests are not counted",
    file: judge,
    find: "return (request.questionsLeft ?? 1) > 0 ? verdict : withoutApproval(set, request, verdict);",
    replace: "return (request.questionsLeft ?? 1) > -9e9 ? verdict : withoutApproval(set, request, verdict);",
    test: system(
      "limits",
      "P12 an agent that floods its owner with approval requests is denied the rest, and nobody else's are crowded out",
    ),
  },
  {
    name: "a step of a plan is never used up",
    file: core("kernel/plans.ts"),
    find: "SET used = used + 1 WHERE",
    replace: "SET used = used + 0 WHERE",
    test: system("plans", "K11 steps of a plan run without an approval, as often as it says; then they ask again"),
  },
  {
    name: "a plan covers whatever its skill touches",
    file: core("policy/plan/covering-step.ts"),
    find: "return beyond && ",
    replace: "return undefined && ",
    test: system("plans", "K11 outside a plan it asks as ever: another recipient"),
  },
  {
    name: "one command of a plan takes values of several entries",
    file: core("policy/plan/fill.ts"),
    find: "waits.every((wait) => fills(fields, wait))",
    replace: "waits.some((wait) => fills(fields, wait))",
    test: policy("plan/covering-step", "K11 what a plan does not name is not in it: values of two entries"),
  },
  {
    name: "any question to its skill answers for a source of a plan",
    file: core("policy/plan/answers.ts"),
    find: "if (!Object.keys(args).every(isFixed)) return undefined;",
    replace: "if (Object.keys(args).every(isFixed)) return [];",
    test: policy("plan/named", named),
  },
  {
    name: "a bound of a plan is not looked at",
    file: core("policy/plan/values.ts"),
    find: "return amount !== undefined && amount > 0 && amount <= atMost;",
    replace: "return amount !== undefined && amount > 0;",
    test: system("plan-slots", sums),
  },
  {
    name: "a source of a plan that changed while its task ran fills slots",
    file: core("policy/plan/answers.ts"),
    find: "if (another !== undefined)",
    replace: `if (another === "")`,
    test: system("plan-slots", `${unreliable} two answers that differ`),
  },
  {
    name: "a plan is not bound to what was read before it",
    file: core("policy/plan/answers.ts"),
    find: "if (bound !== undefined && bound !== answer)",
    replace: `if (bound === "")`,
    test: system("plan-slots", "K11 a plan whose source was read before binds what was read: other letters ask"),
  },
  {
    name: "what a task wrote itself fills slots of its plan",
    file: core("policy/plan/answers.ts"),
    find: "if (bound === undefined && !isClean)",
    replace: `if (bound === "")`,
    test: system("plan-slots", `${unreliable} the task did something of its own before it read`),
  },
  {
    name: "what a task wrote before a restart fills slots of its plan",
    file: core("policy/plan/answers.ts"),
    find: "(state.ownActs ?? 0) > task.ownActs",
    replace: "(state.ownActs ?? 0) < 0",
    test: system("plan-slots", `${unreliable} that before a restart`),
  },
  {
    name: "an answer that was cut fills slots of a plan",
    file: core("policy/plan/answers.ts"),
    find: "looked.some(({ isCut }) => isCut)",
    replace: "looked.every(({ isCut }) => !isCut && isCut)",
    test: system("plan-slots", `${unreliable} an answer that is longer than what is looked at`),
  },
  {
    name: "a plan holds for another version of a skill",
    file: core("policy/plan/answers.ts"),
    find: "if (bound !== undefined && step.pinned !== bound)",
    replace: `if (bound === "")`,
    test: system("plan-slots", "K11 another version of a skill is not what was approved: its step and its answers ask"),
  },
  {
    name: "amounts of a plan are not added up",
    file: core("policy/plan/covering-step.ts"),
    find: "addedUp(before.get(argument), sum) <= inAll",
    replace: "sum <= inAll",
    test: system("plan-slots", sums),
  },
  {
    name: "a loop of a plan uses an entry twice",
    file: core("policy/plan/covering-step.ts"),
    find: "name === loop ? entries.filter(isLeft) : entries",
    replace: "isLeft ? entries : []",
    test: system("plan-slots", "K11 entries that a loop used stay used after a restart and in an index made anew"),
  },
  {
    name: "what was read chooses the step of a plan",
    file: core("policy/plan/covering-step.ts"),
    find: `if (typeof found === "object" || step.slots || step.each)`,
    replace: `if (typeof found === "object")`,
    test: system(
      "plan-slots",
      "K11 values that were read never choose the step: the first with something left is the one",
    ),
  },
  {
    name: "what leaves as a change to a plan leaves as often as one likes",
    file: core("kernel/plans.ts"),
    find: `if (!isReading(effect) && effect !== "write" && effect !== "notify") return undefined;`,
    replace: `if (effect === "admin") return undefined;`,
    test: system("plan-slots", "K11 a command outside the plan asks as a change to it, once"),
  },
  {
    name: "a plan holds for whatever its arguments point to",
    file: core("kernel/plans.ts"),
    find: "return pins === undefined || held.every(isThere);",
    replace: "return pins === undefined || held.some(isThere) || true;",
    test: system("plan-slots", "K11 what a fixed argument points to is held: a memory that was changed since asks"),
  },
  {
    name: "what is no amount of money is journaled",
    file: core("kernel/parse.ts"),
    find: "Number.isInteger(minor) && minor >= 0 && minor <= 1e15",
    replace: "!Number.isNaN(minor)",
    test: system("limits", "K9 what is no amount of money is refused, and the log stays readable"),
  },
  {
    name: "a plan lets foreign values pass",
    file: judge,
    find: `layer === "provenance" && verdict === "ask"`,
    replace: `layer === "provenance" && verdict === "deny"`,
    test: system(
      "plans",
      "K11 outside a plan it asks as ever: a recipient in the text of the arguments that is not in the scope",
    ),
  },
  {
    name: "a folder's name is compared by its beginning",
    file: core("model/scope.ts"),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is looked for in a source, where it is a template.
    find: 'const base = folder.endsWith("/") ? folder : `${folder}/`;',
    replace: "const base = folder;",
    test: system(
      "disk",
      "H18 an agent reads only below the folders that it was granted, and is asked about everything else",
    ),
  },
  {
    name: "a record whose content was changed is believed",
    file: core("journal/walk.ts"),
    find: "if (recordHash(deps.crypto, body) !== hash) return",
    replace: "if (recordHash(deps.crypto, body).length !== hash.length) return",
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
    name: "a device that only looks may act",
    file: shipped,
    find: `unless { action == mh::Action::"read" && resource != mh::Skill::"decision.make" || resource == mh::Skill::"kernel.stop" };`,
    replace: `unless { action != mh::Action::"admin" || resource == mh::Skill::"kernel.stop" };`,
    test: system("device-roles", "a device acts within its role, whatever the channel says of it"),
  },
  {
    name: "a program stops everyone by its token",
    file: host("serve/http/command-route.ts"),
    find: `skill === "kernel.stop" && isOwner(c.var.principal)`,
    replace: `skill === "kernel.stop"`,
    test: system(
      "device-roles",
      "P11 a program with a token of its own is a principal of its own: it observes, and its words are not the owner's",
    ),
  },
  {
    name: "who joined a run ends it for who began it",
    file: host("serve/socket/answer.ts"),
    find: "else if (run.isNew) cleanup.use(",
    replace: "else cleanup.use(",
    test: system("runs", "a connection that closes ends what it began, but not what it joined or detached"),
  },
  {
    name: "S2 what a revoked device has under way goes on",
    file: core("devices/device.ts"),
    find: "endRunsOf(runs, principal, context.commandId);",
    replace: "",
    test: system(
      "devices",
      "S2 revoking a device ends what it has under way, and names what it changed and what waits",
    ),
  },
  {
    name: "S2 the next program of a revoked one's name has its grants",
    file: core("devices/client.ts"),
    find: "revokeGrants(context, { principal });",
    replace: "",
    test: system("devices", "S2 who gets a revoked program's name gets none of its grants, plans and trust"),
  },
  {
    name: "S2 half-open connections do not give way",
    file: host("serve/http/connections.ts"),
    find: "this.#oldestUnknown()?.destroy();",
    replace: "socket.destroy();",
    test: system(
      "http-connections",
      "S2 connections that send half a request line keep nobody from the port, however many they are",
    ),
  },
  {
    name: "S2 one token keeps all connections",
    file: host("serve/http/connections.ts"),
    find: "theirs < this.#max / 2",
    replace: "theirs < this.#max",
    test: system("http-connections", "S2 one token keeps no more than half of the connections"),
  },
  {
    name: "S2 any proof opens the home's socket",
    file: host("serve/socket/door.ts"),
    find: 'if (!given || !isSameProof(given.proof, proofOf("client", handshake)))',
    replace: "if (!given)",
    test: system("socket-proof", "S2 a proof that was overheard is worth nothing on another connection"),
  },
  {
    name: "S2 whoever listens is believed to hold the home",
    file: host("connect/prove.ts"),
    find: 'if (!isSameProof(welcome.proof, proofOf("server", handshake))) throw impostor(name);',
    replace: "",
    test: system("socket-proof", "S2 a client tells an impostor nothing but a nonce, and says what is wrong"),
  },
  {
    name: "S2 a proof that was passed on from another socket holds",
    file: host("connect/socket-proof.ts"),
    find: '["mh.socket.v1", side, socket, client, server]',
    replace: '["mh.socket.v1", side, client, server]',
    test: system("socket-proof", "S2 another home's socket in the place of this one is no door into either"),
  },
  {
    name: "S2 over the home's socket HTTP wants no token",
    file: host("serve/http/app.ts"),
    find: 'callerOf(c.req.header("authorization"), tokens);',
    replace: 'c.env.note.isLocal ? "owner" : callerOf(c.req.header("authorization"), tokens);',
    test: system(
      "http",
      "S2 the home's socket speaks JSON lines and HTTP, the latter with a token and for nobody but programs",
    ),
  },
  {
    name: "S3 other homes are not closed",
    file: host("home/closed-places.ts"),
    find: 'const toSkills = () => withReal([root, code, "/dev", ...inner, ...others()]);',
    replace: 'const toSkills = () => withReal([root, code, "/dev", ...inner]);',
    test: system(
      "homes",
      "S3 every home that mh knows is closed to every other, whatever it is called, and from the moment it is made",
    ),
  },
  {
    name: "S3 a home above a folder is not looked for",
    file: host("adapters/closed-folder.ts"),
    find: "if (homeAbove(at))",
    replace: "if (homeIdAt(at) !== undefined)",
    test: system("homes", "S3 a home that nobody noted is known by its home.json, from inside, above and below"),
  },
  {
    name: "S3 a copy of a home is opened like a home",
    file: host("home/known-homes.ts"),
    find: "if (original !== undefined) throw",
    replace: "if (original === root) throw",
    test: system(
      "homes",
      "S3 a copy of a home is named with the next step, and the original goes on as if there were none",
    ),
  },
  {
    name: "S14 the networks of this machine's interfaces are not looked at",
    file: host("adapters/public-address.ts"),
    find: "isOpenRange(address) && !isConnected(address, interfaces)",
    replace: "isOpenRange(address)",
    test: {
      file: host("adapters/public-address.test.ts"),
      name: "S14 21.10.3.1 leads to this machine or its network, and is no address of the open Internet",
    },
  },
  {
    name: "S14 what NAT64 translates is not looked at",
    file: host("adapters/public-address.ts"),
    find: "address.match(nat64) ? new ipaddr.IPv4(address.toByteArray().slice(12)) : address",
    replace: "address",
    test: {
      file: host("adapters/public-address.test.ts"),
      name: "P17 64:ff9b::8.8.8.8 is an address of the open Internet",
    },
  },
  {
    name: "every agent came with mh",
    file: host("agents/agent-files.ts"),
    find: "released.has(hash)",
    replace: "hash.length > 0",
    test: {
      file: host("agents/agent-files.test.ts"),
      name: "K15 an agent came with mh by its text, wherever it lies; a byte more, and it did not",
    },
  },
  {
    name: "what only ever crashes is started for ever",
    file: host("sandbox/service.ts"),
    find: "if (crashes >= crashLoop.crashes) {",
    replace: "if (crashes < 0) {",
    test: {
      file: host("sandbox/service.test.ts"),
      name: "that only ever crashes is not started for ever: it fails, and says why",
    },
  },
  {
    name: "a rule of the owner's closes the recovery path",
    file: judge,
    find: "judgeBy(isRecovery ? set.shipped : set, request, approved)",
    replace: "judgeBy(set, request, approved)",
    test: system("recovery", recoveryTest),
  },
  {
    name: "whoever has the owner's token sits at the machine",
    file: core("kernel/situation.ts"),
    find: "&& !input.isByToken",
    replace: "",
    test: system(
      "recovery",
      "S6 what somebody lesser caused is not the owner's recovery path, whoever's name it is in",
    ),
  },
  {
    name: "a trap while a command is judged is nobody's answer",
    file: judge,
    find: `return settled(set, "deny", [policyFailed({ rule: "", error: error.message })], []);`,
    replace: "throw error;",
    test: policy("engine", "S17 a trap while a command is judged is a deny of that command, and of no other"),
  },
  {
    name: "brackets of a rule may stand in each other without end",
    file: core("policy/bounds.ts"),
    find: "if (nesting > ruleBounds.nesting)",
    replace: "if (nesting < 0)",
    test: policy(
      "engine",
      "S17 the largest rule by its brackets that is taken is judged, and what is larger Cedar never sees",
    ),
  },
  {
    name: "after a trap the engine believes that it holds what the other one held",
    file: core("policy/engine.ts"),
    find: "this.#held = new Set(cedar.prepared.policySets);",
    replace: "",
    test: policy("engine", "S17 after a trap the engine is another one, which knows all that it knew"),
  },
  {
    name: "a place of a job is whatever stands there once the sandbox is made",
    file: host("sandbox/held-places.ts"),
    find: "return a !== undefined && a.dev === b?.dev && a.ino === b.ino;",
    replace: "return a !== undefined && b !== undefined;",
    test: {
      file: host("sandbox/held-places.test.ts"),
      name: "S9 what stands below a root is compared with what was held, whatever it is called by then",
    },
  },
  {
    name: "a link above a place is followed",
    file: host("sandbox/held-places.ts"),
    find: "if (isLink || real !== place) {",
    replace: "if (isLink) {",
    test: {
      file: host("sandbox/held-places.test.ts"),
      name: "S9 a link is not followed, be it the last name of a path or one before",
    },
  },
  {
    name: "a folder is looked through for sockets at its top alone",
    file: host("sandbox/doors.ts"),
    find: "if (entry.isDirectory()) waiting.push(name);",
    replace: "",
    test: {
      file: host("sandbox/held-places.test.ts"),
      name: "S1 a way to a process outside is refused by its name, however deep it lies, and a link to one is none",
    },
  },
  {
    name: "a descriptor past a gap is not looked for",
    file: host("sandbox/inherited.ts"),
    find: "for (const descriptor of openIn(pid)) {",
    replace: "for (const descriptor of openIn(pid).filter((each) => each < 16)) {",
    test: {
      file: host("sandbox/inherited.test.ts"),
      name: "S4 what a process has open and was not handed is named, wherever its number lies",
    },
  },
  {
    name: "mh keeps what a shell left open",
    file: host("sandbox/inherited.ts"),
    find: 'if (isInherited(descriptor) || linkOf("self", descriptor)?.startsWith("/")) close(descriptor);',
    replace: "if (isInherited(descriptor) && descriptor < 16) close(descriptor);",
    test: {
      file: host("sandbox/inherited.test.ts"),
      name: "S4 what was left open is closed first of all, but what the command line names",
    },
  },
  {
    name: "system calls that nobody knows are allowed",
    file: host("sandbox/seccomp.ts"),
    find: "    ...decisions,\n    answer(noSuchCall),",
    replace: "    ...decisions,\n    answer(allow),",
    test: filterTest("what stands in no table is unknown, whatever a later kernel brings; other tables are the end"),
  },
  {
    name: "the table of x32 is open",
    file: host("sandbox/seccomp.ts"),
    find: "const otherTable = 0x40000000;",
    replace: "const otherTable = 0x80000000;",
    test: filterTest("what stands in no table is unknown, whatever a later kernel brings; other tables are the end"),
  },
  {
    name: "a program leaves a setuid file",
    file: host("sandbox/seccomp.ts"),
    find: "const giveRights = 0o6000;",
    replace: "const giveRights = 0o1000;",
    test: filterTest("arguments decide where a call does both: what is usual passes, what reaches further does not"),
  },
  {
    name: "a program types into a terminal",
    file: host("sandbox/seccomp.ts"),
    find: "[0x5411, 0x5413,",
    replace: "[0x5411, 0x5412, 0x5413,",
    test: filterTest("arguments decide where a call does both: what is usual passes, what reaches further does not"),
  },
  {
    name: "the watchdog does not look at STOP",
    file: host("sandbox/limiter.ts"),
    find: "stopFile: job.isOwners ? undefined : stopFile,",
    replace: "stopFile: undefined,",
    test: limited("S11 is ended by STOP, and does not begin while it stands, but for the owner's"),
  },
  {
    name: "what begins does not look at STOP",
    file: host("sandbox/process-run.ts"),
    find: "!this.#job.isOwners && fs.existsSync(stopFile)",
    replace: 'fs.existsSync("/none")',
    test: limited("S11 is ended by STOP, and does not begin while it stands, but for the owner's"),
  },
  {
    name: "what scratch space and sockets hold is nobody's memory",
    file: host("sandbox/watched.ts"),
    find: " + (inside === undefined ? 0 : heldBySandbox(inside))",
    replace: " + (inside === undefined ? 0 : heldBySandbox(0))",
    test: limited("S16 counts as its memory what scratch space holds for it"),
  },
  {
    name: "what is paused is held though STOP stands",
    file: host("sandbox/watched.ts"),
    find: 'this.#facts.reason ? "SIGCONT" : "SIGSTOP"',
    replace: '"SIGSTOP"',
    test: limited("S11 is stopped by STOP though it was paused, at whatever moment of its start"),
  },
  {
    name: "characters that Unicode ignores are not named",
    file: core("model/visible.ts"),
    find: "\\p{Default_Ignorable_Code_Point}\\p{White_Space}\\u2800",
    replace: "\\p{White_Space}\\u2800",
    test: {
      file: core("model/visible.test.ts"),
      name: "S10 every code point is printed as itself because it has ink, or by its name",
    },
  },
  {
    name: "a run of blanks is folded",
    file: core("model/visible.ts"),
    find: ": counted(piece);",
    replace: `: " ";`,
    test: {
      file: core("model/visible.test.ts"),
      name: "S10 with several lines, what indents one stays, and nothing else moves text out of sight",
    },
  },
  {
    name: "a program that may run others is of no high risk",
    file: core("programs/shell-run.ts"),
    find: "if (!isPlainCommand(argv)) return",
    replace: "if (argv.length === 0) return",
    test: system(
      "program-approvals",
      "S18 neither a grant, trust nor a plan lets a program that may run others run unasked, and the request says so",
    ),
  },
  {
    name: "a plain program is plain with every option",
    file: core("programs/plain-programs.ts"),
    find: "plain.options.test(each)",
    replace: "plain.options !== undefined",
    test: system(
      "program-approvals",
      "S18 neither a grant, trust nor a plan lets a program that may run others run unasked, and the request says so",
    ),
  },
  {
    name: "what an approved command points to is not compared",
    file: kernel,
    find: "comparePins(parked.pins ?? [], pins, parked.id);",
    replace: "void pins;",
    test: system(
      "disk",
      "S13 a file that is to be replaced is shown as what changes, and must still be that when it is approved",
    ),
  },
  {
    name: "a text that no command wrote is the owner's word once it is put back",
    file: core("documents/put-back.ts"),
    find: "return !wasWritten(",
    replace: "return deps.hmacKey.length === 0 && !wasWritten(",
    test: system(
      "hand-written-lines",
      "S15 a note by hand that is put back from a snapshot that somebody wrote to is nobody's word",
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
  {
    name: "an event that changed after it was shown is changed all the same",
    file: core("calendar/compose.ts"),
    find: `text: events.map(String).join("\\n")`,
    replace: `text: uid`,
    test: system(
      "calendar",
      "S13 an event that is to be changed is shown as it stands, and must still stand so when the change is approved",
    ),
  },
  {
    name: "doctor takes what was changed for what was allowed",
    file: host("home/check-adopted.ts"),
    find: "!isShipped && allowed.get(name) !== hash",
    replace: "!isShipped && !allowed.has(name) && hash",
    test: doctorTest,
  },
  {
    name: "doctor looks at no folder of a socket",
    file: host("home/check-doors.ts"),
    find: "if (!isOpenToOthers(folder)) return [];",
    replace: "if (folder) return [];",
    test: doctorTest,
  },
  {
    name: "a hand-written line with a time that is none is taken in",
    file: core("memory/read-lines.ts"),
    find: "return whyUnusable(parsed.data) ?? parsed.data;",
    replace: "return parsed.data;",
    test: system(
      "hand-written-lines",
      "S15 a line that has the form of a memory and cannot be one keeps no home from opening, and doctor names it",
    ),
  },
  {
    name: "a connection that sends no requests is read for ever",
    file: host("serve/socket/serve.ts"),
    find: "if (invalids > invalidMax) socket.destroySoon();",
    replace: "",
    test: system(
      "socket",
      "S5 whoever sends line after line that is no request is hung up on, before the process did a million things",
    ),
  },
  {
    name: "a message that is nested without end reaches the library that speaks with an MCP server",
    file: host("extensions/mcp-stdio.ts"),
    find: "if (isNestedTooDeep(message, nestingMax)) return",
    replace: "if (false) return",
    test: {
      file: host("extensions/mcp-stdio.test.ts"),
      name: "a server that sends what is nested too deep is ended, and nothing is thrown where nobody catches it",
    },
  },
  {
    name: "an argument's name is shown as if it were a line of mh's own",
    file: core("approvals/shown.ts"),
    find: "line(argumentLabel(name), typeof",
    replace: "line(name, typeof",
    test: {
      file: core("approvals/shown.test.ts"),
      name: "S10 an argument of any name, and of any length, is never taken for a line of mh's own",
    },
  },
  {
    name: "a group of digits behind a thin blank or an apostrophe is a sum of its own",
    file: core("policy/provenance/numbers.ts"),
    find: "const joint = String.raw`[\\p{Zs}'’_·٬]`;",
    replace: "const joint = String.raw`[ ]`;",
    test: { file: core("policy/provenance/exactness.test.ts"), name: "S20 amount: “pay 1'250” and 250" },
  },
  {
    name: "a file that is named between signs is not held fast",
    file: core("programs/named-paths.ts"),
    find: "...value.split(signs).filter(isName)",
    replace: "",
    test: { file: core("programs/named-paths.test.ts"), name: 'S13 "a;x" names the file x' },
  },
  {
    name: "a pipe in a file's place is read",
    file: host("adapters/node-files.ts"),
    find: "if (!stat.isFile() && !stat.isDirectory())",
    replace: "if (stat.isBlockDevice())",
    test: {
      file: host("adapters/node-files.test.ts"),
      name: "S17 a pipe or a device in a file's place is refused at once, and a link to a file is read",
    },
  },
];
