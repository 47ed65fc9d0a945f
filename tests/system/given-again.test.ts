import * as fs from "node:fs";
import * as path from "node:path";
import { agent, owner } from "@mh/contract/values/principal.ts";
import type { Http } from "@mh/core/ports/http.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { httpOf } from "@mh/testing/http-of.ts";
import { expect, test } from "vitest";

/** A server that says something else each time. */
function pages(): Http {
  let visits = 0;
  return httpOf(() => {
    visits += 1;
    return { status: 200, headers: { "content-type": "text/plain" }, body: Buffer.from(`Visit number ${visits}`) };
  });
}

const url = "https://example.org/";
/** Texts of all objects that the home keeps. */
const objects = (home: TestHost): string[] =>
  fs
    .readdirSync(home.file("logs"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.parentPath.includes("objects"))
    .map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), "utf8"));

test("what only looks is given once, and no copy of it stays in the home", async () => {
  await using home = await makeHost({ http: pages() });
  const first = await home.act(owner, "web.fetch", { url }, { id: "look-1" });
  expect(first).toMatchObject({ status: "done", value: { text: "Visit number 1" } });
  expect(await home.act(owner, "web.fetch", { url }, { id: "look-1" })).toMatchObject({
    ...{ status: "repeated", reason: "once" },
  });
  expect(objects(home).filter((text) => text.includes("Visit number"))).toEqual([]);
});

test("what only looks and had to be approved is given to whoever asks again, as it was, over a restart without the index", async () => {
  await using home = await makeHost({ http: pages() });
  const reader = agent("reader");
  const id = home.host.newId();
  const ask = () => home.act(reader, "web.fetch", { url }, { id });
  await home.own("grant.give", { principal: reader, skill: "web.fetch", scope: { hosts: ["example.org"] } });
  expect((await ask()).status).toBe("parked");
  const { hash } = await home.own("approval.show", { id });
  const given = { status: "done", id, value: { text: "Visit number 1" } };
  expect(await home.approve(id, hash)).toMatchObject(given);
  expect(await ask()).toMatchObject(given);
  await home.close();
  fs.rmSync(home.file("memory/index"), { recursive: true });
  await home.reopen();
  expect(await ask()).toMatchObject(given);
});
