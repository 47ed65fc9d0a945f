// The review list, the agents that come along, and what is transcribed.
import { core, type Sabotage, system } from "./sabotage.ts";

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
];
