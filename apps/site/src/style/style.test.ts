import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";

// A class is a name that the whole site shares: what one part calls `offer` is styled where another part says `offer`, too.
const source = path.resolve(import.meta.dirname, "..");
const every = ["base", "frame", "pieces", "marks", "pages", "overlay"];
const adjusts = ["narrow", "touch", "site"];
/** A part that shows another one within it says where that goes. */
const shows: Record<string, string[]> = { chat: ["answer", "card"], card: ["policy", "values"], values: ["approvals"] };

const rules = fs
  .readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".css"))
  .map((file) => path.basename(file, ".css"))
  .flatMap((sheet) => selectorsOf(sheet).map((selector) => ({ sheet, selector })));
const parts = rules.filter(({ sheet }) => !adjusts.includes(sheet));
const leads = new Map<string, Set<string>>();
for (const { sheet, selector } of parts) {
  const [, name] = /^[a-z]*\.([\w-]+)/.exec(selector) ?? [];
  if (name) leads.set(name, (leads.get(name) ?? new Set()).add(sheet));
}

test("a class has one stylesheet that says what it looks like", () => {
  const torn = [...leads].filter(([, sheets]) => sheets.size > 1).map(([name, sheets]) => [name, ...sheets]);
  expect(torn).toEqual([]);
});

test("the class of one part is none of another part: what several use stands with the pieces", () => {
  const lent = parts.flatMap(({ sheet, selector }) =>
    classesOf(selector).flatMap((name) => {
      const [home = sheet] = leads.get(name) ?? [];
      const isKnown = home === sheet || every.includes(home) || shows[sheet]?.includes(home);
      return isKnown ? [] : [`${name} of ${home} in ${sheet}: ${selector}`];
    }),
  );
  expect(lent).toEqual([]);
});

test("no style is left of what no page has", () => {
  const markup = filesOf(source, /\.(svelte|astro|ts)$/)
    .filter((file) => !file.endsWith(".test.ts"))
    .map((file) => fs.readFileSync(file, "utf8"))
    .join("\n");
  // uPlot brings its own; some names are put together of a beginning and a value, as in `mark-{mark}`.
  const isMade = (name: string) =>
    [...name].some((_, n) => n > 0 && new RegExp(`["\` ]${name.slice(0, n)}\\$?\\{`).test(markup));
  const isThere = (name: string) =>
    name.startsWith("u-") || new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(markup) || isMade(name);
  const names = new Set(rules.flatMap(({ selector }) => classesOf(selector)));
  expect([...names].filter((name) => !isThere(name))).toEqual([]);
});

function selectorsOf(sheet: string): string[] {
  const text = fs.readFileSync(path.join(import.meta.dirname, `${sheet}.css`), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
  return [...text.matchAll(/([^{};]+)\{/g)]
    .map(([, head = ""]) => head.trim())
    .filter((head) => !head.startsWith("@"))
    .flatMap((head) => head.split(/,(?![^(]*\))/))
    .map((selector) => selector.trim());
}

function classesOf(selector: string): string[] {
  return [...selector.matchAll(/\.([a-zA-Z][\w-]*)/g)].map(([, name = ""]) => name);
}

function filesOf(folder: string, fits: RegExp): string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => fits.test(file))
    .map((file) => path.join(folder, file));
}
