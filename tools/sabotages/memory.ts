// What a home keeps: memories, documents, tasks, mail and the calendar.
import { core, type Sabotage, system } from "./sabotage.ts";

export const memorySabotages: readonly Sabotage[] = [
  {
    name: "an agent that changes a task is not one of its origins",
    file: core("tasks/task-write.ts"),
    find: "const front = { ...emptied(changes), ...authors(task.origins, origins) };",
    replace: "const front = emptied(changes);",
    test: system(
      "laundering",
      "P9 each principal that changes a memory or a task is one of its origins: undo removes it, and redo adds it again",
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
    name: "a comment within a comment is taken for what the owner's server says",
    file: core("mail/mail-parse.ts"),
    find: '  if (/["()\\\\]/.test(plain)) return false;\n',
    replace: "",
    test: {
      file: core("mail/mail-parse.test.ts"),
      name: "K8 a sender is who the named server found that they are: mx.home.example; spf=fail (a (b) ; dmarc=pass header.from=bank.example ; c)",
    },
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
    name: "what the owner tells is the agent's who wrote it before",
    file: core("memory/skills/capture.ts"),
    find: 'kind === draft.kind || draft.kind === "artifact"',
    replace: "kind.length > 0",
    test: system(
      "capture",
      "H1 what the owner tells is theirs, also where an agent wrote the same words before; an agent's are no second memory of theirs",
    ),
  },
];
