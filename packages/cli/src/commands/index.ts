import type { Listed } from "../command.ts";

/** Every command: what `mh --help` shows, and where its code is. Only the one that runs is loaded. */
export const commands: Record<string, Listed> = {
  init: { summary: "Make a home: settings, keys, an example rule", load: () => import("./init.ts") },
  tour: { summary: "See the whole thing once, with your own notes", load: () => import("./tour.ts") },
  capture: { summary: "Remember something", load: () => import("./capture.ts") },
  remember: { summary: "The same as capture", load: () => import("./capture.ts") },
  import: { summary: "Take in a folder of notes or an NDJSON file", load: () => import("./import.ts") },
  search: { summary: "Find memories", load: () => import("./search.ts") },
  ask: { summary: "Answer a question from your memories", load: () => import("./ask.ts") },
  recall: { summary: "The same as ask", load: () => import("./ask.ts") },
  memory: { summary: "List, show, edit, forget; the people in it", load: () => import("./memory.ts") },
  approvals: { summary: "Questions that wait for your yes or no", load: () => import("./approvals.ts") },
  stop: { summary: "Stop everyone but you, at once", load: () => import("./stop.ts") },
  resume: { summary: "Let everyone go on after a stop", load: () => import("./resume.ts") },
  policy: { summary: "The rules: list, explain, check, adopt", load: () => import("./policy.ts") },
  trust: { summary: "How far somebody may act alone", load: () => import("./trust.ts") },
  grant: { summary: "Who may use which skill", load: () => import("./grant.ts") },
  why: { summary: "Why something was done, asked or refused", load: () => import("./why.ts") },
  audit: { summary: "The log: tail, show, verify, prove, archive", load: () => import("./audit.ts") },
  act: { summary: "Run any skill, as yourself or as somebody lesser", load: () => import("./act.ts") },
  status: { summary: "How the home stands", load: () => import("./status.ts") },
  completion: { summary: "Complete commands in bash, zsh or fish", load: () => import("./completion.ts") },
  help: { summary: "This, a topic, or a command's own help", load: () => import("./help.ts") },
  doctor: { summary: "Check everything, and say what to mend", load: () => import("./doctor.ts") },
};
