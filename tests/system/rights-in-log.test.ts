import * as fs from "node:fs";
import * as path from "node:path";
import { agent } from "@mh/contract/values/principal.ts";
import type { Entry, JournalRecord } from "@mh/contract/values/record.ts";
import { type ChainHead, emptyHead, seal } from "@mh/core/journal/chain.ts";
import { walk } from "@mh/core/journal/walk.ts";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { inspect } from "@mh/host/audit/inspect.ts";
import { journalReader } from "@mh/host/audit/journal-reader.ts";
import { checkHome } from "@mh/host/home/check-home.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";

const evil = agent("evil");
const grant: Entry = {
  ...{ phase: "grant", id: "g", ref: "g", principal: "owner" },
  body: { principal: evil, skill: "memory.list", scope: {} },
};

function headOf(home: TestHost): ChainHead {
  let head = emptyHead;
  for (const step of walk(journalReader(home.root), { head })) head = step.head;
  return head;
}

const logOf = (home: TestHost): string =>
  path.join(home.file("logs/audit"), fs.readdirSync(home.file("logs/audit")).sort().at(-1) ?? "");

async function findings(home: TestHost): Promise<string[]> {
  const found: string[] = [];
  for await (const { what, level, message } of checkHome(home.root, home.environment))
    if (what === "log" && level === "bad") found.push(message);
  return found;
}

for (const hasIndex of [true, false]) {
  test(`S7 a record that somebody appended to the log, its chain in order, gives nothing (the index there: ${hasIndex})`, async () => {
    await using home = await makeHost();
    await home.own("memory.capture", { text: "before" });
    await home.close();
    const head = headOf(home);
    const { line } = seal(nodeCrypto, head, grant, { now: home.clock.now(), boot: "x" });
    fs.appendFileSync(logOf(home), `${line}\n`);
    if (!hasIndex) fs.rmSync(home.file("memory/index"), { recursive: true });
    expect(inspect(home.root, home.environment).verify({})).toMatchObject({ status: "changed", seq: head.size });
    expect(await findings(home)).toEqual([expect.stringContaining(`record ${head.size}: this home did not write it`)]);
    await expect(home.reopen()).rejects.toMatchObject({
      code: "journal.damaged",
      message: expect.stringContaining(`record ${head.size} `),
    });
  });

  test(`S7 a log of another home in the place of this one's gives nothing (the index there: ${hasIndex})`, async () => {
    await using home = await makeHost();
    await using other = await makeHost();
    await home.own("memory.capture", { text: "before" });
    for (let n = 0; n < 5; n += 1) await other.own("grant.give", { principal: evil, skill: "memory.list" });
    await home.close();
    await other.close();
    fs.rmSync(home.file("logs/audit"), { recursive: true });
    fs.cpSync(other.file("logs/audit"), home.file("logs/audit"), { recursive: true });
    if (!hasIndex) fs.rmSync(home.file("memory/index"), { recursive: true });
    expect((await findings(home)).length).toBeGreaterThan(0);
    await expect(home.reopen()).rejects.toMatchObject({ code: "journal.damaged" });
  });
}

test("S7 a log without any mark of this home's is refused where the witness saw another", async () => {
  await using home = await makeHost();
  await home.own("memory.capture", { text: "before" });
  await home.close();
  let head = emptyHead;
  const lines = fs.readFileSync(logOf(home), "utf8").trimEnd().split("\n");
  const forged = [...lines.map((line) => JSON.parse(line) as JournalRecord), grant].map((record) => {
    const { v, seq, ts, hlc, boot, mac, prev, hash, ...entry } = record as JournalRecord;
    const sealed = seal(nodeCrypto, head, entry, { now: home.clock.now(), boot: "x" });
    head = sealed.head;
    return sealed.line;
  });
  fs.writeFileSync(logOf(home), `${forged.join("\n")}\n`);
  fs.rmSync(home.file("memory/index"), { recursive: true });
  await expect(home.reopen()).rejects.toMatchObject({ code: "journal.damaged" });
});
