import * as fs from "node:fs";
import * as path from "node:path";
import { agent } from "@mh/contract/values/principal.ts";
import { makeHost } from "@mh/testing";
import { expect, test } from "vitest";

const runner = agent("runner");

test("S18 neither a grant, trust nor a plan lets a program that may run others run unasked, and the request says so", async () => {
  await using home = await makeHost();
  const task = { id: "0199c1a2-0000-7000-8000-000000000001", words: "find and sort x in /srv/photos" };
  await home.own("grant.give", { principal: runner, skill: "shell.run", scope: { paths: ["/"] } });
  await home.own("trust.set", { principal: runner, level: "adaptive_auto" });
  const step = { skill: "shell.run", scope: {}, args: {}, times: 5 };
  await home.own("grant.plan", {
    principal: runner,
    task: "0199c1a2-0000-7000-8000-000000000001",
    title: "Sort",
    steps: [step],
  });
  for (const argv of [["find", "x"], ["sort", "--compress-prog", "x"], ["mh-no-such-program"]]) {
    const outcome = await home.act(runner, "shell.run", { argv }, { task });
    expect(outcome).toMatchObject({ status: "parked" });
    const { command } = await home.own("approval.show", { id: outcome.id });
    expect(command?.warning).toContain("may run other programs");
  }
});

test("S18 a grant or a plan step for such a program is refused, with the reason", async () => {
  await using home = await makeHost();
  const scope = { paths: ["/usr/bin/find"] };
  const fault = {
    status: "failed",
    fault: { code: "args.invalid", message: expect.stringContaining("may run other") },
  };
  const step = { skill: "shell.run", scope, args: {}, times: 5 };
  expect(await home.act("owner", "grant.give", { principal: runner, skill: "shell.run", scope })).toMatchObject(fault);
  expect(
    await home.act("owner", "grant.plan", {
      principal: runner,
      task: "0199c1a2-0000-7000-8000-000000000001",
      title: "Find",
      steps: [step],
    }),
  ).toMatchObject(fault);
});

test("S13 copies of approved files that a crash left are gone at the next opening", async () => {
  await using home = await makeHost();
  const left = path.join(home.root, "run", "approved", "approved-x");
  fs.mkdirSync(left, { recursive: true });
  fs.writeFileSync(path.join(left, "file"), "of an earlier process");
  await home.reopen();
  expect(fs.existsSync(left)).toBe(false);
});
