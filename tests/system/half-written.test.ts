import * as fs from "node:fs";
import { makeHost } from "@mh/testing";
import { expect, test } from "vitest";

test("R-9 a log cut anywhere in what one command wrote has all of it or nothing", async () => {
  await using home = await makeHost();
  await home.own("trust.set", { principal: "agent:mail", level: "observe" });
  await home.close();
  const [name] = fs.readdirSync(home.file("logs/audit")).sort().slice(-1);
  const log = home.file(`logs/audit/${name}`);
  const before = fs.statSync(log).size;
  await home.reopen();
  const { id } = await home.act("owner", "grant.give", { principal: "agent:mail", skill: "memory.list" });
  await home.close();
  const whole = fs.readFileSync(log);
  const keys = `${home.environment.HOME}/.config/mh`;
  const [keyFolder] = fs.readdirSync(keys).filter((each) => fs.existsSync(`${keys}/${each}/witness`));
  const lines = whole.subarray(before).toString().split("\n");
  // Each place between two records, and the middle of each.
  for (let n = 0, at = before; n < lines.length - 1; at += (lines[n] as string).length + 1, n += 1)
    for (const end of [at, at + 20]) {
      fs.rmSync(home.file("memory/index"), { recursive: true });
      fs.rmSync(`${keys}/${keyFolder}/witness`, { force: true });
      fs.writeFileSync(log, whole.subarray(0, end));
      await home.reopen();
      const { grants } = await home.own("grant.list", {});
      const isDone = (await home.host.wait(id))?.status === "done";
      expect([end, grants.some(({ principal }) => principal === "agent:mail")]).toEqual([end, isDone]);
      await home.close();
    }
});
