import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { mhWithHome } from "./mh.ts";

test("K5 `mh why CLAIM` shows what speaks for it and against it, each with its words and what it rests on", async () => {
  using mh = mhWithHome();
  const told = await mh.here(["capture", "Sarah no longer works at Acme", "--json"]);
  const { id } = JSON.parse(told.out) as { id: string };
  const fact = { subject: "Sarah", predicate: "works-at", object: "Acme", sources: [id] };
  expect((await mh.here(["act", "fact.add", JSON.stringify(fact)])).code).toBe(0);
  const { code, out } = await mh.here(["why", "Sarah works at Acme"]);
  expect(code).toBe(0);
  expect(out).toMatch(/For:\s+Sarah — works-at: Acme\s+— told .* by fact \(owner\)[\s\S]*rests on/);
  expect(out).toMatch(/Against:\s+“Sarah no longer works at Acme”\s+— told .* by capture \(owner\)/);
  expect((await mh.here(["why", "Tom plays the xylophone"])).out).toContain("Nothing on record speaks for it");
});

test("K5 `mh why` of a preference says that commands wrote its file, and of one that a hand put there that none did", async () => {
  using mh = mhWithHome();
  const { id } = JSON.parse((await mh.here(["memory", "prefer", "No calls before ten", "--json"])).out) as {
    id: string;
  };
  expect((await mh.here(["why", id])).out).toMatch(/“No calls before ten”[\s\S]*as commands left it/);
  const byHand = "01900000-0000-7000-8000-00000000000a";
  fs.writeFileSync(path.join(mh.root, "memory/preferences/meat.md"), `---\nid: ${byHand}\n---\n\nNo meat.\n`);
  expect((await mh.here(["why", byHand])).out).toMatch(/“No meat.”[\s\S]*No command wrote it/);
});
