import * as fs from "node:fs";
import * as path from "node:path";
import type { ValueFor } from "@mh/contract/contracts.ts";
import { makeHost, randomFrom, type TestHost, testClock } from "@mh/testing";
import { expect, inject, test } from "vitest";
import { forget } from "../support/forget.ts";
import { makePlace } from "../support/make-place.ts";

type Imported = ValueFor<"import.run">;
type Listed = { id: string; externalId?: string; content: string; source: string };

/** Writes files below a folder, long enough ago for their times to tell them apart. */
function lay(folder: string, files: Record<string, string>): string {
  const before = new Date(Date.now() - 60_000);
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
    fs.utimesSync(file, before, before);
  }
  return folder;
}

const run = (home: TestHost, folder: string, more = {}) => home.own<Imported>("import.run", { path: folder, ...more });
const counts = ({ added, updated, duplicate, gone }: Imported) => ({ added, updated, duplicate, gone });
async function memories(home: TestHost): Promise<Listed[]> {
  const { memories: all } = await home.own<{ memories: Listed[] }>("memory.list", { limit: 1000 });
  return all.filter(({ source }) => source !== "proposal");
}
const said = async (home: TestHost) => (await memories(home)).map(({ content }) => content).sort();

const notes = {
  "Tea.md": "Green tea from Uji.\n\n# Brewing\n\nTwo minutes.\n\n# Cups\n\nThe blue one.",
  "People/Ann.md": "Ann lives in Porto.",
  "People/Tom.md": "Tom plays the cello.",
};

test("H26 a vault that was moved, cloned or lies in another folder is the same vault", async () => {
  await using home = await makeHost();
  using place = makePlace();
  const first = lay(path.join(place.folder, "notes"), notes);
  expect(counts(await run(home, first))).toEqual({ added: 5, updated: 0, duplicate: 0, gone: 0 });
  const before = await said(home);
  const moved = path.join(place.folder, "elsewhere");
  fs.renameSync(first, moved);
  const clone = lay(path.join(place.folder, "clone"), { ...notes, "People/New.md": "Ines paints." });
  expect(counts(await run(home, moved))).toEqual({ added: 0, updated: 0, duplicate: 5, gone: 0 });
  expect(counts(await run(home, path.join(moved, "People")))).toEqual({ added: 0, updated: 0, duplicate: 2, gone: 0 });
  expect(await said(home)).toEqual(before);
  const cloned = await run(home, clone);
  expect([counts(cloned), cloned.source]).toEqual([
    { added: 1, updated: 0, duplicate: 5, gone: 0 },
    `markdown:${first}`,
  ]);
});

test("H26 a folder around a vault, and a part of one, take nothing in twice", async () => {
  await using home = await makeHost();
  using place = makePlace();
  const vault = lay(path.join(place.folder, "documents/vault"), notes);
  await run(home, vault);
  lay(place.folder, { "documents/other.md": "Another note." });
  expect(counts(await run(home, place.folder))).toMatchObject({ added: 1, duplicate: 5, gone: 0 });
  expect(counts(await run(home, path.join(vault, "Tea.md")))).toMatchObject({ added: 0, duplicate: 3, gone: 0 });
});

test("H26 another vault with notes of the same names is another one", async () => {
  await using home = await makeHost();
  using place = makePlace();
  await run(home, lay(path.join(place.folder, "a"), { "Index.md": "Of a.", "Todo.md": "Buy tea." }));
  await run(home, lay(path.join(place.folder, "b"), { "Index.md": "Of b.", "Todo.md": "Buy milk." }));
  const words = (await said(home)).map((content) => content.split("\n").at(-1));
  expect(words).toEqual(["Of a.", "Of b.", "Buy milk.", "Buy tea."]);
});

test("H26 a note that moved and a heading that was renamed are followed, with their ids; what is gone is offered to be retired", async () => {
  await using home = await makeHost();
  using place = makePlace();
  const vault = lay(path.join(place.folder, "notes"), notes);
  await run(home, vault);
  const idOf = async (words: string) => (await memories(home)).find(({ content }) => content.includes(words))?.id;
  const [ann, brewing, cups] = [await idOf("Porto"), await idOf("Two minutes"), await idOf("The blue one")];
  fs.mkdirSync(path.join(vault, "Friends"));
  fs.renameSync(path.join(vault, "People/Ann.md"), path.join(vault, "Friends/Ann Silva.md"));
  fs.rmSync(path.join(vault, "People/Tom.md"));
  lay(vault, { "Tea.md": "Green tea from Uji.\n\n# How to brew\n\nTwo minutes.\n" });
  const second = await run(home, vault);
  expect(counts(second)).toEqual({ added: 0, updated: 2, duplicate: 1, gone: 2 });
  expect([await idOf("Porto"), await idOf("Two minutes")]).toEqual([ann, brewing]);
  expect(await said(home)).toEqual(
    [
      "Ann Silva\n\nAnn lives in Porto.",
      "Tea\n\nGreen tea from Uji.",
      "Tea › How to brew\n\nTwo minutes.",
      "Tea › Cups\n\nThe blue one.",
      "Tom\n\nTom plays the cello.",
    ].sort(),
  );
  const { proposals } = await home.own<{ proposals: { id: string; does: { memories: string[] }; text: string }[] }>(
    "proposal.list",
    {},
  );
  expect(proposals).toMatchObject([
    { does: { type: "forsake" }, text: expect.stringContaining("Tom plays the cello") },
  ]);
  expect(proposals[0]?.does.memories).toContain(cups);
  // It is offered once, however often it is seen.
  expect(counts(await run(home, vault))).toMatchObject({ gone: 2 });
  await home.own("proposal.accept", { ids: [proposals[0]?.id] });
  expect((await said(home)).length).toBe(3);
  expect(counts(await run(home, vault))).toMatchObject({ added: 0, gone: 0 });
  await home.own("history.undo", {});
  expect((await said(home)).length).toBe(5);
});

test("H26 what was forgotten stays so where its note moved", async () => {
  await using home = await makeHost();
  using place = makePlace();
  const vault = lay(path.join(place.folder, "a"), notes);
  await run(home, vault);
  const tom = (await memories(home)).find(({ content }) => content.includes("cello"));
  await forget(home, tom?.id);
  fs.mkdirSync(path.join(vault, "Music"));
  fs.renameSync(path.join(vault, "People/Tom.md"), path.join(vault, "Music/Tom.md"));
  expect(await run(home, vault)).toMatchObject({ added: 0, refused: 1, gone: 0 });
});

test("H26 a file of which nothing changed is not read again, until a memory of it goes", async () => {
  await using home = await makeHost();
  using place = makePlace();
  const vault = lay(path.join(place.folder, "a"), { ...notes, "t.csv": "id,text\n1,wine\n" });
  await run(home, vault);
  const fates = ({ inventory }: Imported) =>
    Object.fromEntries(inventory.map(({ fate, kind, files }) => [`${fate} ${kind}`, files]));
  expect(fates(await run(home, vault))).toEqual({ "unchanged markdown": 3, "unchanged csv": 1 });
  // As many letters as before: only its time tells.
  lay(vault, { "People/Ann.md": "Ann lives in Paris." });
  fs.utimesSync(path.join(vault, "People/Ann.md"), new Date(1e12), new Date(1e12));
  const changed = await run(home, vault);
  expect([fates(changed), counts(changed)]).toEqual([
    { "unchanged markdown": 2, "unchanged csv": 1, "read markdown": 1 },
    { added: 0, updated: 0, duplicate: 6, gone: 0 },
  ]);
  // What waits for --update is read again.
  expect(counts(await run(home, vault, { update: true }))).toMatchObject({ updated: 1 });
  expect(fates(await run(home, vault))).toEqual({ "unchanged markdown": 3, "unchanged csv": 1 });
  const [first] = (await memories(home)).filter(({ content }) => content.includes("cello"));
  await forget(home, first?.id);
  expect(fates(await run(home, vault))).toMatchObject({ "unchanged csv": 1, "read markdown": 3 });
});

test("H26 whatever is done to a vault, the store is what a fresh import of it gives, once the gone are retired", async () => {
  const random = randomFrom(inject("seed"));
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  await using home = await makeHost();
  using place = makePlace();
  let root = path.join(place.folder, "v0");
  const text = (n: number) => `Intro ${n}.\n\n# One ${n}\n\nBody ${n} one.\n\n# Two ${n}\n\nBody ${n} two.\n`;
  lay(root, Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`d${n % 3}/n${n}.md`, text(n)])));
  await run(home, root);
  for (let round = 1; round <= 6; round += 1) {
    const files = fs.globSync("**/*.md", { cwd: root });
    for (let n = 0; n < 3; n += 1) {
      const file = path.join(root, pick(files));
      if (!fs.existsSync(file)) continue;
      const change = pick(["move", "rename heading", "remove section", "remove", "add"]);
      if (change === "move") fs.renameSync(file, path.join(root, `d${round % 3}`, `m${round}-${n}.md`));
      else if (change === "remove") fs.rmSync(file);
      else if (change === "add") lay(root, { [`d0/new${round}-${n}.md`]: text(100 * round + n) });
      else {
        const was = fs.readFileSync(file, "utf8");
        const renamed = was.replace(/# One.*/, `# First ${round} ${n}`);
        lay(path.dirname(file), {
          [path.basename(file)]: change === "remove section" ? was.replace(/# Two[\s\S]*/, "") : renamed,
        });
        fs.utimesSync(file, new Date(1e12 + round * 1000 + n), new Date(1e12 + round * 1000 + n));
      }
    }
    if (round % 2 === 0) {
      const next = path.join(place.folder, `v${round}`);
      fs.renameSync(root, next);
      root = next;
    }
    await run(home, root, { update: true });
    const { proposals } = await home.own<{ proposals: { id: string }[] }>("proposal.list", {});
    if (proposals.length > 0) await home.own("proposal.accept", { ids: proposals.map(({ id }) => id) });
    await using fresh = await makeHost();
    await run(fresh, root);
    expect(await said(home)).toEqual(await said(fresh));
    const twice = await run(home, root);
    expect(counts(twice)).toMatchObject({ added: 0, updated: 0, gone: 0 });
  }
});

test("H26 a note that two vaults begin with makes no one vault of them", async () => {
  await using home = await makeHost();
  using place = makePlace();
  const welcome = { "Welcome.md": "This is your new vault." };
  expect(counts(await run(home, lay(path.join(place.folder, "first"), { ...notes, ...welcome })))).toMatchObject({
    added: 6,
  });
  const other = await run(home, lay(path.join(place.folder, "second"), welcome));
  expect(counts(other)).toEqual({ added: 1, updated: 0, duplicate: 0, gone: 0 });
});

test("H26 a calendar imported again gives a series that goes on its next times, and is else the same", async () => {
  await using home = await makeHost({ clock: testClock("2026-11-29T12:00:00Z") });
  using place = makePlace();
  const event = "BEGIN:VEVENT\nUID:1\nSUMMARY:Choir\nDTSTART:20180103T180000Z\nRRULE:FREQ=WEEKLY\nEND:VEVENT\n";
  const file = path.join(lay(place.folder, { "a.ics": `BEGIN:VCALENDAR\n${event}END:VCALENDAR\n` }), "a.ics");
  const last = async () => {
    const { memories: all } = await home.own<{ memories: { eventAt: { from: string }[] }[] }>("memory.list");
    return all.map(({ eventAt }) => eventAt.at(-1)?.from);
  };
  expect(counts(await run(home, file))).toMatchObject({ added: 1 });
  expect(await last()).toEqual(["2027-07-07T18:00:00.000Z"]);
  home.clock.set("2026-12-29T12:00:00Z");
  expect(counts(await run(home, file))).toMatchObject({ updated: 0, duplicate: 1 });
  home.clock.set("2027-06-29T12:00:00Z");
  expect(counts(await run(home, file))).toMatchObject({ updated: 1, duplicate: 0 });
  expect(await last()).toEqual(["2028-02-02T18:00:00.000Z"]);
});
