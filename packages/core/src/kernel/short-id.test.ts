import { openProjection } from "@mh/host/adapters/sqlite.ts";
import { expect, test } from "vitest";
import { idEnd, idLike, shortId } from "../model/short-id.ts";
import { idNamed, type Named } from "./short-id.ts";

const cats: Named = {
  from: "cats",
  column: "id",
  code: "memory.not-found",
  one: "cat",
  many: "cats",
  list: "mh cat list",
};

function catsCalled(...ids: string[]) {
  const db = openProjection(":memory:");
  db.exec(`CREATE TABLE cats (id TEXT PRIMARY KEY); CREATE INDEX cats_end ON cats (${idEnd("id")})`);
  for (const id of ids) db.prepare("INSERT INTO cats VALUES (?)").run(id);
  return db;
}

const ids = ["01890000-0000-7000-8000-aaaa00001111", "01890000-0000-7000-8000-bbbb00001111", "tom_the_cat", "tom"];

test.each([
  ["01890000-0000-7000-8000-aaaa00001111", ids[0]],
  ["aaaa00001111", ids[0]],
  ["01890000-0000-7000-8000-b", ids[1]],
  ["tom_", "tom_the_cat"],
  ["_cat", "tom_the_cat"],
  ["the_cat", "tom_the_cat"],
  ["tom", "tom"],
])("a thing is found by its id, and by a beginning or an end that fits one only: %s", (text, id) => {
  expect(idNamed(catsCalled(...ids), cats, text)).toBe(id);
});

test.each([
  [shortId(ids[0] as string), "00001111 fits several cats; give more of it. `mh cat list` shows them."],
  ["0189", "0189 fits several cats; give more of it. `mh cat list` shows them."],
  ["felix", "There is no cat felix. `mh cat list` shows them."],
  ["%cat", "There is no cat %cat. `mh cat list` shows them."],
  ["____", "There is no cat ____. `mh cat list` shows them."],
  ["cat", "There is no cat cat: of an id, give 4 characters or more. `mh cat list` shows them."],
  ["", "There is no cat : of an id, give 4 characters or more. `mh cat list` shows them."],
])("what fits none or several is refused with the next step: %j", (text, message) => {
  expect(() => idNamed(catsCalled(...ids), cats, text)).toThrow(expect.objectContaining({ code: cats.code, message }));
});

test("no id is looked for by reading all of them", () => {
  const sql = `EXPLAIN QUERY PLAN SELECT id FROM cats WHERE ${idLike("id", "00001111")}`;
  const plan = catsCalled().prepare(sql).all({ text: "00001111" }) as { detail: string }[];
  expect(plan.map(({ detail }) => detail).filter((detail) => detail.startsWith("SCAN"))).toEqual([]);
  expect(JSON.stringify(plan)).toContain("cats_end");
});
