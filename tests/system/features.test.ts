import { owner } from "@mh/contract/values/principal.ts";
import { defineFeature } from "@mh/core/feature";
import type { Database } from "@mh/core/ports/database.ts";
import { openHome } from "@mh/host";
import { openProjection } from "@mh/host/adapters/sqlite.ts";
import { indexFile } from "@mh/host/places.ts";
import { makeHost } from "@mh/testing";
import { expect, test } from "vitest";

/** Counts what was done by whom. */
const tally = (version: number) =>
  defineFeature({
    name: "tally",
    tables: [
      {
        name: "tally",
        version,
        schema: "\nCREATE TABLE tally (principal TEXT PRIMARY KEY, n INTEGER NOT NULL);\n",
        gives: { tally: "nothing" },
        folds: {
          intent: (db: Database, { principal }) =>
            db
              .prepare("INSERT INTO tally VALUES (?, 1) ON CONFLICT (principal) DO UPDATE SET n = n + ?")
              .run(principal, version),
        },
      },
    ],
  });

function countOf(root: string): number | undefined {
  const db = openProjection(indexFile(root), { readonly: true });
  try {
    return (db.prepare("SELECT n FROM tally WHERE principal = ?").get(owner) as { n: number } | undefined)?.n;
  } finally {
    db.close();
  }
}

test("a feature's tables are made anew when it comes, when its version rises, and when it was away meanwhile", async () => {
  await using home = await makeHost();
  const { root, environment } = home;
  await home.own("memory.capture", { text: "before the feature came" });
  await home.close();
  const live = async (features: ReturnType<typeof tally>[], text: string) => {
    await using host = await openHome(root, { environment, features });
    expect((await host?.act({ principal: owner, skill: "memory.capture", args: { text } }))?.status).toBe("done");
  };
  await live([tally(1)], "with it");
  expect(countOf(root)).toBe(2);
  await live([], "without it");
  expect(() => countOf(root)).toThrow("no such table");
  await live([tally(1)], "with it again");
  expect(countOf(root)).toBe(4);
  await live([tally(10)], "with its next version");
  expect(countOf(root)).toBe(41);
});

test("two features of one name are refused", async () => {
  await using home = await makeHost();
  const { root, environment } = home;
  await home.close();
  await expect(openHome(root, { environment, features: [tally(1), tally(2)] })).rejects.toThrow("Two features");
  await home.reopen();
});
