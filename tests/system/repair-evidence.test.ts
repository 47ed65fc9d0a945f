import * as fs from "node:fs";
import { agent } from "@mh/contract/values/principal.ts";
import { recordHash } from "@mh/core/journal/chain.ts";
import { canonical } from "@mh/core/model/canonical.ts";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { inspect } from "@mh/host/audit/inspect.ts";
import { followLog } from "@mh/host/backup/follow-log.ts";
import { lookAtLog, repairLog } from "@mh/host/home/repair-log.ts";
import { makeHost } from "@mh/testing";
import { expect, test } from "vitest";
import {
  change,
  forkedHome,
  lastDay,
  logged,
  recordOf,
  repair,
  textsOf,
  threeDays,
  verified,
  witnessOf,
} from "../support/broken-log.ts";
import { filesBelow } from "../support/files-below.ts";

test("R-4 what somebody else wrote into a log is kept, and gives no right", async () => {
  const { home } = await logged(["before"]);
  await using _closing = home;
  const { id } = await home.own("grant.give", { principal: agent("mine"), skill: "task.list" });
  await home.own("grant.revoke", { id });
  await logged(["after"], home);
  await home.close();
  const { lines, write } = lastDay(home);
  const at = lines.findIndex((line) => recordOf(line).phase === "grant");
  const head = recordOf(lines.at(-1));
  const { mac: _, hash: _1, ...grant } = recordOf(lines[at]);
  // Without the home's key, and with one that was given and taken back.
  const made = { ...grant, ref: nodeCrypto.id(), seq: head.seq + 1, prev: head.hash };
  const forged = canonical({ ...made, hash: recordHash(nodeCrypto, made) });
  write([...lines, forged, lines[at] as string]);
  const { plan, done } = await repair(home);
  expect([plan.survey.bad, plan.survey.doubled, done.carried]).toMatchObject([{ count: 1 }, 1, 0]);
  await home.reopen();
  expect((await home.own("grant.list", {})).grants.filter(({ status }) => status === "given")).toEqual([]);
});

test("R-4 where records are lost STOP stands, for a right that they took back stands again", async () => {
  const { home } = await logged(["before"]);
  await using _closing = home;
  const { id } = await home.own("grant.give", { principal: agent("mine"), skill: "task.list" });
  await home.own("grant.revoke", { id });
  await home.close();
  const { lines, write } = lastDay(home);
  write(lines.filter((line) => recordOf(line).phase !== "revoke"));
  await repair(home);
  await home.reopen();
  expect(await home.act("agent:mine", "task.list")).toMatchObject({
    status: "denied",
    reason: expect.stringMatching(/STOP/i),
  });
});

test("R-4 a record that one branch lost is lost, though the other one has its number: STOP stands", async () => {
  const { home } = await logged(["before"]);
  await using _closing = home;
  const { id } = await home.own("grant.give", { principal: agent("mine"), skill: "task.list" });
  const capture = async (text: string) => void (await home.own("memory.capture", { text }));
  await forkedHome(home, [
    async () => {
      await home.own("grant.revoke", { id });
      await capture("after it");
    },
    async () => {
      for (const text of ["one", "two", "three", "four"]) await capture(text);
    },
  ]);
  const { lines, write } = lastDay(home);
  const gone = recordOf(lines.find((line) => recordOf(line).phase === "revoke"));
  write(lines.filter((line) => recordOf(line).hash !== gone.hash));
  const { plan, done } = await repair(home);
  expect([plan.lost, done.isStopped]).toEqual([[{ from: gone.seq, to: gone.seq + 1 }], true]);
});

test("R-4 a home that was repaired can be backed up, and what is cut from its log afterwards is missed", async () => {
  const { home } = await logged(["before"]);
  await using _closing = home;
  await logged(["lost", "behind"], home);
  await home.close();
  const { lines, write } = lastDay(home);
  write(lines.toSpliced(lines.findIndex((line) => recordOf(line).phase === "checkpoint") + 1, 1));
  await repair(home);
  expect(followLog(home.root).damage).toBe(undefined);
  await home.reopen();
  await home.own("kernel.resume", {});
  await logged(["five", "six", "seven", "eight"], home);
  await home.close();
  expect(verified(home).status).toBe("repaired");
  const after = lastDay(home);
  after.write(after.lines.slice(0, -3));
  fs.rmSync(home.file("memory/index"), { recursive: true });
  expect(verified(home).status).toBe("truncated");
});

test("R-4 what a repair kept is evidence: a change there, or one of what was taken over, is named", async () => {
  const { home } = await threeDays();
  await using _closing = home;
  await home.close();
  change(home, "03", (lines) => lines.toSpliced(2, 1));
  const { plan, done } = await repair(home);
  const kept = home.file(`${done.kept}/logs/audit/2026-03-04.ndjson`);
  const text = fs.readFileSync(kept, "utf8");
  fs.writeFileSync(kept, text.replace('"ts":"2026', '"ts":"2126'));
  expect(verified(home)).toMatchObject({
    status: "changed",
    seq: plan.survey.head.size,
    reason: expect.stringContaining("is not what it kept"),
  });
  fs.rmSync(kept);
  expect(verified(home)).toMatchObject({ status: "changed", reason: expect.stringContaining("is not there") });
  fs.writeFileSync(kept, text);
  expect(verified(home)).toMatchObject({ status: "repaired" });
  // Somebody who has the keys takes one over that was never there.
  const { head } = plan.survey;
  const { lines, write } = lastDay(home);
  const first = lines.findIndex((line) => recordOf(line).seq === head.size + 1);
  let prev = recordOf(lines[first]).prev;
  const forged = lines.slice(first).map((line, n) => {
    const { mac: _, hash: _1, ...record } = recordOf(line);
    const made = { ...record, prev, ...(n === 0 && { principal: "agent:other" as const }) };
    prev = recordHash(nodeCrypto, made);
    return canonical({ ...made, hash: prev });
  });
  write([...lines.slice(0, first), ...forged]);
  const seen = inspect(home.root, home.environment).verify({});
  expect(seen).toMatchObject({
    status: "changed",
    seq: head.size + 1,
    reason: expect.stringContaining("did not find it"),
  });
});

test("R-4 a checkpoint that was kept elsewhere before the repair still holds", async () => {
  const { home } = await logged(["before"]);
  await using _closing = home;
  await home.close();
  const notes: string[] = [fs.readFileSync(witnessOf(home), "utf8")];
  await forkedHome(
    home,
    ["A", "B"].map((name) => async () => {
      await logged([`${name} one`, `${name} two`], home);
      await home.close();
      notes.push(fs.readFileSync(witnessOf(home), "utf8"));
      await home.reopen();
    }),
  );
  await repair(home);
  const files = notes.map((note, n) => {
    fs.writeFileSync(home.file(`../note-${n}`), note);
    return home.file(`../note-${n}`);
  });
  expect(inspect(home.root, home.environment).verify({ witnessFiles: files })).toMatchObject({ status: "repaired" });
  const other = await logged(["another home"]);
  await using _other = other.home;
  await other.home.close();
  expect(inspect(home.root, home.environment).verify({ witnessFiles: [witnessOf(other.home)] })).toMatchObject({
    status: "bad-signature",
  });
});

test("R-4 a repair that is cut off anywhere leaves the log as it was, or is carried on", async () => {
  const { home } = await logged(["before"]);
  await using _closing = home;
  await forkedHome(
    home,
    ["A", "B"].map((name) => async () => void (await logged([`${name} one`], home))),
  );
  const [root, keys] = [home.root, witnessOf(home)];
  const before = { home: `${root}-before`, witness: fs.readFileSync(keys) };
  fs.cpSync(root, before.home, { recursive: true });
  class Cut extends Error {}
  for (let at = 0; ; at += 1) {
    fs.rmSync(root, { recursive: true });
    fs.cpSync(before.home, root, { recursive: true });
    fs.writeFileSync(keys, before.witness);
    const plan = lookAtLog(root, home.environment);
    let step = 0;
    const cut = () => {
      if (step++ === at) throw new Cut();
    };
    const isCut = await repairLog(root, home.environment, String(plan?.fingerprint), cut).then(
      () => false,
      (error: unknown) => {
        if (!(error instanceof Cut)) throw error;
        return true;
      },
    );
    const again = lookAtLog(root, home.environment);
    if (again) await repairLog(root, home.environment, again.fingerprint);
    expect([at, verified(home).status, verified(home).repairs?.length]).toEqual([at, "repaired", 1]);
    await home.reopen();
    expect(await textsOf(home)).toEqual(["A one", "B one", "before"]);
    await home.close();
    if (isCut) continue;
    expect(at).toBeGreaterThan(5);
    return;
  }
});

test("R-4 nothing is done but what was shown", async () => {
  const { home } = await threeDays();
  await using _closing = home;
  await home.close();
  expect(lookAtLog(home.root, home.environment)).toBeUndefined();
  change(home, "03", (lines) => lines.toSpliced(2, 1));
  const plan = lookAtLog(home.root, home.environment);
  change(home, "03", (lines) => lines.toSpliced(4, 1));
  const files = filesBelow(home.root);
  await expect(repairLog(home.root, home.environment, String(plan?.fingerprint))).rejects.toMatchObject({
    code: "history.stale",
  });
  expect(filesBelow(home.root)).toEqual(files);
  await using other = await makeHost();
  expect(() => lookAtLog(other.root, other.environment)).toThrow(expect.objectContaining({ code: "home.busy" }));
});
