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
