import { owner } from "@mh/contract/values/principal.ts";
import { makeHost } from "@mh/testing";
import { expect, test } from "vitest";
import { z } from "zod";
import { setCalendars } from "../support/calendars.ts";

type Schema = { [key: string]: unknown };

test("every argument of every skill is described, and every schema of its answers says something", async () => {
  await using home = await makeHost();
  const problems = home.host.registry
    .all()
    .flatMap(({ contract: { name, input, output } }) => [
      ...undescribed(z.toJSONSchema(input, { io: "input" })).map((path) => `${name}: input${path} is not described`),
      ...empty(z.toJSONSchema(input, { io: "input" })).map((path) => `${name}: input${path} says nothing`),
      ...empty(z.toJSONSchema(output)).map((path) => `${name}: output${path} says nothing`),
    ]);
  expect(problems).toEqual([]);
});

test("what a skill says that it is about is a part of its arguments or of its answer", async () => {
  await using home = await makeHost();
  const problems = home.host.registry.all().flatMap(({ contract: { name, input, output, subjects } }) => {
    const schemas = [z.toJSONSchema(input, { io: "input" }), z.toJSONSchema(output)];
    return Object.values(subjects ?? {}).flatMap((field) =>
      schemas.some((schema) => holds(schema, field.split("."))) ? [] : [`${name}: ${field}`],
    );
  });
  expect(problems).toEqual([]);
});

/** Whether something at this path fits the schema, through whichever of its choices. */
function holds(schema: Schema, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return true;
  const choices = ["anyOf", "oneOf", "allOf"].flatMap((each) => (schema[each] ?? []) as Schema[]);
  const part = (schema.properties as Record<string, Schema> | undefined)?.[name];
  return (part !== undefined && holds(part, rest)) || choices.some((each) => holds(each, [name, ...rest]));
}

test("every example of every skill can be judged", async () => {
  await using home = await makeHost();
  await setCalendars(home, [{ name: "own", file: "own.ics" }]);
  await home.own("model.save", { name: "local", kind: "ollama", model: "qwen3:4b" });
  const skills = home.host.registry.all();
  expect(skills.filter(({ contract }) => contract.examples.length === 0)).toEqual([]);
  for (const { contract } of skills) {
    for (const { title, args } of contract.examples) {
      const { verdict } = home.host.check({ principal: owner, skill: contract.name, args });
      // Some things even the owner is asked about; nothing that is shown as an example is forbidden.
      expect([contract.name, title, verdict.verdict]).not.toEqual([contract.name, title, "deny"]);
    }
  }
});

test("what a skill answers in an empty home is what its contract says", async () => {
  await using home = await makeHost();
  const inside = home.host.registry.all().filter(({ kind }) => kind !== "outside");
  for (const { contract } of inside) {
    for (const { args } of contract.examples) {
      const outcome = await home.act(owner, contract.name, args);
      const code = outcome.status === "failed" ? outcome.fault.code : outcome.status;
      expect([contract.name, code]).not.toEqual([contract.name, "output.invalid"]);
      expect([contract.name, code]).not.toEqual([contract.name, "skill.failed"]);
    }
  }
});

/** Paths of properties, at every level, that say nothing of what they are. */
function undescribed(schema: Schema): string[] {
  return walk(schema).flatMap(([path, { properties }]) =>
    Object.entries((properties ?? {}) as Record<string, Schema>)
      .filter(([, { description }]) => typeof description !== "string" || description === "")
      .map(([name]) => `${path}.${name}`),
  );
}

const annotations = ["description", "title", "default", "examples", "$schema", "id", "$defs"];

/** Paths of schemas that fit anything. */
const empty = (schema: Schema): string[] =>
  walk(schema)
    .filter(([, each]) => Object.keys(each).every((key) => annotations.includes(key)))
    .map(([path]) => path || " itself");

/** A schema and all those within it, each with its path. */
function walk(schema: Schema, path = ""): [string, Schema][] {
  const inMaps = ["properties", "$defs"].flatMap((key) =>
    Object.entries((schema[key] ?? {}) as Record<string, Schema>).flatMap(([name, each]) =>
      walk(each, `${path}.${name}`),
    ),
  );
  const inLists = ["anyOf", "oneOf", "allOf", "prefixItems"].flatMap((key) =>
    ((schema[key] ?? []) as Schema[]).flatMap((each, n) => walk(each, `${path}(${n})`)),
  );
  const alone = ["items", "additionalProperties", "not", "propertyNames"].flatMap((key) =>
    typeof schema[key] === "object" ? walk(schema[key] as Schema, `${path}[]`) : [],
  );
  return [[path, schema], ...inMaps, ...inLists, ...alone];
}

/** Control arguments that say all there is to say: what they name is no content that somebody else can change. */
const carried: Readonly<Record<string, readonly string[]>> = {
  "web.fetch": ["headers"],
  "notify.send": ["channel"],
  "mail.read": ["account"],
  "mail.draft": ["account", "to", "cc"],
  "mail.send": ["account", "to", "cc", "bcc"],
  // A number means one mail, in its folder and under its validity, and never another.
  "mail.delete": ["account", "folder", "uidValidity"],
  "calendar.keep": ["source"],
  "calendar.read": ["source"],
  "calendar.write": ["source"],
  // An id names one parked command of the log, which never changes.
  "approval.again": ["id"],
  // Of the tests.
  "outbox.append": ["to"],
};

test("S13 of every outside skill, each argument that controls it is pinned, or is said not to be, or points nowhere", async () => {
  await using home = await makeHost();
  const undecided = home.host.registry
    .all()
    .filter(({ contract }) => contract.kind === "outside")
    .flatMap(({ contract: { name, control, pointers = {} } }) =>
      control
        .filter((argument) => pointers[argument] === undefined && !carried[name]?.includes(argument))
        .map((argument) => `${name}: ${argument}`),
    );
  expect(undecided).toEqual([]);
});
