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
