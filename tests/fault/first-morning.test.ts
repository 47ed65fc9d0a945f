import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { mhWithHome } from "./mh.ts";

test("H15 on a fresh home the brief is printed, and it is said how to have it sent", async () => {
  using mh = mhWithHome();
  await mh.here(["config", "set", "notify.desktop", "false"]);
  expect(await mh.here(["agent", "allow", "morning-brief", "--yes"])).toMatchObject({ code: 0 });
  const { code, out } = await mh.here(["agent", "run", "morning-brief"]);
  expect(code, out).toBe(0);
  const said = out.replace(/\s+/g, " ");
  expect(said).toContain("# Your brief for");
  expect(said).toContain("`mh help notifications` shows how to have it sent.");
  expect(said).not.toContain("Error");
});

test("H12 a brief whose notification is asked for is kept, and its run has not failed", async () => {
  using mh = mhWithHome();
  await mh.here(["policy", "ask", "agents notify me", "--yes"]);
  expect(await mh.here(["agent", "allow", "morning-brief", "--yes"])).toMatchObject({ code: 0 });
  const { code, out } = await mh.here(["agent", "run", "morning-brief"]);
  expect(code, out).toBe(0);
  expect(out.replace(/\s+/g, " ")).toContain("its notification waits for your answer");
  expect((await mh.here(["approvals"])).out).toContain("notify.send");
});

test("a calendar that waits in the review list is said to wait, and a list is set in one command", async () => {
  using mh = mhWithHome();
  expect((await mh.here(["calendar"])).out).toContain("There is no calendar yet.");
  const text = "calendar:\n  sources:\n    - name: work\n      url: https://calendar.example.org/work.ics\n";
  fs.appendFileSync(path.join(mh.root, "config.yaml"), text);
  expect((await mh.here(["calendar"])).out).toContain("mh review --adopt");
  for (const list of ['["ada@example.org", "a@example.org"]', "[ada@example.org, a@example.org]"]) {
    expect(await mh.here(["config", "set", "self.addresses"])).toBeDefined();
    expect(await mh.here(["config", "set", "self.addresses", list])).toMatchObject({ code: 0 });
    expect((await mh.here(["config", "get", "self.addresses"])).out.trim()).toBe('["ada@example.org","a@example.org"]');
  }
  const wrong = await mh.here(["config", "set", "self.addresses", "[ada"]);
  expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining("is no list")]);
});
