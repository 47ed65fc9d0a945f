// The review list, the agents that come along, and what is transcribed.
import { core, type Sabotage, system } from "./sabotage.ts";

const brain = (agent: string): string => `brain/agents/${agent}.ts`;

export const botsSabotages: readonly Sabotage[] = [
  {
    name: "what an assistant wrote is evidence for a proposal",
    file: core("proposals/make.ts"),
    find: "if (written) throw refuse(",
    replace: "if (!records) throw refuse(",
    test: system("proposals", "K7 what an assistant wrote, what is recalled and what rests on nothing is not proposed"),
  },
  {
    name: "accepting a proposal makes its words the owner's own",
    file: core("proposals/answer.ts"),
    find: "new Set([...record.origins, ...context.origins])",
    replace: "new Set(context.origins)",
    test: system(
      "proposals",
      "K7 a proposal states nothing until the owner accepts it, and keeps the origins of what it rests on",
    ),
  },
  {
    name: "what was dismissed is proposed again",
    file: core("proposals/make.ts"),
    find: "if (before) return",
    replace: 'if (before?.proposal.status === "open") return',
    test: system("proposals", "what was proposed, dismissed, accepted or forgotten is not proposed again"),
  },
  {
    name: "one agent may fill the review list",
    file: core("proposals/make.ts"),
    find: "const openMax = 50;",
    replace: "const openMax = 5000;",
    test: system("proposals", "P12 nobody fills the review list"),
  },
  {
    name: "the sleep-service believes what others told",
    file: core("facts/spot.ts"),
    find: 'origins.every((origin) => origin === "owner")',
    replace: "true",
    test: system(
      "night-agents",
      "P9 an injected memory yields no new fact, however often it comes and in whatever way",
    ),
  },
  {
    name: "the sleep-service believes a model that names other notes",
    file: brain("sleep-service"),
    find: "says(content, subject) && says(content, object)",
    replace: "says(content, subject) || says(content, object)",
    test: system("night-agents", "with a model more is found, and only what the notes that it names say on two days"),
  },
  {
    name: "what a model reads into notes is called the owner's word",
    file: brain("sleep-service"),
    find: "return { subject, predicate, object, memories };",
    replace: 'return { subject, predicate, object, memories, quote: "" };',
    test: system("night-agents", "with a model more is found, and only what the notes that it names say on two days"),
  },
  {
    name: "the reflector reflects on what others wrote",
    file: brain("reflector"),
    find: 'why === "told" && memory.origins.every((origin) => origin === "owner")',
    replace: 'why === "told"',
    test: system("night-agents", "a day of one note, or of others' words alone, is not reflected on"),
  },
  {
    name: "the curator dismisses the first of two that are the same",
    file: brain("curator"),
    find: "a.id < b.id ? -1 : 1",
    replace: "a.id > b.id ? -1 : 1",
    test: system("night-agents", "it proposes what to dismiss, and decides nothing: duplicates, and what is old"),
  },
  {
    name: "what is said in a recording is the owner's word",
    file: core("audio/note.ts"),
    find: "origins: [`audio:",
    replace: "origins: [`owner`, `audio:",
    test: system(
      "audio",
      "K8 becomes a memory that is found, says that it was transcribed, and is not the owner's word",
    ),
  },
  {
    name: "a recording is sent to another machine though that is off",
    file: core("audio/settings.ts"),
    find: "if (isElsewhere && !cloud) return undefined;",
    replace: "",
    test: system(
      "audio",
      "H19 a server on another machine is asked only when the owner says that recordings may leave",
    ),
  },
  {
    name: "the same recording is sent again",
    file: core("audio/ingest.ts"),
    find: 'if (before?.recording.status === "done") return',
    replace: "if (before?.recording.status === undefined && before) return",
    test: system("audio", "twice is once, also under another name; what was forgotten is not sent again"),
  },
  {
    name: "a recording that fails is tried for ever",
    file: core("audio/ingest.ts"),
    find: "tries >= triesMax",
    replace: "tries < 0",
    test: system("audio", "one that is bad does not keep back the others, and is not tried for ever"),
  },
  {
    name: "a price for a transcript rests on the word of its server",
    file: core("audio/cost.ts"),
    find: "Math.max(seconds, bytes.length / bytesPerSecond, text.length / charactersPerSecond) / 60",
    replace: "seconds / 60",
    test: system("audio", "P12 a price is settled by no less than the words take, where it says that it took no time"),
  },
  {
    name: "the brief passes on what its model made up",
    file: brain("morning-brief"),
    find: "if (unknown.length === 0) return [summary];",
    replace: "if (unknown.length >= 0) return [summary];",
    test: system("model-brief", "H15 a model that lies, obeys what it reads or breaks changes nothing of the brief"),
  },
  {
    name: "the organizer believes a model about what is the same",
    file: brain("organizer"),
    find: "&& share(first, other) >= sharedMin",
    replace: "",
    test: system(
      "night-agents",
      "what a model calls the same is proposed only where it is of one day and shares its words",
    ),
  },
  {
    name: "a memory that changed is merged all the same",
    file: core("proposals/answer.ts"),
    find: "recordedAt > at ||",
    replace: "recordedAt < at &&",
    test: system("night-agents", "H4 a memory that changed since its merge was proposed is not merged"),
  },
  {
    name: "a short form of an id makes another proposal",
    file: core("proposals/make.ts"),
    find: "const does = withWholeIds(tx.db, args.does);",
    replace: "const does = withWholeIds ? args.does : args.does;",
    test: system(
      "proposals",
      "K7 short forms of ids make no second proposal of what was dismissed, and nothing is merged into itself",
    ),
  },
  {
    name: "what was changed since is retired",
    file: core("proposals/answer.ts"),
    find: "if (proposalText(tx.db, doesOf(proposed)) !== proposed.content)",
    replace: "if (proposalText(tx.db, doesOf(proposed)) === undefined)",
    test: system("proposals", "K7 a fact that says something else by now is not retired by what was proposed before"),
  },
];
