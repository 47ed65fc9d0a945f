import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { defineContract } from "@mh/contract/contract.ts";
import { defineOwn } from "@mh/core/kernel/skill.ts";
import { utf8 } from "@mh/core/ports/bytes.ts";
import { makeHost } from "@mh/testing";
import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";

const contract = defineContract({
  name: "bench.write",
  kind: "own",
  title: "Write a file in parts",
  input: () => z.strictObject({ name: z.string().describe("What it is called") }),
  output: () => z.strictObject({}),
  examples: [{ title: "One", args: { name: "one" } }],
  effects: ["write"],
  event: "bench.written",
});

const fileOf = (name: string) => `memory/snapshots/${name}.ndjson`;

/** Writes a file of what `textsOf` gives each time. */
function writing(textsOf: (name: string) => () => string[]) {
  return defineOwn(contract, {
    stored: "once",
    apply({ name }, { tx }) {
      const texts = textsOf(name);
      tx.writeParts(fileOf(name), () => texts().map((text) => utf8.encode(text)));
      return {};
    },
  });
}

test("R-8 a file in parts is what its intent says, or it is not written, and its command did nothing", async () => {
  let times = 0;
  await using home = await makeHost({ skills: [writing(() => () => ["one\n", `${++times}\n`])] });
  const outcome = await home.act("owner", "bench.write", { name: "x" });
  expect(outcome).toMatchObject({ status: "failed", fault: { code: "disk.failed" } });
  expect(fs.readdirSync(home.file("memory/snapshots"))).toEqual([]);
  await home.own("memory.capture", { text: "After it" });
  await home.reopen();
  expect((await home.own("damage.list", {})).documents).toEqual([]);
});

test("R-8 no command comes between the two times that a file in parts is asked for", async () => {
  let latest = "";
  const textsOf = (name: string) => {
    latest = name;
    return () => [`${latest}\n`];
  };
  await using home = await makeHost({ skills: [writing(textsOf)] });
  const names = ["a", "b", "c"];
  await Promise.all(names.map((name) => home.own("bench.write", { name })));
  expect(names.map((name) => fs.readFileSync(home.file(fileOf(name)), "utf8"))).toEqual(["a\n", "b\n", "c\n"]);
});

test("R-15 a snapshot is written in parts, and restored as it was whatever its length", async () => {
  await using home = await makeHost();
  const words = (n: number) => `Entry ${n}: ${"the river and the garden ".repeat(900)}`;
  const items = Array.from({ length: 200 }, (_, n) => ({ externalId: `m${n}`, content: words(n) }));
  for (let from = 0; from < items.length; from += 50)
    await home.own("memory.import", { source: "s", from: "s.ndjson", items: items.slice(from, from + 50) });
  const { id } = await home.own("memory.capture", { text: "As it was" });
  const written: number[] = [];
  const write = fs.writeFileSync;
  vi.spyOn(fs, "writeFileSync").mockImplementation((file, bytes, ...more) => {
    written.push(bytes instanceof Uint8Array ? bytes.length : 0);
    write(file, bytes, ...more);
  });
  onTestFinished(() => {
    vi.restoreAllMocks();
    syncBuiltinESMExports();
  });
  syncBuiltinESMExports();
  const made = await home.own("snapshot.create", { name: "long" });
  await home.own("memory.edit", { id, text: "As it became" });
  const size = fs.statSync(home.file(made.path)).size;
  expect(written.reduce((sum, length) => sum + length)).toBeGreaterThanOrEqual(size);
  expect(Math.max(...written)).toBeLessThan(size / 3);
  const { state, reverted, same } = await home.own("snapshot.preview", { name: "long" });
  expect([state, reverted, same]).toEqual(["sound", 1, 200 + made.documents]);
  await home.reopen();
  expect(await home.own("snapshot.restore", { name: "long" })).toMatchObject({ reverted: 1 });
  expect((await home.own("memory.show", { id })).memory.content).toBe("As it was");
});
