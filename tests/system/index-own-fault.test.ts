import * as fs from "node:fs";
import { defineContract } from "@mh/contract/contract.ts";
import { defineFeature } from "@mh/core/feature.ts";
import { defineOwn, defineQuery } from "@mh/core/kernel/skill.ts";
import type { Database } from "@mh/core/ports/database.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { z } from "zod";

const contractOf = <Kind extends "own" | "query">(kind: Kind) =>
  defineContract({
    name: `faulty.${kind}`,
    kind,
    title: "Do what does not fit",
    input: () => z.strictObject({}),
    output: () => z.strictObject({}),
    examples: [{ title: "Once", args: {} }],
    effects: [kind === "own" ? "write" : "read"],
    ...(kind === "own" && { undo: null, event: "faulty.done" }),
  });

/** Statements that no tables of ours fit, as a mistake would have them. */
const mistakes: Record<string, (db: Database) => unknown> = {
  "a table that there is not": (db) => db.prepare("SELECT * FROM absent").all(),
  "a column that there is not": (db) => db.prepare("SELECT absent FROM commands").all(),
  "a row that is there": (db) => db.exec("INSERT INTO trust VALUES ('a', 'b'); INSERT INTO trust VALUES ('a', 'b')"),
};

const inode = (home: TestHost) => fs.statSync(home.file("memory/index/index.db")).ino;

test.for(Object.keys(mistakes))(
  "R-13 a fault of ours (%s) costs the index once, and is then told as ours",
  async (what) => {
    const fail = (db: Database) => {
      (mistakes[what] as (db: Database) => unknown)(db);
      return {};
    };
    const own = defineOwn(contractOf("own"), { stored: "kept", apply: (_args, { tx }) => fail(tx.db) });
    const query = defineQuery(contractOf("query"), { run: (_args, { db }) => fail(db) });
    for (const skill of what === "a row that is there" ? [own] : [own, query]) {
      await using home = await makeHost({ skills: [skill] });
      await home.own("memory.capture", { text: "before" });
      const run = async () => {
        const outcome = await home.act("owner", skill.contract.name);
        return outcome.status === "failed" ? outcome.fault : undefined;
      };
      expect(await run()).toMatchObject({ code: "index.damaged" });
      await home.reopen();
      const made = inode(home);
      for (let n = 0; n < 2; n += 1) {
        expect(await run()).toMatchObject({ code: "skill.failed", message: expect.stringMatching(/a fault of mh/) });
        await home.reopen();
      }
      expect([inode(home), (await home.own("memory.list", {})).memories.length]).toEqual([made, 1]);
      // Long afterwards it may be damage.
      fs.utimesSync(home.file("memory/index/index.db-anew"), 0, 0);
      await home.reopen();
      expect(await run()).toMatchObject({ code: "index.damaged" });
    }
  },
);

test("R-13 tables that cannot be folded cost the index once, and opening then says that the fault is ours", async () => {
  const feature = defineFeature({
    name: "faulty",
    tables: [
      {
        ...{ name: "faulty", version: 1, schema: "CREATE TABLE faulty (id TEXT);", gives: { faulty: "nothing" } },
        folds: { intent: (db) => void mistakes["a column that there is not"]?.(db) },
      },
    ],
  });
  await using home = await makeHost();
  await home.own("memory.capture", { text: "before" });
  await home.close();
  const open = () => makeHost({ features: [feature], root: home.root, environment: home.environment });
  await expect(open()).rejects.toThrow(/a fault of mh/);
  const made = inode(home);
  await expect(open()).rejects.toThrow(/a fault of mh/);
  expect(inode(home)).toBe(made);
  await home.reopen();
  expect((await home.own("memory.list", {})).memories).toHaveLength(1);
});
