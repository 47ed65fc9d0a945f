import * as fs from "node:fs";
import * as path from "node:path";
import { Command } from "@mh/cli/commander.ts";
import { commands } from "@mh/cli/commands/index.ts";
import { makeHost } from "@mh/testing";
import { expect, test } from "vitest";
import { noHome } from "../support/no-home.ts";

const coreFolder = path.join(import.meta.dirname, "../../packages/core/src");
/** They only look, make the home in which the gate stands, or handle the key without which nobody opens it; a fault test holds them to changing nothing. */
const withoutSkills = ["init", "status", "completion", "help", "open", "backup", "encrypt", "lock", "unlock", "rekey"];

test("K15 every command acts through registered skills, or is one of the few that only look", async () => {
  await using home = await makeHost();
  for (const [name, { load }] of Object.entries(commands)) {
    const { command } = await load();
    const unknown = command.uses.filter((skill) => skill !== "*" && !home.host.registry.find(skill));
    expect([name, unknown]).toEqual([name, []]);
    expect([name, command.uses.length === 0]).toEqual([name, withoutSkills.includes(name)]);
  }
});

test("K15 a skill reaches the world only by what it is handed", () => {
  const sources = fs.readdirSync(coreFolder, { recursive: true, encoding: "utf8" });
  for (const name of sources.filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))) {
    const text = fs.readFileSync(path.join(coreFolder, name), "utf8");
    expect([
      name,
      /from "(node:|@mh\/host)|\bprocess\.\w|Date\.now|Math\.random|(?<![.\w])fetch\(/.exec(text)?.[0],
    ]).toEqual([name, undefined]);
  }
});

test("K15 no skill can be registered twice or without saying what it does", async () => {
  await using home = await makeHost();
  const [first] = home.host.registry.all();
  expect(() => first && home.host.registry.add(first)).toThrow("Two skills are called");
  for (const { contract } of home.host.registry.all()) {
    expect([contract.name, contract.title.length > 0, contract.effects.length > 0]).toEqual([
      contract.name,
      true,
      true,
    ]);
  }
});

test("every command and subcommand has a sentence and an example", async () => {
  const context = noHome({ json: false });
  for (const [name, { load, summary }] of Object.entries(commands)) {
    const parser = new Command(name).description(summary);
    (await load()).command.build(parser, context);
    for (const each of [parser, ...parser.commands]) {
      let help = "";
      each
        .configureOutput({
          writeOut: (text) => {
            help += text;
          },
        })
        .outputHelp();
      expect([name, each.name(), each.description() !== "", /Examples?:\n/.test(help)]).toEqual([
        name,
        each.name(),
        true,
        true,
      ]);
    }
  }
});
