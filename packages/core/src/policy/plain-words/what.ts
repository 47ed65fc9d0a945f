import { type Effect, effects } from "@mh/contract/values/effect.ts";
import type { SkillName, What } from "./sentence.ts";
import { standsAt, tokensOf } from "./tokens.ts";

interface Verb {
  /** How it is said: each a phrase. */
  said: readonly string[];
  /** How it is said back. */
  words: string;
  effect?: Effect;
  skills?: readonly string[];
}

/** What can be forbidden in words of one's own. Every skill's title is understood besides, and `use` with a skill's name. */
const verbs: readonly Verb[] = [
  { said: ["send mail", "send email", "write mail", "email", "mail"], words: "send mail", skills: ["mail.send"] },
  { said: ["draft mail", "draft email"], words: "draft mail", skills: ["mail.draft"] },
  { said: ["read mail", "read email"], words: "read mail", skills: ["mail.read"] },
  { said: ["delete mail", "delete email", "remove mail"], words: "delete mail", skills: ["mail.delete"] },
  {
    said: ["send notification", "notify me", "notify", "ring me", "ring", "disturb me"],
    words: "notify you",
    effect: "notify",
  },
  { said: ["send anything", "send message", "send data", "send"], words: "send anything", effect: "send" },
  {
    said: ["forget anything", "forget memory", "delete memory", "forget"],
    words: "forget memories",
    skills: ["memory.forget"],
  },
  {
    said: ["write file", "change file", "save file"],
    words: "write files",
    skills: ["disk.write", "file.write", "file.remove"],
  },
  { said: ["read file", "open file"], words: "read files", skills: ["disk.read", "disk.list", "file.read"] },
  { said: ["delete file", "remove file"], words: "delete files", skills: ["file.remove"] },
  {
    said: ["delete anything", "destroy anything", "erase anything", "delete", "destroy", "erase"],
    words: "do what cannot be undone",
    effect: "destroy",
  },
  { said: ["spend money", "spend anything", "spend", "pay", "buy anything", "buy"], words: "spend", effect: "spend" },
  {
    said: "fetch page,fetch anything,fetch,browse web,browse,go online,visit page,visit,read web,use internet".split(
      ",",
    ),
    words: "fetch anything",
    effect: "fetch",
  },
  {
    said: ["run program", "run command", "run code", "use shell"],
    words: "run programs",
    skills: ["shell.run"],
  },
  {
    said: ["change calendar", "write to calendar", "write calendar", "add event", "make appointment"],
    words: "change your calendar",
    skills: ["calendar.write"],
  },
  { said: ["read calendar", "look into calendar"], words: "read your calendar", skills: ["calendar.read"] },
  { said: ["change anything", "write anything", "change data"], words: "change your data", effect: "write" },
  { said: ["read anything", "read data"], words: "read your data", effect: "read" },
  { said: ["touch machine", "use machine", "use disk"], words: "touch this machine", effect: "local" },
  { said: ["do anything", "do", "act"], words: "do anything" },
];

/** What is done at a place of the sentence, and where that ends; the longest phrase that fits. */
export function readWhat(
  tokens: readonly string[],
  at: number,
  skills: readonly SkillName[],
): [what: What, end: number] | undefined {
  if (standsAt(tokens, at, ["use"])) {
    const skill = skills.find(({ name }) => name === tokens[at + 1]);
    if (skill) return [whatOf({ said: [], words: `use ${skill.name}`, skills: [skill.name] }, skills), at + 2];
  }
  const titled = skills.map(({ name, title }) => ({ said: [title], words: plain(title), skills: [name] }));
  const phrases = [...verbs, ...titled].flatMap((verb) => verb.said.map((said) => ({ verb, words: tokensOf(said) })));
  const found = phrases.filter(({ words }) => words.length > 0 && standsAt(tokens, at, words));
  const [longest] = found.sort((a, b) => b.words.length - a.words.length);
  return longest && [whatOf(longest.verb, skills), at + longest.words.length];
}

function whatOf({ words, effect, skills: wanted }: Verb, skills: readonly SkillName[]): What {
  if (wanted) {
    const known = wanted.filter((name) => skills.some((skill) => skill.name === name));
    const [name = wanted[0] as string] = known;
    const does = skills.find((skill) => skill.name === name)?.effects[0] as Effect | undefined;
    return {
      skills: known.length > 0 ? known : wanted,
      words,
      hit: { skill: name, effect: does ?? "read" },
      miss: { skill: "some.skill" },
    };
  }
  if (!effect) return { words, hit: { effect: "read" }, miss: undefined };
  return {
    effect,
    words,
    hit: { effect },
    miss: { effect: effects.find((each) => each !== effect && each !== "admin") as Effect },
  };
}

const plain = (title: string): string => title.charAt(0).toLowerCase() + title.slice(1);
