import { effects } from "@mh/contract/values/effect.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { expect, test } from "vitest";
import { loadPolicySet, parsePolicyFile, shippedRules } from "../policy-set.ts";
import { saidBy, testPolicyFile } from "../policy-test.ts";
import type { RequestPart } from "../probe.ts";
import { examples } from "./nearest.ts";
import { readSentence } from "./read-sentence.ts";
import type { SentenceKind, SkillName } from "./sentence.ts";
import { toRule } from "./to-rule.ts";

const skills: SkillName[] = [
  ["mail.send", "Send a mail", "send"],
  ["mail.delete", "Delete a mail for good", "destroy"],
  ["memory.forget", "Forget a memory for good", "destroy"],
  ["shell.run", "Run a program in a sandbox", "local"],
  ["disk.write", "Write a file outside the home", "local"],
  ["disk.read", "Read a file outside the home", "local"],
  ["calendar.write", "Put something in a calendar", "local"],
  ["task.drop", "Drop a task", "write"],
].map(([name = "", title = "", effect = ""]) => ({ name, title, effects: [effect] }));

const ruled = (kind: SentenceKind, text: string) => toRule(readSentence(kind, text, skills));
const faultOf = (kind: SentenceKind, text: string) => {
  try {
    return ruled(kind, text).title;
  } catch (error) {
    return (error as Error).message.split("\n", 1)[0];
  }
};

test.for([
  "send mail to the moon",
  "send mail to anyone outside my contacts on fullmoon",
  "make coffee",
  "agents",
  "",
  "send mail between 25:00 and 7:00",
  "spend more than 50 XYZ",
  "spend more than many EUR",
  "agents may not send mail",
  "write files outside documents",
  'send mail" } ; permit (principal, action, resource);',
])("what is not understood to its last word is refused with the nearest and the grammar: %s", (text) => {
  expect(() => ruled("forbid", text)).toThrow(/is not understood[\s\S]*Nearest are:\n {2}\S[\s\S]*The grammar:/);
});

test("what is said of a sentence that is not understood is shown on a screen as it is, without names for blanks", () => {
  let said = "";
  try {
    ruled("forbid", "agents run programs on sunday night or so");
  } catch (error) {
    said = (error as Error).message;
  }
  expect(said).toContain("who: agents");
  expect(visible(said, { multiline: true })).toBe(said);
});

test("an allow says who", () => {
  expect(faultOf("allow", "send mail to sarah@example.org")).toContain("Say who may");
});

test.for(["nobody sends mail", "nobody but me sends mail", "noone sends mail"])(
  "an allow that says nobody is no permit for everyone: %s",
  (text) => expect(faultOf("allow", text)).toContain("allows nothing"),
);

test.for([
  "send mail at night and on weekends",
  "send mail on mondays, on fridays",
  "send mail to eve@example.org and to anyone outside my contacts",
  "read files in /a and in /b",
])("two conditions of one kind are not taken for both at once because `and` stands between: %s", (text) => {
  expect(faultOf("forbid", text)).toContain("is not clear");
});

test.for<[string, RequestPart]>([
  ["fetch anything from bücher.example", { scope: { hosts: ["xn--bcher-kva.example"] } }],
  ["send mail to anyone at bücher.example", { skill: "mail.send", scope: { recipients: ["a@xn--bcher-kva.example"] } }],
  ["write files in /home//ada/./x/", { skill: "disk.write", scope: { paths: ["/home/ada/x/y"] } }],
  ["write files in /home/o'brien", { skill: "disk.write", scope: { paths: ["/home/o'brien/y"] } }],
  ['write files in "/home/ada".', { skill: "disk.write", scope: { paths: ["/home/ada/y"] } }],
])("a place is named as commands name it, however it was written: %s", ([text, part]) => {
  const rules = parsePolicyFile("x.cedar", ruled("forbid", text).text);
  const effect = text.startsWith("fetch") ? "fetch" : "read";
  expect(saidBy(nodeCrypto, rules, { effect, ...part })).toBe("deny");
});

test("a folder with .. in it is refused: no command is known by it", () => {
  expect(faultOf("forbid", "write files in /home/ada/../eve")).toContain("is not understood");
});

test.for<[SentenceKind, string, string]>([
  ["forbid", "send mail to anyone outside my contacts", "Nobody but you may send mail to anyone outside your contacts"],
  ["forbid", "sending mail", ""],
  ["forbid", "nobody sends anything between 22:00 and 7:00", "Nobody may send anything between 22:00 and 07:00"],
  ["forbid", "agents send mail on weekends", "Agents may not send mail on weekends"],
  ["forbid", "agent organizer forgets memories", "agent:organizer may not forget memories"],
  ["forbid", "spend money without asking me", "Everyone but you must ask before they spend"],
  ["ask", "agents run programs after 20:30", "Agents must ask before they run programs after 20:30"],
  ["ask", "I send mail to eve@Example.org", "You are asked before you send mail to eve@example.org"],
  [
    "allow",
    "agent mail to send mail to a@example.org or b@example.org",
    "agent:mail may send mail to a@example.org or b@example.org",
  ],
  ["forbid", "write files outside /home/ada/Documents/", "Nobody but you may write files outside /home/ada/Documents"],
  [
    "forbid",
    "fetch anything from anywhere but example.org",
    "Nobody but you may fetch anything with anything but example.org",
  ],
  ["forbid", "drop tasks", "Nobody but you may drop a task"],
  ["forbid", "pay more than €12.50 at night", "Nobody but you may spend more than 12.50 EUR between 22:00 and 07:00"],
  [
    "forbid",
    "use shell.run on mondays, tuesdays and fridays",
    "Nobody but you may use shell.run on Mondays and Tuesdays and Fridays",
  ],
])("%s %s is said back as what it does", ([kind, text, title]) => {
  if (title === "") return expect(faultOf(kind, text)).toContain("is not understood");
  expect(faultOf(kind, text)).toBe(title);
});

const kinds: readonly SentenceKind[] = ["forbid", "ask"];

test.for(examples.flatMap((text) => kinds.map((kind) => [kind, text] as const)))(
  "%s %s becomes Cedar that its own cases hold to its words, on either side of every part",
  ([kind, sentence]) => {
    const { slug, text, cases, title } = ruled(kind, sentence);
    const [rule, another] = parsePolicyFile(`${slug}.cedar`, text);
    expect([rule?.id, rule?.title, rule?.effect, another]).toEqual([`${slug}.cedar#1`, title, "forbid", undefined]);
    const tested = testPolicyFile(nodeCrypto, `${slug}.cedar`, text);
    expect(tested.map(({ found }) => found)).toEqual(cases.map(({ expected }) => expected));
    expect(tested.length).toBeGreaterThan(1);
    expect(() => loadPolicySet(nodeCrypto, [...shippedRules(), ...parsePolicyFile("x.cedar", text)])).not.toThrow();
  },
);

test.for(examples)("allow %s is a permit, and its cases hold it to its words", (sentence) => {
  const someone = sentence.replace(/^nobody/, "everyone");
  const named = /^(agent|client|everyone)/.test(someone) ? someone : `agents ${someone}`;
  const { slug, text, cases } = ruled("allow", named);
  expect(parsePolicyFile(slug, text).map(({ effect }) => effect)).toEqual(["permit"]);
  const tested = testPolicyFile(nodeCrypto, slug, text);
  expect(tested.map(({ found }) => found)).toEqual(cases.map(({ expected }) => expected));
});

test("a case that a rule does not keep is found, and one that is no request is refused by line", () => {
  const { text } = ruled("forbid", "agents send mail on weekends");
  const broken = text.replace("[6, 7]", "[6]").replace('"weekday":6', '"weekday":7');
  expect(testPolicyFile(nodeCrypto, "w", broken).map(({ expected, found }) => [expected, found])[0]).toEqual([
    "deny",
    "pass",
  ]);
  expect(() => testPolicyFile(nodeCrypto, "w", '// test deny: {"hour":"late"}')).toThrow("w line 1: the test case");
  expect(() => testPolicyFile(nodeCrypto, "w", "// test deny: {")).toThrow("is not JSON");
});

test("every effect but admin can be spoken of", () => {
  const said = examples.map((text) => readSentence("forbid", text, skills).what);
  const more = ["change anything", "read anything", "touch my machine"].map(
    (text) => readSentence("forbid", text, skills).what,
  );
  const found = new Set([...said, ...more].flatMap(({ effect, hit }) => effect ?? hit.effect ?? []));
  expect([...found].sort()).toEqual(effects.filter((effect) => effect !== "admin").toSorted());
});
