import type { Offered } from "../data/offered.ts";
import type { en } from "../text/en.ts";
import { cliWords } from "./cli-words.ts";
import { pages, pathOf } from "./pages.ts";

type Text = Pick<typeof en, "pages" | "palette">;

/** What a line of the palette leads to. */
export type Line = { key: string; title: string; note: string } & (
  | { do: "go"; path: string }
  | { do: "fill"; offered: Offered; args: Record<string, unknown> }
);
/** Something of the home that has a page of its own: an agent, a request that waits. */
export interface Place {
  key: string;
  title: string;
  note: string;
  path: string;
}

const shownMax = 9;
const usual = ["memory.capture", "task.add", "audit.verify", "history.undo"];

/** The lines for what was typed: pages, then commands by their words; whatever is typed can be remembered or searched for. */
export function paletteLines(
  text: Text,
  typed: string,
  offered: readonly Offered[],
  places: readonly Place[] = [],
): Line[] {
  // As the terminal has it: `mh task add` is `task.add`.
  const words = typed
    .trim()
    .toLowerCase()
    .replace(/^mh\s+/, "")
    .split(/\s+/)
    .filter(Boolean);
  const fits = (...texts: string[]) => words.every((word) => texts.some((each) => each.toLowerCase().includes(word)));
  const found: Line[] = [
    ...pages.map(({ name, path }) => ({ key: path, title: text.pages[name], note: text.palette.go, path })),
    ...(words.length === 0 ? [] : places),
  ]
    .filter(({ key, title }) => fits(title, key))
    .map((place) => ({ ...place, do: "go" as const }));
  const ranked = offered
    .filter(({ skill, title }) => (words.length === 0 ? usual.includes(skill) : fits(skill, title)))
    .toSorted((a, b) => rank(a, words) - rank(b, words) || a.skill.localeCompare(b.skill));
  const commands = ranked.map((each) => filled(each));
  const meant = wordOf(text, words[0] ?? "", offered);
  const free = freeLines(text, typed.trim(), offered);
  const isExact = ranked[0] !== undefined && rank(ranked[0], words) === 0;
  const named = words.length === 0 || isExact ? [...commands, ...found] : [...found, ...commands];
  const lines = [...(meant && words.length === 1 && !isExact ? [meant] : []), ...named];
  const once = lines.filter(({ key }, n) => lines.findIndex((each) => each.key === key) === n);
  return [...once.slice(0, shownMax - free.length), ...free];
}

/** Whatever is typed can be looked for and remembered. */
function freeLines(text: Text, quoted: string, offered: readonly Offered[]): Line[] {
  if (quoted === "") return [];
  const capture = offered.find(({ skill }) => skill === "memory.capture");
  const path = `${pathOf("memory")}?q=${encodeURIComponent(quoted)}`;
  const search = { key: "?", title: text.palette.searchFor(quoted), note: "memory.search", do: "go" as const, path };
  if (!capture) return [search];
  return [search, { ...filled(capture, { text: quoted }), key: "+", title: text.palette.remember(quoted) }];
}

function filled(offered: Offered, args: Record<string, unknown> = {}): Line {
  return { key: offered.skill, title: offered.title, note: offered.skill, do: "fill", offered, args };
}

/** What a command of the terminal is here. */
function wordOf(text: Text, word: string, offered: readonly Offered[]): Line | undefined {
  const meant = Object.hasOwn(cliWords, word) ? cliWords[word] : undefined;
  if (!meant) return undefined;
  if ("page" in meant)
    return { key: meant.page, title: `mh ${word}`, note: text.palette.go, do: "go", path: meant.page };
  const skill = offered.find((each) => each.skill === meant.skill);
  return skill && filled(skill);
}

/** The one that was named whole comes first, then those whose name or first word is what was typed. */
function rank({ skill, title }: Offered, words: readonly string[]): number {
  const [word = ""] = words;
  if (skill === words.join(".")) return 0;
  return skill.startsWith(word) || title.toLowerCase().startsWith(word) ? 1 : skill.includes(word) ? 2 : 3;
}
