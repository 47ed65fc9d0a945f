import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { requirements } from "../../docs/requirements.ts";

const checkout = path.join(import.meta.dirname, "..", "..");
const text = fs.readFileSync(path.join(checkout, "docs", "threat-model.md"), "utf8");

/** Rows of the table of promises: id and file. */
const promises = [...text.matchAll(/^\| [^|]+ \| ([A-Z]\d+) \| `([^`]+)` \|$/gm)].map(([, id = "", file = ""]) => ({
  id,
  file,
}));

test("each promise of the threat model names a test of its id in that file, and every S is among them", () => {
  expect(promises.length).toBeGreaterThan(40);
  const untested = promises.filter(({ id, file }) => {
    const source = fs.existsSync(path.join(checkout, file)) ? fs.readFileSync(path.join(checkout, file), "utf8") : "";
    return !new RegExp(`\\(\\s*["'\`]${id} `).test(source);
  });
  expect(untested).toEqual([]);
  const named = new Set(promises.map(({ id }) => id));
  expect(Object.keys(requirements).filter((id) => id.startsWith("S") && !named.has(id))).toEqual([]);
});

test("each of OWASP's ten risks of agents stands there with promises that are kept", () => {
  const rows = [...text.matchAll(/^\| (ASI\d\d) [^|]+\| [^|]+ \| ([^|]+) \| [^|]+ \|$/gm)];
  expect(rows.map(([, risk]) => risk)).toEqual(
    Array.from({ length: 10 }, (_, n) => `ASI${String(n + 1).padStart(2, "0")}`),
  );
  const ids = rows.flatMap(([, , list = ""]) => list.trim().split(", "));
  expect(ids.filter((id) => !["done", "partly"].includes(requirements[id]?.state ?? "unknown"))).toEqual([]);
});
