// How `mh ask` answers.
import { core, type Sabotage } from "./sabotage.ts";

const askTest = (name: string) => ({ file: core("memory/ask/ask.test.ts"), name });

export const askSabotages: readonly Sabotage[] = [
  {
    name: "whom a question describes is nobody",
    file: core("memory/ask/described.ts"),
    find: "...each.features, described: most",
    replace: "...each.features, described: 0",
    test: askTest("of several facts the one comes first whose subject another memory describes as the question does"),
  },
  {
    name: "what is to do is looked for by its words",
    file: core("memory/ask/ask.ts"),
    find: "ahead.concepts.every(({ isAsking }) => isAsking)",
    replace: "ahead.concepts.length < 0",
    test: askTest("what is to do is what lies ahead, where nothing else is asked for"),
  },
  {
    name: "the last time is one to come",
    file: core("memory/ask/order.ts"),
    find: "wants.isAhead || Date.parse(hit.record.at) <= now.getTime()",
    replace: "wants.isAhead || Date.parse(hit.record.at) > 0",
    test: askTest("the last time is over"),
  },
  {
    name: "a contract is a slip for a contact",
    file: core("memory/ask/likeness.ts"),
    find: "!(isWord && vectors?.isWord(said.word))",
    replace: "!(isWord && vectors === undefined)",
    test: askTest("two words of the language are no slips of each other"),
  },
  {
    name: "a question is quoted as the answer",
    file: core("memory/ask/answer.ts"),
    find: "evidence.filter(({ features }) => features.states === 1);",
    replace: "evidence.filter(() => true);",
    test: askTest("a question is never the answer, however many of its words are asked for"),
  },
  {
    name: "what one said is told of another",
    file: core("memory/ask/answer.ts"),
    find: "(having[i] ?? 0) < sameNameFrom",
    replace: "(having[i] ?? 0) < 0",
    test: askTest("what another one said is not told as of the one asked about"),
  },
  {
    name: "what an answer lists is not cited",
    file: core("memory/ask/answer.ts"),
    find: "...listed, ...evidence])]",
    replace: "...evidence])]",
    test: askTest("all that the answer quotes is cited, and what it does not quote is counted"),
  },
  {
    name: "what has the words of a time is from that time",
    file: core("memory/ask/evidence.ts"),
    find: "if (then.length === 0) return 0;",
    replace: 'if (then.length === 0) return head.includes(span.text.split(" ").at(-1) ?? "") ? 1 : 0;',
    test: askTest("what happened in a time is no memory that has its words"),
  },
  {
    name: "what an assistant wrote is an answer like any other",
    file: core("memory/ask/ask.ts"),
    find: "(asked.wants.ofAssistant ? memoryKinds : evidenceKinds)",
    replace: "(asked.wants.kinds.size >= 0 ? memoryKinds : evidenceKinds)",
    test: askTest("what assistants wrote is quoted only where it is asked for, however politely one asks"),
  },
  {
    name: "a word that is only related is the question's own",
    file: core("memory/ask/sureness.ts"),
    find: "best.length === 0 || !hasOwnWord(asked, best)",
    replace: "best.length === 0 || (best.length < 0 && !hasOwnWord(asked, best))",
    test: askTest(
      '"dentist appointment" has no own word in the store: a related one is nothing on record, and shown as the nearest',
    ),
  },
  {
    name: "times of one day are counted each",
    file: core("memory/ask/answer.ts"),
    find: "seen.size !== seen.add(occasionOf(record)).size",
    replace: "seen.size !== seen.add(record.id).size",
    test: askTest("how often is counted over days, as at least so many"),
  },
];
