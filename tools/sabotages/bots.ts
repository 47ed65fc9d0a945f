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
    file: brain("sleep-service"),
    find: 'why === "told" && memory.origins.every((origin) => origin === "owner")',
    replace: 'why === "told"',
    test: system(
      "night-agents",
      "P9 an injected memory yields no new fact, however often it comes and whoever brings it",
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
    name: "the reflector reflects on what others wrote",
    file: brain("reflector"),
    find: 'why === "told" && memory.origins.every((origin) => origin === "owner")',
    replace: 'why === "told"',
    test: system("night-agents", "a day of one note, or of others' words alone, is not reflected on"),
  },
  {
    name: "the curator believes a model that groups what is not there",
    file: brain("curator"),
    find: "found.length > 1 && type",
    replace: "type",
    test: system(
      "night-agents",
      "with a model what is the same in other words is found; what it makes up changes nothing",
    ),
  },
];
