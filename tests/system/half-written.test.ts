import * as fs from "node:fs";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";

/** What a command does, and what a home says of it. */
const commands: [skill: string, args: object, isThere: (home: TestHost) => Promise<boolean>][] = [
  [
    "grant.give",
    { principal: "agent:mail", skill: "memory.list" },
    async (home) => (await home.own("grant.list", {})).grants.some(({ principal }) => principal === "agent:mail"),
  ],
  // Its data are the file, and its record is that the owner adopted what the file now allows.
  [
    "config.set",
    { name: "rate.commandsPerHour", value: 5000 },
    async (home) => JSON.stringify((await home.own("config.show", {})).inForce.rate).includes("5000"),
  ],
];

for (const [skill, args, isThere] of commands)
  test(`R-9 a log cut anywhere in what ${skill} wrote has all of it or nothing`, async () => {
    await using home = await makeHost();
    await home.own("trust.set", { principal: "agent:mail", level: "observe" });
    await home.close();
    const [name] = fs.readdirSync(home.file("logs/audit")).sort().slice(-1);
    const log = home.file(`logs/audit/${name}`);
    const before = fs.statSync(log).size;
    await home.reopen();
    const { id } = await home.act("owner", skill, args);
    await home.close();
    const whole = fs.readFileSync(log);
    const settings = fs.readFileSync(home.file("config.yaml"));
    const keys = `${home.environment.HOME}/.config/mh`;
    const [keyFolder] = fs.readdirSync(keys).filter((each) => fs.existsSync(`${keys}/${each}/witness`));
    const lines = whole.subarray(before).toString().split("\n");
    // An intent, what goes with its outcome, and that.
    expect(lines.length).toBeGreaterThan(3);
    const seen = new Set<boolean>();
    // Each place between two records, the middle of each, and where it lacks its end alone.
    for (let n = 0, at = before; n < lines.length - 1; at += (lines[n] as string).length + 1, n += 1)
      for (const end of [at, at + 20, at + (lines[n] as string).length]) {
        fs.rmSync(home.file("memory/index"), { recursive: true });
        fs.rmSync(`${keys}/${keyFolder}/witness`, { force: true });
        fs.writeFileSync(log, whole.subarray(0, end));
        fs.writeFileSync(home.file("config.yaml"), settings);
        await home.reopen();
        const isDone = (await home.host.wait(id))?.status === "done";
        expect([end, await isThere(home)]).toEqual([end, isDone]);
        seen.add(isDone);
        await home.close();
      }
    expect(seen).toContain(false);
  });
