import { expect, test } from "vitest";
import { readSentence } from "./read-sentence.ts";
import type { SentenceKind, SkillName } from "./sentence.ts";

const skills: SkillName[] = [
  ["mail.send", "Send a mail", "send"],
  ["mail.read", "Read mails", "read"],
  ["file.write", "Write a file of the home", "write"],
  ["shell.run", "Run a program in a sandbox", "local"],
].map(([name = "", title = "", effect = ""]) => ({ name, title, effects: [effect] }));

function messageOf(kind: SentenceKind, text: string): string {
  try {
    readSentence(kind, text, skills);
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

test.for<[SentenceKind, string, string]>([
  ["forbid", "agents may not send mail", "agents send mail"],
  ["forbid", "email-monitor may not write files", "agent email-monitor write files"],
  ["forbid", "agent email-monitor must never write files", "agent email-monitor write files"],
  ["forbid", "no mail after 10 pm", "mail after 10 pm"],
  ["forbid", "no agent may spend money", "agents may spend money"],
  ["forbid", "Please don't send mail to strangers", "send mail to strangers"],
  ["forbid", "agents can't use the internet", "agents use the internet"],
  ["forbid", "never spend more than 50 euros", "spend more than 50 euros"],
  ["forbid", "reading files in /home/ada/private", "read files in /home/ada/private"],
  ["forbid", "visit facebook.com", "fetch anything from facebook.com"],
  ["forbid", "mail bob@example.org", "send mail to bob@example.org"],
  ["forbid", "buy things over $100", "buy anything over $100"],
  ["forbid", "everything at night", "do anything at night"],
  ["forbid", "write in /home/ada", "write files in /home/ada"],
  ["ask", "ask me before you delete anything", "delete anything"],
  ["ask", "before agents run programs", "agents run programs"],
  ["ask", "deleting anything", "delete anything"],
  ["allow", "morning-brief may notify me", "agent morning-brief notify me"],
  ["allow", "let email-monitor read my mail", "agent email-monitor read my mail"],
])("%s %s is refused, and what was meant is offered in words that are understood", ([kind, text, meant]) => {
  expect(messageOf(kind, text)).toContain(`Nearest are:\n  ${meant}\n`);
  expect(messageOf(kind, meant)).toBe("");
});

test("a sum for a day is no rule but a setting, and is told as one", () => {
  expect(messageOf("forbid", "never spend more than 50 euros a day")).toContain("mh config set spend.perDay 50");
});

test.for(["make coffee", "send mail to the moon", "", "post on twitter"])(
  "nothing is offered that is not meant: %s",
  (text) => {
    expect(messageOf("forbid", text)).not.toMatch(/Nearest are:\n {2}(?:agent )?(?:make|moon|post)/);
  },
);

test("ten in the evening may stand apart", () => {
  const { conditions } = readSentence("forbid", "send mail after 10 pm", skills);
  expect(conditions.map(({ words }) => words)).toEqual(["after 22:00"]);
});
