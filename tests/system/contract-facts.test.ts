import * as fs from "node:fs";
import * as path from "node:path";
import type { AnyContract } from "@mh/contract/contract.ts";
import { mailRead, mailSend } from "@mh/contract/mail.ts";
import { toolFactsSchema } from "@mh/contract/values/provenance.ts";
import { judgeCall } from "@mh/core/policy/provenance/judge-call.ts";
import { Trace } from "@mh/core/policy/provenance/trace.ts";
import { expect, test } from "vitest";

// What the shipped contracts declare of provenance, held to what it is for.

const folder = path.join(import.meta.dirname, "../../packages/contract/src");
const modules = fs
  .readdirSync(folder)
  .filter((name) => name.endsWith(".ts") && !/^(?:contracts?|index|json-schema)\.ts$/.test(name));
const contracts = (await Promise.all(modules.map((name) => import(path.join(folder, name))))).flatMap((module) =>
  Object.values(module as Record<string, AnyContract>).filter((each) => typeof each === "object" && "effects" in each),
);
const factsOf = ({ control, provenance = {} }: AnyContract) =>
  toolFactsSchema.parse({ ...provenance, control: [...control] });

test("K8 each kind of id that a shipped skill takes, another hands out by a field that the system assigns", () => {
  const given = new Set(
    contracts.flatMap((contract) => {
      const { ids = {}, fields } = factsOf(contract);
      return Object.entries(ids).flatMap(([field, kind]) => (fields[field] === "record" ? [kind] : []));
    }),
  );
  const taken = contracts.flatMap((contract) =>
    Object.values(factsOf(contract).takes).map((kind) => [contract.name, kind]),
  );
  expect(taken.length).toBeGreaterThan(5);
  expect(taken.filter(([, kind = ""]) => !given.has(kind))).toEqual([]);
});

test("K8 each identity in a shipped skill's answer is one that the system authenticated, never a sender's own word", () => {
  const parties = contracts.flatMap((contract) =>
    Object.entries(factsOf(contract).fields).flatMap(([field, role]) =>
      role === "party" ? [`${contract.name} ${field}`] : [],
    ),
  );
  expect(parties).toEqual(["mail.read signedBy"]);
});

const own = "ada@home.example";
const forged = {
  uid: 7,
  from: { name: "Ada", address: own },
  to: [{ name: "", address: own }],
  text: "Garden lamps",
};
const reading = (message: object, words = "Delete the mail about garden lamps") => {
  const trace = new Trace(words, { self: [own] });
  trace.add({
    id: "read",
    facts: factsOf(mailRead),
    effect: "fetch",
    args: {},
    output: [message],
  });
  return trace;
};

test("K8 a mail that says it is from the owner is a third party's, until the owner's server says so", () => {
  const describes = (message: object) => reading(message).described.length;
  expect(describes(forged)).toBe(0);
  expect(describes({ ...forged, signedBy: own })).toBe(1);
  expect(describes({ ...forged, signedBy: "eve@evil.example" })).toBe(0);
  // What she answered to may stand in hers.
  expect(reading({ ...forged, signedBy: own }).isTainted).toBe(true);
});

test("K8 whom the owner has written to is called by name, in a shipped mailbox, too", () => {
  const sent = { ...forged, to: [{ name: "Sarah", address: "sarah@a.example" }] };
  const reaches = (message: object) =>
    judgeCall(reading(message, "Write to Sarah what is in my mail"), {
      ...{ id: "now", facts: factsOf(mailSend), effect: "send", args: { to: ["sarah@a.example"], body: "Hello" } },
    }).every(({ vouched }) => vouched);
  expect(reaches({ ...sent, signedBy: own })).toBe(true);
  expect(reaches(sent)).toBe(false);
});
