import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";

const packages = path.join(import.meta.dirname, "..", "..", "packages");

/** What a third party may import, each with the names that exist when it runs. A change here is a change for others. */
const offered = {
  "@mh/contract": "all",
  "@mh/core/agent": ["defineAgent"],
  "@mh/core/feature": [
    ...[
      "Fault",
      "OwnerAsked",
      "always",
      "defineAdmin",
      "defineFeature",
      "defineOutside",
      "defineOwn",
      "defineQuery",
      "defineSettings",
    ],
    ...["documentText", "editMarkdown", "freePath", "idOfPath", "makeMarkdown", "readMarkdown", "writeDocument"],
  ],
  "@mh/host": ["connectHome", "openHome", "serveHttp", "startDaemon"],
  "@mh/testing": ["makeHost", "outboxSkill", "randomFrom", "testClock"],
};

interface Entry {
  specifier: string;
  target: unknown;
}

/** Every line of every `exports`. */
function entries(): Entry[] {
  return fs.readdirSync(packages).flatMap((name) => {
    const { exports } = JSON.parse(fs.readFileSync(path.join(packages, name, "package.json"), "utf8"));
    return Object.entries(exports as Record<string, unknown>).map(([subpath, target]) => ({
      specifier: `@mh/${name}${subpath.slice(1)}`,
      target,
    }));
  });
}

test("a package offers its public entries, and its other files to our own packages only", () => {
  const isPublic = ({ target }: Entry) => typeof target === "string";
  const specifiers = entries()
    .filter(isPublic)
    .map((entry) => entry.specifier);
  expect(specifiers.sort()).toEqual(Object.keys(offered).sort());
  for (const { specifier, target } of entries().filter((entry) => !isPublic(entry)))
    expect([specifier, target]).toEqual([expect.stringMatching(/^@mh\/\w+\/\*$/), { "mh-source": "./src/*" }]);
});

test.each(Object.entries(offered).filter(([, names]) => names !== "all"))(
  "%s offers these names",
  async (name, names) => {
    expect(Object.keys(await import(name)).sort()).toEqual(names);
  },
);

test("the contract package offers every file that it has", () => {
  const source = path.join(packages, "contract", "src");
  const files = fs
    .readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && file !== "index.ts");
  const index = fs.readFileSync(path.join(source, "index.ts"), "utf8");
  const lines = index.split("\n").filter((line) => line.startsWith("export"));
  expect(lines.sort()).toEqual(files.map((file) => `export * from "./${file}";`).sort());
});
