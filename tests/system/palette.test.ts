import { commands } from "@mh/cli/commands/index.ts";
import * as contract from "@mh/contract";
import type { AnyContract } from "@mh/contract/contract.ts";
import { jsonSchemaOf } from "@mh/contract/json-schema.ts";
import { expect, test } from "vitest";
import { cliWords } from "../../apps/site/src/app/cli-words.ts";
import { argumentsOf, fieldIn, fieldsOf, typedOf } from "../../apps/site/src/app/command-fields.ts";
import { pageAt } from "../../apps/site/src/app/pages.ts";
import { paletteLines } from "../../apps/site/src/app/palette-lines.ts";
import type { FieldSchema, Offered } from "../../apps/site/src/data/offered.ts";
import { en } from "../../apps/site/src/text/en.ts";

const isContract = (each: unknown): each is AnyContract =>
  typeof each === "object" && each !== null && "kind" in each && "input" in each && "effects" in each;
/** Every skill as the daemon publishes it. */
const offered: Offered[] = (Object.values(contract) as unknown[])
  .filter(isContract)
  .map(({ name, title, input, provenance }) => ({
    ...{ skill: name, title, input: jsonSchemaOf(input) as FieldSchema },
    types: (provenance?.types ?? {}) as Offered["types"],
  }));

/** What a browser cannot do: it starts or ends what answers it, completes words of a shell, or is about the terminal itself. */
const onlyInTerminal = [
  "up",
  "open",
  "daemon",
  "act",
  "completion",
  "help",
  "backup",
  "encrypt",
  "lock",
  "unlock",
  "rekey",
];

test("H22 every command of the CLI is in the palette, as a page or as a skill that it acts through", async () => {
  const named = Object.keys(commands).filter((name) => !onlyInTerminal.includes(name));
  expect(Object.keys(cliWords).sort()).toEqual(named.sort());
  for (const [word, meant] of Object.entries(cliWords)) {
    const [line] = paletteLines(en, `mh ${word}`, offered);
    if ("page" in meant) {
      expect([word, line?.do === "go" && line.path, pageAt(meant.page.split("?")[0] ?? "") !== undefined]).toEqual([
        word,
        meant.page,
        true,
      ]);
      continue;
    }
    expect([word, line?.do === "fill" && line.offered.skill]).toEqual([word, meant.skill]);
    const module = await commands[word]?.load();
    // `doctor` looks by itself at a home that may not open.
    if (word === "doctor") continue;
    const uses = module?.command.uses ?? [];
    expect([word, uses.length === 0 || uses.includes("*") || uses.includes(meant.skill)]).toEqual([word, true]);
  }
});

test("H22 every skill of the contract is found by its name, and has a field for each of its arguments", () => {
  expect(offered.length).toBeGreaterThan(150);
  for (const each of offered) {
    const [line] = paletteLines(en, each.skill.replace(".", " "), offered);
    expect([each.skill, line?.do === "fill" && line.offered.skill]).toEqual([each.skill, each.skill]);
    const names = new Set(fieldsOf(each).map(({ name }) => name.split(".")[0]));
    expect([each.skill, [...names].sort()]).toEqual([each.skill, Object.keys(each.input.properties ?? {}).sort()]);
  }
});

const formOf = (skill: string) => {
  const found = offered.find((each) => each.skill === skill);
  if (!found) throw new Error(skill);
  return fieldsOf(found);
};
const kinds = (skill: string) => Object.fromEntries(formOf(skill).map(({ name, kind }) => [name, kind]));

test("fields fit what the contract says: dates, numbers, lists, choices, paths, parts of an argument", () => {
  expect(kinds("fact.add")).toMatchObject({ validFrom: "date", confidence: "number" });
  expect(kinds("memory.search")).toMatchObject({ kinds: "choices", from: "time" });
  expect(kinds("import.run")).toMatchObject({ path: "path", format: "choice", update: "yes" });
  expect(kinds("grant.give")).toMatchObject({ "scope.hosts": "lines", "scope.paths": "lines", expiresAt: "time" });
  expect(kinds("config.set")).toMatchObject({ value: "value" });
  expect(kinds("plan.propose")).toMatchObject({ steps: "json" });
});

test("what was typed becomes arguments; what cannot is said at its field", () => {
  const grant = formOf("grant.give");
  const typed = {
    principal: "agent:news",
    skill: "web.fetch",
    "scope.hosts": "a.example\nb.example\n",
    forMinutes: "60",
    task: "",
  };
  expect(argumentsOf(grant, typed)).toEqual({
    ...{ principal: "agent:news", skill: "web.fetch", forMinutes: 60 },
    scope: { hosts: ["a.example", "b.example"] },
  });
  const args = {
    principal: "agent:news",
    skill: "web.fetch",
    scope: { hosts: ["a.example"] },
    expiresAt: "2026-12-01T09:00:00.000Z",
  };
  expect(argumentsOf(grant, typedOf(grant, args))).toEqual(args);
  expect(argumentsOf(formOf("config.set"), { name: "x", value: "false" })).toEqual({ name: "x", value: false });
  expect(() => argumentsOf(formOf("plan.propose"), { steps: "[" })).toThrow(
    expect.objectContaining({ field: "steps" }),
  );
  expect(fieldIn("path: a path is absolute: it begins with a slash", formOf("import.run"))).toBe("path");
  expect(fieldIn("The daemon cannot be reached.", formOf("import.run"))).toBeUndefined();
});
