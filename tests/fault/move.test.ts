import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { expect, test } from "vitest";
import { layOut, programHomes } from "../support/program-homes.ts";
import { makeMh } from "./mh.ts";

test("K17 `mh move` shows the plan, asks once, takes it in, and `mh undo` takes all of it back", async () => {
  using folder = fs.mkdtempDisposableSync(path.join(os.tmpdir(), "mh-move-"));
  const at = layOut(path.join(folder.path, ".openclaw"), programHomes.openclaw);
  using mh = makeMh();
  await mh.here(["init", "--yes"]);
  const persona = path.join(mh.root, "persona/persona.md");
  const plan = (await mh.here(["move", "openclaw", at, "--dry-run"])).out;
  for (const text of [
    "OpenClaw, ",
    "+ who you are, of USER.md, SOUL.md (workspace/USER.md)",
    "+ trips (workspace/skills/trips)",
    "It brings scripts, and none of them runs: scripts/plan.py.",
    "mh agent allow openclaw-morning-brief",
    "The value of notes-api-key was not taken: `mh secret set notes-api-key`.",
    "- .env: It was not read",
    "mh grant give agent:main shell.run --path /usr/bin/wc",
  ])
    expect(plan).toContain(text);
  expect(fs.existsSync(persona)).toBe(false);
  // Nobody is there to answer: nothing is taken, and the way to do it is said.
  const asked = await mh.here(["move", "openclaw", at]);
  expect([asked.code, asked.err.includes("--yes")]).toEqual([4, true]);
  const done = await mh.here(["move", "openclaw", at, "--yes"]);
  expect(done.out).toContain("What waits for you: `mh review`.");
  expect(fs.readFileSync(persona, "utf8")).toContain("Calm, brief");
  expect((await mh.here(["move", "openclaw", at, "--yes"])).out).toContain("Taken in: 0 things");
  await mh.here(["undo"]);
  expect(fs.existsSync(persona)).toBe(false);
  expect((await mh.here(["memory", "list"])).out).not.toContain("train");
  expect((await mh.here(["move", "codex", path.join(folder.path, "none"), "--yes"])).err).toContain(
    "There is no folder",
  );
});
