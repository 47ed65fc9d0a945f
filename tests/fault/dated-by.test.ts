import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { mhWithHome } from "./mh.ts";

interface Listed {
  id: string;
  externalId: string | null;
  at: string;
  datedBy?: string;
}

const files = {
  "Said.md": "---\ndate: 2024-05-08\n---\nThe blue boat was sold to Ines.",
  "First lines.md": "Date: 2024-06-09\n\nThe red boat was sold to Tom.",
  "2024-07-10.md": "The green boat was sold to Ann.",
  "Undated.md": "The yellow boat was sold to Ruth.",
  "rows.csv": "date,text\n2024-08-11,The grey boat was sold to Carl.\n",
  "mail.eml":
    "From: Zoe <zoe@example.org>\r\nTo: me@example.org\r\nDate: Wed, 11 Sep 2024 10:00:00 +0000\r\n" +
    "Message-ID: <1@example.org>\r\nSubject: Boat\r\n\r\nThe black boat was sold to Zoe.\r\n",
};
const changed = new Date("2025-03-03T12:00:00Z");

test("H26 what says when a memory is from is kept, and a time that only its file has is told as such wherever it is shown", async () => {
  using mh = mhWithHome();
  const folder = path.join(path.dirname(mh.root), "boats");
  fs.mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) {
    fs.writeFileSync(path.join(folder, name), text);
    fs.utimesSync(path.join(folder, name), changed, changed);
  }
  const said = async (...args: string[]): Promise<string> => (await mh.here(args)).out.replace(/\s+/g, " ");
  expect((await mh.here(["import", folder])).err).toMatch(/dated by its file.*Undated\.md/s);
  const listed = (await mh.here(["memory", "list", "--all", "--json"])).out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Listed);
  const datings = Object.fromEntries(
    listed.map(({ externalId, datedBy, at }) => [externalId, [datedBy, at.slice(0, 7)]]),
  );
  expect(datings).toMatchObject({
    "Said.md": ["property", "2024-05"],
    "First lines.md": ["text", "2024-06"],
    "2024-07-10.md": ["name", "2024-07"],
    "Undated.md": ["file", "2025-03"],
    "1@example.org": ["header", "2024-09"],
  });
  expect(listed.map(({ datedBy }) => datedBy).sort()).toEqual([
    "file",
    "header",
    "name",
    "property",
    "property",
    "text",
  ]);
  const undated = listed.find(({ externalId }) => externalId === "Undated.md")?.id ?? "";
  expect(await said("memory", "list")).toContain(
    "by its file, 3 March 2025 The yellow".replace("The yellow", "Undated"),
  );
  expect(await said("memory", "show", undated)).toContain("at by its file, 3 March 2025");
  expect(await said("why", undated)).toContain("by its file, 3 March 2025");
  expect(await said("search", "yellow boat", "-k", "1")).toContain("by its file, 3 March 2025");
  expect(await said("memory", "timeline")).toContain("by its file Undated");
  expect(await said("ask", "Who was the yellow boat sold to?")).toMatch(/“The yellow boat.*by its file, 3 March 2025/);
  expect(await said("why", "The yellow boat was sold to Ruth")).toContain("by its file, 3 March 2025");
  // What says its time is told as before, and its words go with it.
  expect(await said("ask", "Who was the blue boat sold to?")).toContain("told on 8 May 2024");
  const edited = await said("memory", "edit", undated, "The yellow boat was sold to Rita");
  expect(edited).toContain("Corrected");
  expect(await said("memory", "show", undated)).toContain("at by its file, 3 March 2025");
  fs.rmSync(path.join(mh.root, "memory/index"), { recursive: true });
  expect(await said("memory", "show", undated)).toContain("at by its file, 3 March 2025");
});
