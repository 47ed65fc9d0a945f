import { expect, test } from "vitest";
import { type Asked, shownApproval } from "./shown.ts";

const asked = (shows: string): Asked =>
  ({
    approval: { principal: "agent:helper", skill: "shell.run", layer: "boundary", reason: "asked" },
    command: {
      args: {},
      pins: [{ argument: "argv[0]", what: "/srv/Makefile", hash: "bfaa09048cfd0000", bytes: 5, shows }],
    },
    ...{ undo: null, memories: [] },
  }) as unknown as Asked;

const heldIn = (shows: string) => shownApproval(asked(shows)).find(({ label }) => label === "held fast")?.text;

test("S13 a script that is held fast is shown with what indents its lines, and with a name for every other blank", () => {
  expect(heldIn("all:\n\tcc x\nif a:\n    b\u00a0\u200b  c")).toBe(
    "/srv/Makefile (argv[0], 5 bytes, bfaa09048cfd)\n| all:\n| \tcc x\n| if a:\n|     b[U+00A0][U+200B][U+0020 ×2]c",
  );
});

test("K16 of a plan the values that are not the owner's are named by step, and not the fields that fill it", () => {
  const paths = [
    ...["steps[0].skill", "steps[1].args.to[0]", "steps[1].slots.subject.oneOf[2]", "steps[0].slots.a.b.where.kind"],
    ...[
      "steps[0].slots.to.field",
      "steps[0].scope.hosts[0]",
      "steps[2].each.values[0]",
      "sources.s.args.q",
      "sources.s.skill",
    ],
  ];
  const steered = paths.map((path) => ({ path, value: "v", origins: ["model"], beside: [], reason: "r" }));
  const { approval, command } = asked("x");
  const whole = { approval, command: { ...command, steered }, undo: null, memories: [], hasCard: true } as Asked;
  const lines = shownApproval(whole).filter(({ label }) => label === "not yours");
  expect(lines.map(({ text }) => text.split(" = ", 1)[0])).toEqual([
    ...["step 2, to[0]", "step 2, subject.oneOf[2]", "step 1, a.b.where.kind"],
    ...["step 1, scope.hosts[0]", "step 3, each.values[0]", "s, q"],
  ]);
});

test("S10 an argument of any name, and of any length, is never taken for a line of mh's own", () => {
  const all = asked("x");
  const command = { ...all.command, warning: "w", unpinned: ["u"] } as NonNullable<Asked["command"]>;
  const whole: Asked = {
    approval: { ...all.approval, layer: "capability" },
    command,
    undo: "u",
    memories: [{ content: "c" }],
  };
  const own = shownApproval(whole).map(({ label }) => label);
  expect(own).toHaveLength(8);
  const names = [...own, "Undo:", "argument", `undo${"\u00a0".repeat(9)}`, "\nundo", "\u200bundo", "x".repeat(5_000)];
  const args = Object.fromEntries(names.map((name) => [name, "takes it back"]));
  const labels = shownApproval({ ...whole, command: { ...command, args } })
    .filter(({ text }) => text === "takes it back")
    .map(({ label }) => label);
  expect(labels).toHaveLength(names.length);
  for (const label of labels) expect(label).toMatch(/^argument ./);
  for (const label of own) expect(label).not.toMatch(/^argument/);
  expect(labels.at(-1)).toBe(`argument ${"x".repeat(40)}… (5000 characters)`);
});
