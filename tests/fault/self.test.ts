import { expect, test } from "vitest";
import { makePlace } from "../support/make-place.ts";
import { makeMh, mhWithHome } from "./mh.ts";

test("K14 in the terminal: out of one home, previewed and taken into a new one, and taken back", async () => {
  using place = makePlace();
  using there = mhWithHome();
  using here = makeMh();
  const file = place.at("self.zip");
  expect((await there.here(["capture", "Tea with Sarah in Porto"])).code).toBe(0);
  expect((await there.here(["grant", "give", "agent:helper", "memory.list"])).code).toBe(0);
  const { id } = JSON.parse((await there.here(["capture", "A word to be forgotten", "--json"])).out) as { id: string };
  expect((await there.here(["memory", "forget", id, "--yes"])).code).toBe(0);
  const exported = await there.here(["self", "export", file]);
  expect([exported.code, exported.out]).toEqual([0, expect.stringMatching(/1\s+memory/)]);
  const key = /[0-9a-f]{4}(-[0-9a-f]{4}){7}/.exec(exported.out)?.[0] ?? "";

  const preview = await here.here(["self", "import", file, "--preview"]);
  expect([preview.code, preview.out]).toEqual([0, expect.stringContaining("mh grant give agent:helper memory.list")]);
  expect(preview.out).toContain(key);
  expect(preview.out).toMatch(/forgotten memories +1 that their sources bring in here no more/);
  const unasked = await here.here(["self", "import", file]);
  expect([unasked.code, unasked.err]).toEqual([2, expect.stringContaining(`--key ${key}`)]);
  expect((await here.here(["memory", "list"])).out).not.toContain("Porto");
  const taken = await here.here(["self", "import", file, "--key", key]);
  expect([taken.code, taken.out]).toEqual([0, expect.stringContaining("Taken in: 1 memory")]);
  expect((await here.here(["memory", "list"])).out).toContain("Porto");
  expect((await here.here(["undo"])).code).toBe(0);
  expect((await here.here(["memory", "list"])).out).not.toContain("Porto");
  const wrong = await here.here(["self", "import", file, "--key", key.replace(/^..../, "0000")]);
  expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining("signed by the key")]);
});
