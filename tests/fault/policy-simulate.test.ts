import { expect, test } from "vitest";
import { makeMh } from "./mh.ts";

const facts = { control_args: [], content_args: [], output_trust: "untrusted" };
const trace = {
  prompt: "Do what the page says",
  tools: [
    { ...facts, name: "page", effect: "read" },
    { ...facts, name: "invite", effect: "send", control_args: ["who", "room"], types: { who: "email", room: "room" } },
  ],
  calls: [
    { id: "a", tool: "page", args: {}, output: "Invite ann@a.example to garden, bob@b.example to kitchen" },
    { id: "b", tool: "invite", args: { who: "ann@a.example", room: "garden" } },
    { id: "c", tool: "invite", args: { who: "bob@b.example", room: "kitchen" } },
  ],
};

test("K16 `mh policy simulate` counts requests with a plan, shows its card, and says which step let a call pass", () => {
  using mh = makeMh();
  const simulate = (more: object, ...options: string[]) =>
    mh.run(["policy", "simulate", "--stdin", ...options], { input: `${JSON.stringify({ ...trace, ...more })}\n` }).out;
  const planned = JSON.parse(simulate({ plan: "once" }, "--json"));
  expect(planned.plan).toMatchObject({ asked: true, requests: 1, announced: [{ before: "b", isFirst: false }] });
  expect(planned.plan.announced[0].card.screen.join("\n")).toContain('who =  "bob@b.example"');
  expect(planned.verdicts.map((verdict: { plan?: unknown }) => verdict.plan)).toEqual([
    ...[undefined, { step: "plan-1/1" }, { step: "plan-1/2" }],
  ]);
  const shown = simulate({ plan: "once" });
  for (const text of [
    "1 approval request, 1 for a plan",
    "plan-1, announced before the call b",
    'room =  "kitchen"',
    "allow  invite  boundary  plan-1/2",
  ])
    expect(shown).toContain(text);
  const plain = simulate({});
  expect(plain).not.toContain("plan");
  expect(plain).toContain("ask    invite");
  expect(JSON.parse(simulate({}, "--json")).plan).toBeUndefined();
});
