import * as fs from "node:fs";
import * as path from "node:path";
import type { DeviceRow } from "@mh/core/devices/devices-table.ts";
import { indexFile } from "@mh/host/places.ts";
import { makeHost, type TestHost } from "@mh/testing";
import Sqlite from "better-sqlite3";
import { expect, test } from "vitest";

const evilGrant = `INSERT OR REPLACE INTO grants VALUES ('g1', 'agent:evil', 'memory.list', '{}', NULL, NULL, 1, 'given')`;

function tamper(file: string, sql: string): void {
  const db = new Sqlite(file);
  try {
    db.exec(sql);
  } finally {
    db.close();
  }
}

/** Every file of a home that rights are read from, with what stands in it. */
function filesOf(home: TestHost): Map<string, string> {
  const names = fs.readdirSync(home.root, { recursive: true, encoding: "utf8" });
  const files = names.filter((name) => fs.statSync(home.file(name)).isFile());
  return new Map(
    files.filter((name) => /^(memory|persona|logs|config)/.test(name)).map((name) => [name, read(home, name)]),
  );
}

const read = (home: TestHost, name: string): string => fs.readFileSync(home.file(name)).toString("base64");

test("S7 another home of the same person, put in the place of this one's index, gives nothing", async () => {
  await using home = await makeHost();
  await using other = await makeHost({ environment: home.environment });
  await home.own("memory.capture", { text: "mine" });
  await other.own("grant.give", { principal: "agent:evil", skill: "memory.list" });
  await other.own("trust.set", { principal: "agent:evil", level: "adaptive_auto" });
  await home.close();
  await other.close();
  fs.copyFileSync(indexFile(other.root), indexFile(home.root));
  await home.reopen();
  expect((await home.act("agent:evil", "memory.list")).status).toBe("denied");
  expect((await home.own<{ hits: unknown[] }>("memory.search", { q: "mine" })).hits).toHaveLength(1);
});

test("S7 a sandboxed program has no way to what rights are read from: its folder is never in a home", async () => {
  await using home = await makeHost();
  await home.own("memory.capture", { text: "before" });
  const before = filesOf(home);
  for (const folder of ["memory/index", "memory/semantic", "logs/audit", "persona", "."]) {
    fs.mkdirSync(home.file(folder), { recursive: true });
    const outcome = await home.act("owner", "shell.run", { argv: ["touch", "evil"], cwd: home.file(folder) });
    expect([folder, outcome.status]).not.toEqual([folder, "done"]);
    expect(fs.existsSync(path.join(home.file(folder), "evil"))).toBe(false);
  }
  // Nothing but the log has grown, and it says that each was refused.
  const changed = [...filesOf(home)].filter(([name, text]) => before.get(name) !== text).map(([name]) => name);
  expect(changed.filter((name) => !/^(logs\/|memory\/index\/)/.test(name))).toEqual([]);
});

test("S7 a stolen device gives itself nothing: its revocation outlives its row, and its token under another name", async () => {
  await using home = await makeHost();
  const { id, token } = await home.own<{ id: string; token: string }>("device.add", { name: "phone", role: "admin" });
  const isIn = () => home.host.callerByToken(token) !== undefined;
  expect(isIn()).toBe(true);
  const more = await home.act("owner/phone", "device.add", { name: "tablet", role: "admin" });
  expect(more.status).toBe("denied");
  await home.own("device.revoke", { device: id });
  expect(isIn()).toBe(false);
  const db = new Sqlite(indexFile(home.root), { readonly: true });
  const row = db.prepare("SELECT * FROM devices").get() as DeviceRow;
  db.close();
  const insert = "INSERT INTO devices (id, kind, name, token_hash, added_ms, role, may) VALUES";
  const back = [
    "UPDATE devices SET revoked_ms = NULL",
    `${insert} ('d2', 'device', 'tablet', '${row.token_hash}', 1, 'admin', '[]')`,
    `${insert} ('d3', 'client', 'page', '${row.token_hash}', 1, 'admin', '[]')`,
  ];
  for (const sql of back) {
    tamper(indexFile(home.root), `${sql}; ${evilGrant}`);
    expect(isIn()).toBe(false);
    await home.close();
    await home.reopen();
    expect(isIn()).toBe(false);
  }
});
