import { expect, test } from "vitest";
import { shippedContracts } from "./contracts.ts";
import { skillHelp } from "./skill-help.ts";

test("every skill's help names each argument, fits the screen, and shows an example that its contract takes", () => {
  expect(shippedContracts.length).toBeGreaterThan(100);
  for (const contract of shippedContracts) {
    const text = skillHelp(contract, 80);
    const fields = Object.keys((contract.input as { shape?: object }).shape ?? {});
    expect([contract.name, fields.filter((field) => !text.includes(`  ${field}`))]).toEqual([contract.name, []]);
    const [, example = ""] = /mh act \S+ '(.*)' {3}#/.exec(text) ?? [];
    expect([contract.name, contract.input.safeParse(JSON.parse(example)).success]).toEqual([contract.name, true]);
    const [explained = ""] = text.split("\n\nExamples:");
    expect([contract.name, explained.split("\n").filter((line) => line.length > 80)]).toEqual([contract.name, []]);
  }
});
