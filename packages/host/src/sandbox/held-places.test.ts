import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import type { Place, View } from "@mh/core/ports/executor.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { holdPlaces } from "./held-places.ts";

const isLinux = process.platform === "linux";
const held = test.skipIf(!isLinux);
let folder = "";
const at = (name: string) => path.join(folder, name);

beforeEach(() => {
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "mh-held-")));
  for (const name of ["open", "closed"]) fs.mkdirSync(at(name));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const view: View = { base: "system", places: [], folder: "/tmp" };
const hold = (places: Place[], more: Partial<View> = {}) => holdPlaces(places, { ...view, ...more }, () => false);
const refused = (place: string, more: Partial<View> = {}) =>
  hold([{ from: place }], more).then(
    async (places) => {
      await places[Symbol.asyncDispose]();
      return "held";
    },
    (error: Error) => error.message,
  );

held("S9 what stands below a root is compared with what was held, whatever it is called by then", async () => {
  await using places = await hold([{ from: at("closed") }, { from: at("open"), at: "/mnt" }]);
  const root = at("root");
  fs.mkdirSync(path.join(root, folder), { recursive: true });
  fs.renameSync(at("closed"), path.join(root, at("closed")));
  fs.renameSync(at("open"), path.join(root, "mnt"));
  expect(await places.exchanged(root)).toBeUndefined();
  fs.renameSync(path.join(root, "mnt"), at("aside"));
  expect(await places.exchanged(root)).toMatchObject({ from: at("open") });
  // Neither a folder of the same name, nor a link to another one.
  fs.mkdirSync(path.join(root, "mnt"));
  expect(await places.exchanged(root)).toMatchObject({ from: at("open") });
  fs.rmdirSync(path.join(root, "mnt"));
  fs.symlinkSync(path.join(root, at("closed")), path.join(root, "mnt"));
  expect(await places.exchanged(root)).toMatchObject({ from: at("open") });
});

held("S9 a link is not followed, be it the last name of a path or one before", async () => {
  fs.mkdirSync(at("open/sub"));
  fs.symlinkSync(at("open"), at("link"));
  expect(await refused(at("open/sub"))).toBe("held");
  for (const [name, real] of Object.entries({ link: "open", "link/sub": "open/sub", "open/../open": "open" }))
    expect(await refused(`${folder}/${name}`)).toContain(`${folder}/${name} is really ${at(real)}, and links`);
  expect(await refused(at("none"))).toContain(`There is no ${at("none")}`);
});

held("S9 what is hidden is given under no name: itself, what is in it, what it is in", async () => {
  fs.writeFileSync(at("closed/key"), "");
  const hidden = [at("closed")];
  expect(await refused(at("closed"), { hidden })).toContain("belongs to mh itself");
  expect(await refused(at("closed/key"), { hidden })).toContain("belongs to mh itself");
  expect(await refused(folder, { hidden })).toContain("holds what belongs to mh itself");
  expect(await refused(at("open"), { hidden })).toBe("held");
});

held(
  "S1 a way to a process outside is refused by its name, however deep it lies, and a link to one is none",
  async () => {
    const below = at("open/a/.b/c/d/e/f/g/h");
    fs.mkdirSync(below, { recursive: true });
    const server = net.createServer();
    const socket = fs.openSync(below, "r");
    await new Promise<void>((resolve) => server.listen(`/proc/self/fd/${socket}/door`, resolve));
    try {
      for (const given of [at("open"), at("open/a/.b"), below, `${below}/door`])
        expect(await refused(given)).toContain(`${below}/door is a socket`);
      fs.symlinkSync(`${below}/door`, at("closed/link"));
      expect(await refused(at("closed"))).toBe("held");
    } finally {
      server.close();
      fs.closeSync(socket);
    }
    spawnSync("mkfifo", [at("closed/pipe")]);
    expect(await refused(at("closed"))).toContain(`${at("closed/pipe")} is a pipe with a name`);
  },
);

held(
  "S1 a folder that is too large to be looked through is refused, and whoever gave up is not kept waiting",
  async () => {
    for (let n = 0; n < 30; n += 1) fs.mkdirSync(at(`open/${n}/x`), { recursive: true });
    const { refuseDoors } = await import("./doors.ts");
    const look = (entriesMax: number, isOver = () => false) =>
      refuseDoors(at("open"), at("open"), fs.statSync(at("open")), isOver, entriesMax).then(
        () => "held",
        (error: Error) => error.message,
      );
    expect(await look(59)).toContain("holds more than 59 files and folders");
    expect([await look(60), await look(1, () => true)]).toEqual(["held", "held"]);
  },
);
