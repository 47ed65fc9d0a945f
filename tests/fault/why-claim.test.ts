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

test("K5 `mh why` of a preference names its proposal and the memories it was learned from, and `mh memory show` how often it held", async () => {
  using mh = mhWithHome();
  const captured = async (text: string): Promise<string> =>
    (JSON.parse((await mh.here(["capture", text, "--json"])).out) as { id: string }).id;
  const source = await captured("I prefer calls in the morning");
  const does = { type: "preference", text: "I prefer calls in the morning" };
  const made = await mh.here([
    "act",
    "proposal.make",
    JSON.stringify({ does, why: "You said it.", sources: [source] }),
  ]);
  const { id: proposal } = JSON.parse(made.out) as { id: string };
  const { out } = await mh.here(["proposal", "accept", proposal, "--json"]);
  const [preference = ""] = (JSON.parse(out) as { made: string[] }).made;
  await captured("I don’t prefer calls in the morning");
  const told = (await mh.here(["why", preference])).out;
  expect(told).toContain(`You said it.  ${proposal.slice(-8)}`);
  expect(told).toMatch(new RegExp(`Learned from:\\s+“I prefer calls in the morning”.*${source.slice(-8)}`));
  const shown = (await mh.here(["memory", "show", preference])).out;
  expect(shown).toMatch(
    /Held on 1 day, last (?:today|yesterday) \d\d:\d\d; 1 memory against it:\s+“I don’t prefer calls/,
  );
  expect((await mh.here(["memory", "show", preference, "--json"])).out).toContain('"evidence":{');
  await mh.here(["memory", "forget", source, "--yes"]);
  expect((await mh.here(["why", preference])).out).toContain("1 memory that it was learned from is gone.");
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
