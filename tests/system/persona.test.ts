import * as fs from "node:fs";
import * as path from "node:path";
import { makeHost } from "@mh/testing";
import { expect, test } from "vitest";

test("H6 every version of a part of the persona is kept, says what it changed, and can be written again", async () => {
  await using home = await makeHost();
  const write = (text: string) => home.own("persona.update", { section: "values", text });
  const versions = async () => (await home.own("persona.versions", { section: "values" })).versions;
  expect(await versions()).toEqual([]);
  await write("Calm before speed.");
  await write("Calm before speed.\nPeople before projects.");
  expect(await versions()).toMatchObject([
    {
      ...{ how: "written", principal: "owner", text: "Calm before speed.\nPeople before projects.\n" },
      diff: [
        { sign: " ", text: "Calm before speed." },
        { sign: "+", text: "People before projects." },
      ],
    },
    { how: "written", text: "Calm before speed.\n", diff: [{ sign: "+", text: "Calm before speed." }] },
  ]);
  await home.own("history.undo", {});
  const [latest] = await versions();
  expect(latest).toMatchObject({ how: "undone", text: "Calm before speed.\n" });
  // A version is written again by the command that writes any: the way there is one more version.
  await write((await versions())[1]?.text ?? "");
  expect((await versions()).map(({ how }) => how)).toEqual(["written", "undone", "written", "written"]);
});

test("H6 what was written by hand is a version of its own", async () => {
  await using home = await makeHost();
  await home.own("persona.update", { section: "goals", text: "Ship it." });
  fs.writeFileSync(path.join(home.root, "persona", "goals.md"), "Ship it well.\n");
  const versions = async () => (await home.own("persona.versions", { section: "goals" })).versions;
  // What a hand overwrote is not there to be kept any more; what a command overwrites is.
  expect(await versions()).toMatchObject([
    { how: "by hand", id: null, at: null, text: "Ship it well.\n" },
    { how: "written", text: null, diff: [] },
  ]);
  await home.own("persona.update", { section: "goals", text: "Ship it well, in May." });
  expect((await versions()).map(({ how, text }) => [how, text])).toEqual([
    ["written", "Ship it well, in May.\n"],
    ["by hand", "Ship it well.\n"],
    ["written", null],
  ]);
});
