import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Following } from "@mh/contract/client.ts";
import type { JournalRecord } from "@mh/contract/values/record.ts";
import { clientOf } from "@mh/host/connect/client.ts";
import { dial } from "@mh/host/connect/dial.ts";
import { afterEach, expect, test } from "vitest";
import { expectSound } from "../support/expect-sound.ts";
import { type Mh, mhWithHome } from "./mh.ts";

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

const notes = 10_000;

function writeNotes(folder: string): string {
  const file = path.join(folder, "notes.ndjson");
  const line = (n: number) => JSON.stringify({ id: `n${n}`, content: `Note ${n}: water the plants by the lake` });
  fs.writeFileSync(file, Array.from({ length: notes }, (_, n) => `${line(n)}\n`).join(""));
  return file;
}

/** The log as its files hold it; a last line that is being written is left out. */
function journal({ root }: Mh): JournalRecord[] {
  const texts = fs.globSync("logs/audit/*.ndjson", { cwd: root }).sort();
  const lines = texts.flatMap((name) => fs.readFileSync(path.join(root, name), "utf8").split("\n").slice(0, -1));
  return lines.map((line) => JSON.parse(line) as JournalRecord);
}

const ofSkill = (mh: Mh, skill: string, phase: "intent" | "outcome"): JournalRecord[] =>
  journal(mh).filter((record) => record.phase === phase && record.skill?.startsWith(`${skill}@`));

/** Its last outcome says that it was interrupted, and `mh why` does. */
function expectInterrupted(mh: Mh, skill: string): JournalRecord {
  const end = ofSkill(mh, skill, "outcome").at(-1) as JournalRecord;
  expect(end.outcome?.status).toBe("interrupted");
  expect(mh.run(["why", end.id]).out).toContain("ended: interrupted");
  return end;
}

/** `mh up`, and where it answers. */
async function up(mh: Mh): Promise<{ url: string; token: string }> {
  fs.appendFileSync(path.join(mh.root, "config.yaml"), "\ndaemon:\n  port: 0\n");
  const entry = path.join(import.meta.dirname, "../../dist/mh.js");
  const child = spawn(process.execPath, [entry, "--home", mh.root, "up"], {
    env: { PATH: process.env.PATH, HOME: mh.config, NO_COLOR: "1" },
  });
  running.push(child);
  const said = await new Promise<string>((resolve) => child.stdout.once("data", (chunk) => resolve(String(chunk))));
  const page = new URL(/http:\S+/.exec(said)?.[0] ?? "");
  return { url: page.origin, token: mh.run(["daemon", "token"]).out.trim() };
}

test("Ctrl-C in a long import ends it, the log says so, and the next one goes on; both are one thing to undo", async () => {
  using mh = mhWithHome();
  const file = writeNotes(mh.config);
  const first = mh.startInterruptible(["import", file]);
  await expect.poll(() => ofSkill(mh, "memory.import", "outcome").length).toBeGreaterThan(2);
  first.interrupt();
  const ended = await first.ended;
  expect([ended.code, ended.err]).toEqual([130, expect.stringContaining("You pressed Ctrl-C")]);
  expectInterrupted(mh, "import.run");
  const second = mh.run(["import", file]);
  const [, added = 0, known = 0] = /(\d+) added, (\d+) known already/.exec(second.out) ?? [];
  expect([Number(added) > 0, Number(known) > 0, Number(added) + Number(known)]).toEqual([true, true, notes]);
  expect(mh.run(["undo"]).out).toContain(`memory.import (${notes.toLocaleString("en")} memories, `);
  expect(mh.run(["audit", "verify"]).code).toBe(0);
  await expectSound(mh.root);
});

test("an import through the daemon is seen by a second client, and Ctrl-C reaches it there", async () => {
  using mh = mhWithHome();
  const file = writeNotes(mh.config);
  await up(mh);
  const connection = await dial(mh.root, { HOME: mh.config });
  if (!connection) throw new Error("Nobody listens.");
  await using _connection = connection;
  const other = clientOf(connection.request);
  const heard: number[] = [];
  await using _following: Following = other.follow({ onProgress: ({ done }) => heard.push(done) });
  const importing = mh.startInterruptible(["import", file]);
  await expect.poll(() => heard.length).toBeGreaterThan(2);
  importing.interrupt();
  expect((await importing.ended).code).toBe(130);
  const end = expectInterrupted(mh, "import.run");
  // The record was there before the client was told.
  expect(heard.length).toBeLessThan(notes / 500);
  expect(end.principal).toBe("owner");
});

test("a second Ctrl-C ends at once, and a client that is killed ends what it began in the daemon", async () => {
  using mh = mhWithHome();
  const file = writeNotes(mh.config);
  await up(mh);
  const importing = mh.startInterruptible(["import", file]);
  await expect.poll(() => ofSkill(mh, "memory.import", "outcome").length).toBeGreaterThan(0);
  importing.interrupt();
  importing.interrupt();
  expect((await importing.ended).code).toBe(130);
  await expect.poll(() => ofSkill(mh, "import.run", "outcome").at(-1)?.outcome?.status).toBe("interrupted");
});

test("an HTTP request that is closed ends its run, and DELETE ends one that nobody waits for", async () => {
  using mh = mhWithHome();
  const file = writeNotes(mh.config);
  const { url, token } = await up(mh);
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const ask = (more: RequestInit & { headers?: object } = {}) =>
    fetch(`${url}/v1/command`, {
      ...{ method: "POST", body: JSON.stringify({ skill: "import.run", args: { path: file } }), ...more },
      headers: { ...headers, ...more.headers },
    });
  const leave = new AbortController();
  const waiting = ask({ signal: leave.signal }).catch(() => undefined);
  await expect.poll(() => ofSkill(mh, "memory.import", "outcome").length).toBeGreaterThan(0);
  leave.abort();
  await waiting;
  await expect.poll(() => ofSkill(mh, "import.run", "outcome").length).toBe(1);
  expectInterrupted(mh, "import.run");

  const begun = await ask({ headers: { prefer: "respond-async" } });
  const at = `${url}${begun.headers.get("location")}`;
  const seen = ofSkill(mh, "memory.import", "outcome").length;
  await expect.poll(() => ofSkill(mh, "memory.import", "outcome").length).toBeGreaterThan(seen);
  expect((await fetch(at, { method: "DELETE", headers })).status).toBe(202);
  const over = (await (await fetch(`${at}?wait=60`, { headers })).json()) as object;
  expect([begun.status, over]).toMatchObject([202, { state: "over", outcome: { status: "interrupted" } }]);
  expectInterrupted(mh, "import.run");
});
