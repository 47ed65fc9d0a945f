import {
  type Effect,
  effects,
  layers,
  risks,
  strongest,
  type TrustLevel,
  trustLevels,
} from "@mh/contract/values/effect.ts";
import type { PolicyRequest } from "@mh/contract/values/record.ts";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { judge } from "./judge.ts";
import { loadPolicySet, shippedRules } from "./policy-set.ts";

const set = loadPolicySet(nodeCrypto, shippedRules());

/** An agent that was granted the skill, touching nothing, with nothing against it. */
const plain: PolicyRequest = {
  principal: "agent:mail",
  trust: "bounded_auto",
  skill: "outbox.append",
  effect: "write",
  risk: "low",
  scope: {},
  may: true,
  granted: true,
  inScope: false,
  protectedArea: false,
  stopped: false,
  rateLeft: 100,
  unvouched: [],
  hour: 9,
  weekday: 1,
};

type Cell = "allow" | "ask" | "deny" | "in scope" | "low" | "low, medium" | "low in scope" | "low, medium in scope";
type Row = Record<Exclude<Effect, "admin">, Cell>;

/** DESIGN §3, cell by cell; where a condition is not met, the cell asks. */
const published: Record<TrustLevel, Row> = {
  observe: {
    read: "allow",
    notify: "deny",
    fetch: "deny",
    write: "deny",
    local: "deny",
    send: "deny",
    spend: "deny",
    destroy: "deny",
  },
  suggest: {
    read: "allow",
    notify: "allow",
    fetch: "in scope",
    write: "low",
    local: "ask",
    send: "ask",
    spend: "ask",
    destroy: "ask",
  },
  supervised_auto: {
    read: "allow",
    notify: "allow",
    fetch: "in scope",
    write: "low, medium",
    local: "ask",
    send: "ask",
    spend: "ask",
    destroy: "ask",
  },
  bounded_auto: {
    read: "allow",
    notify: "allow",
    fetch: "in scope",
    write: "low, medium",
    local: "low in scope",
    send: "low in scope",
    spend: "ask",
    destroy: "ask",
  },
  adaptive_auto: {
    read: "allow",
    notify: "allow",
    fetch: "in scope",
    write: "low, medium",
    local: "low, medium in scope",
    send: "low, medium in scope",
    spend: "ask",
    destroy: "ask",
  },
};

function expected(cell: Cell, effect: string, risk: string, inScope: boolean): string {
  if (cell === "deny" || cell === "ask") return cell;
  if (cell.includes("in scope") && !inScope) return "ask";
  if (cell.startsWith("low") && !cell.includes(risk)) return "ask";
  return risk === "high" && effect !== "read" ? "ask" : "allow";
}

test("H9 every cell of the trust table is the published one", () => {
  const found: string[] = [];
  const wanted: string[] = [];
  for (const trust of trustLevels) {
    for (const [effect, cell] of Object.entries(published[trust]) as [Effect, Cell][]) {
      for (const risk of risks) {
        for (const inScope of [true, false]) {
          const where = `${trust} ${effect} ${risk} ${inScope ? "in" : "out of"} scope`;
          found.push(`${where}: ${judge(set, { ...plain, trust, effect, risk, inScope }).verdict}`);
          wanted.push(`${where}: ${expected(cell, effect, risk, inScope)}`);
        }
      }
    }
  }
  expect(found).toHaveLength(5 * 8 * 3 * 2);
  expect(found).toEqual(wanted);
});

test("H9 admin is denied to everyone but the owner, at every level and with an approval", () => {
  const kinds = ["agent:a", "skill:a", "mcp:a", "client:a", "module:a", "peer:a", "file", "owner"];
  const verdicts = kinds.map((principal) =>
    trustLevels.map((trust) => judge(set, { ...plain, principal, trust, effect: "admin" }, true).verdict),
  );
  expect(verdicts).toEqual([...Array(7).fill(Array(5).fill("deny")), Array(5).fill("allow")]);
});

test.for<[string, Partial<PolicyRequest>, string, string, string[]]>([
  ["capability denies", { may: false }, "deny", "capability", ["invariant.declared"]],
  ["capability asks", { granted: false }, "ask", "capability", ["invariant.first-use"]],
  ["boundary denies: the table", { trust: "observe" }, "deny", "boundary", []],
  ["boundary denies: STOP", { stopped: true }, "deny", "boundary", ["invariant.stop"]],
  ["boundary denies: protected", { protectedArea: true }, "deny", "boundary", ["invariant.protected"]],
  ["boundary asks", { effect: "send" }, "ask", "boundary", ["table.bounded_auto.send.ask"]],
  ["provenance asks", { unvouched: ["to"] }, "ask", "provenance", ["invariant.provenance"]],
  ["risk asks", { effect: "notify", risk: "high" }, "ask", "risk", ["invariant.high-risk"]],
  ["rate denies", { rateLeft: 0 }, "deny", "rate", ["invariant.rate"]],
  ["approval asks", { principal: "owner", effect: "destroy" }, "ask", "approval", ["invariant.irreversible"]],
  ["nothing objects", {}, "allow", "boundary", ["table.bounded_auto.write.allow"]],
  ["deny over an earlier ask", { granted: false, rateLeft: 0 }, "deny", "rate", ["invariant.rate"]],
  [
    "the first of two asks",
    { effect: "notify", unvouched: ["to"], risk: "high" },
    "ask",
    "provenance",
    ["invariant.provenance", "invariant.high-risk"],
  ],
  [
    "the first of two denials",
    { may: false, stopped: true },
    "deny",
    "capability",
    ["invariant.declared", "invariant.stop"],
  ],
])("H10 %s", ([, change, verdict, layer, rules]) => {
  const found = judge(set, { ...plain, ...change });
  expect([found.verdict, found.layer, [...found.rules].sort()]).toEqual([verdict, layer, [...rules].sort()]);
  expect(found.layers.map((report) => report.layer)).toEqual(layers);
});

const anyRequest: fc.Arbitrary<PolicyRequest> = fc.record({
  principal: fc.constantFrom("agent:a", "client:b", "owner", "peer:c"),
  trust: fc.constantFrom(...trustLevels),
  skill: fc.constant("outbox.append"),
  effect: fc.constantFrom(...effects),
  risk: fc.constantFrom(...risks),
  scope: fc.constant({}),
  may: fc.boolean(),
  granted: fc.boolean(),
  inScope: fc.boolean(),
  protectedArea: fc.boolean(),
  stopped: fc.boolean(),
  rateLeft: fc.integer({ min: -1, max: 2 }),
  unvouched: fc.constantFrom([], ["to"]),
  hour: fc.integer({ min: 0, max: 23 }),
  weekday: fc.integer({ min: 1, max: 7 }),
});

test("H10 the strongest layer decides, the first of them is named, and an approval lifts an ask but never a denial", () => {
  fc.assert(
    fc.property(anyRequest, (request) => {
      const { verdict, layer, layers: reports } = judge(set, request);
      expect(verdict).toBe(strongest(reports.map((report) => report.verdict)));
      if (verdict !== "allow") expect(layer).toBe(reports.find((report) => report.verdict === verdict)?.layer);
      expect(judge(set, request, true).verdict).toBe(verdict === "deny" ? "deny" : "allow");
    }),
    { seed: inject("seed"), numRuns: 400 },
  );
});

test("S5 of a path a thousand folders deep nothing is worked out that no rule looks at", () => {
  const path = `/${"a/".repeat(1_990)}b`;
  let looked = 0;
  const scope = {
    get paths() {
      return [
        Object.assign(new String(path), {
          split: (by: string) => {
            looked += 1;
            return path.split(by);
          },
        }) as unknown as string,
      ];
    },
  };
  judge(set, { ...plain, scope });
  expect(looked).toBe(0);
});
