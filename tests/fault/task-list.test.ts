import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { mhWithHome } from "./mh.ts";

test("R-15 a list of tasks is a page, the soonest due first, and says how many more there are", async () => {
  using mh = mhWithHome();
  const folder = path.join(mh.root, "memory/tasks");
  fs.mkdirSync(folder, { recursive: true });
  const due = (n: number) => new Date(Date.UTC(2190, 0, 1 + n)).toISOString().slice(0, 10);
  for (let n = 0; n < 1_105; n += 1) {
    const project = n < 3 ? "project: Few\n" : "project: Many\n";
    fs.writeFileSync(path.join(folder, `task-${n}.md`), `---\ntitle: Errand ${n}\ndue: ${due(n)}\n${project}---\n`);
  }
  // One that is over counts nowhere but in --all.
  fs.writeFileSync(path.join(folder, "over.md"), "---\ntitle: Errand over\nstatus: done\n---\n");
  const titles = (args: string[]) => ["task", "list", ...args];
  const shown = ({ out }: { out: string }) => [...out.matchAll(/Errand (\d+)/g)].map(([, n]) => Number(n));
  const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);
  const page = await mh.here(titles([]));
  expect(shown(page)).toEqual(upTo(100));
  expect(page.out + page.err).toContain("100 of 1,105 tasks: `mh task list -n 1105` shows all.");
  const all = await mh.here(titles(["-n", "1105"]));
  expect(shown(all)).toEqual(upTo(1_105));
  expect(all.out + all.err).toMatch(/^1,105 tasks\.$/m);
  const ofMany = await mh.here(titles(["--project", "Many"]));
  expect(ofMany.out + ofMany.err).toContain("100 tasks. There is more: -n shows it.");
  const ofFew = await mh.here(titles(["--project", "Few"]));
  expect(shown(ofFew)).toEqual(upTo(3));
  expect(ofFew.out + ofFew.err).toMatch(/^3 tasks\.$/m);
  const json = async (args: string[]) => JSON.parse((await mh.here(titles([...args, "--json"]))).out);
  expect(await json([])).toMatchObject({ tasks: { length: 100 }, more: true });
  expect(await json(["-n", "2000"])).toMatchObject({ tasks: { length: 1_105 }, more: false });
});
