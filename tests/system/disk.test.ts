import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { Worker } from "node:worker_threads";
import { agent } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { nodeDisk } from "@mh/host/adapters/node-disk.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { makePlace } from "../support/make-place.ts";

const ended = (outcome: Outcome) => (outcome.status === "failed" ? outcome.fault.code : outcome.status);
const keysOf = (home: TestHost) => path.join(home.environment.HOME ?? "", ".config", "mh");

test("P16 paths that could mean something else are refused at parse, by every skill for the disk", async () => {
  await using home = await makeHost();
  const hostile = [
    ...["", "a.txt", "./a", "~/a", "file:///etc/passwd", "C:\\a", "/x/out/../persona", "/..", "/a/../b", "/a/.."],
    ...[
      "/a\u0000b",
      "/a\nb",
      "/a\u001b[2Jb",
      "/a\u202egpj.exe",
      "/a\u200bb",
      "/a\u2066b",
      "/a\u2028b",
      "/e\u0301",
      "/\ud800",
    ],
    ...["/proc/self/environ", "/PROC/1/mem", "/proc", "//proc//self/", "/./sys/x", "/dev/sda", "/dev/fd/0"],
    ...[
      home.root,
      `${home.root}/persona/values.md`,
      home.root.toUpperCase(),
      `/${home.root}/./logs/audit`,
      `${home.root}/`,
    ],
    ...[keysOf(home), `${keysOf(home)}/other/hmac.key`, `${keysOf(home)}/x`.replace(".config", ".CONFIG")],
  ];
  const ends = hostile.flatMap((each) => [
    home.act("owner", "disk.list", { path: each }),
    home.act("owner", "disk.read", { path: each }),
    home.act("owner", "disk.write", { path: each, text: "x" }),
    home.act("owner", "shell.run", { argv: ["ls"], cwd: each }),
  ]);
  const codes = (await Promise.all(ends)).map(ended);
  expect(codes.map((code, n) => [hostile[Math.floor(n / 4)], code])).toEqual(
    hostile.flatMap((each) => Array(4).fill([each, "args.invalid"])),
  );
});

test("P16 links are not followed: at the end, on the way, in a circle, or into the home and the keys", async () => {
  await using home = await makeHost();
  using place = makePlace();
  fs.mkdirSync(place.at("real/sub"), { recursive: true });
  fs.writeFileSync(place.at("real/a.txt"), "secret");
  fs.writeFileSync(place.at("real/sub/a.txt"), "secret");
  fs.symlinkSync(place.at("real"), place.at("way"));
  fs.symlinkSync(place.at("real/a.txt"), place.at("end"));
  fs.symlinkSync(place.at("circle"), place.at("circle"));
  fs.symlinkSync(home.root, place.at("home"));
  fs.symlinkSync(keysOf(home), place.at("keys"));
  const tried = [
    "way/a.txt",
    "way/sub/a.txt",
    "way/sub",
    "end",
    "circle",
    "circle/x",
    "home/config.yaml",
    "home",
    "home/persona",
    "keys",
    "way",
  ];
  const codes = await Promise.all(
    tried.flatMap((name) => [
      home.act("owner", "disk.read", { path: place.at(name) }),
      home.act("owner", "disk.list", { path: place.at(name) }),
      home.act("owner", "disk.write", { path: place.at(name), text: "x" }),
    ]),
  );
  const approved = await approve(
    home,
    await home.act("owner", "disk.write", { path: place.at("end"), text: "x", replace: true }),
  );
  expect([...codes, approved].map(ended)).toEqual(Array(tried.length * 3 + 1).fill("args.invalid"));
  expect(fs.readFileSync(place.at("real/a.txt"), "utf8")).toBe("secret");
  expect(fs.readdirSync(place.at("real"), { recursive: true }).sort()).toEqual(["a.txt", "sub", "sub/a.txt"]);
});

test("P16 a closed folder is known by what it is, also under another name", async () => {
  using place = makePlace();
  fs.mkdirSync(place.at("home/persona"), { recursive: true });
  fs.writeFileSync(place.at("home/persona/a"), "secret");
  fs.symlinkSync(place.at("home"), place.at("alias"));
  const disk = nodeDisk([place.at("alias")]);
  const code = (work: Promise<unknown>) =>
    work.then(
      () => "done",
      (error: { code: string }) => error.code,
    );
  expect(await code(disk.read(place.at("home/persona/a"), 100))).toBe("args.invalid");
  expect(await code(disk.list(place.at("home"), 100))).toBe("args.invalid");
  expect(await code(disk.write(place.at("home/b"), Buffer.from("x"), { replace: false }))).toBe("args.invalid");
  expect(await disk.list(place.folder, 100)).toMatchObject({
    entries: [{ name: "alias", kind: "link" }, { name: "home" }],
  });
});

test("P16 while somebody swaps a folder for a link as fast as they can, what is read and written is never elsewhere", async () => {
  using place = makePlace();
  for (const [folder, text] of [
    ["open", "mine"],
    ["closed", "secret"],
  ] as const) {
    fs.mkdirSync(place.at(`${folder}/sub`), { recursive: true });
    fs.writeFileSync(place.at(`${folder}/sub/a`), text);
  }
  const disk = nodeDisk([]);
  const swapping = `
    const fs = require("node:fs");
    const { workerData, parentPort } = require("node:worker_threads");
    const { at, stop } = workerData;
    parentPort.postMessage("swapping");
    while (Atomics.load(stop, 0) === 0) {
      fs.renameSync(at + "/open", at + "/aside"); fs.symlinkSync(at + "/closed", at + "/open");
      fs.unlinkSync(at + "/open"); fs.renameSync(at + "/aside", at + "/open");
    }`;
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(swapping, { eval: true, workerData: { at: place.folder, stop } });
  await new Promise((resolve) => worker.once("message", resolve));
  const seen: Record<string, number> = {};
  const note = (what: string) => {
    seen[what] = (seen[what] ?? 0) + 1;
  };
  const read = () =>
    disk.read(place.at("open/sub/a"), 100).then(
      (bytes) => note(Buffer.from(bytes).toString()),
      (error) => note(error.code),
    );
  // Until the folder was met as itself often enough for a swap to have come in between.
  for (let n = 0; n < 20_000 && (seen.mine ?? 0) < 1_500; n += 1) await Promise.all([read(), read(), read(), read()]);
  for (let n = 0; n < 5_000 && (seen.written ?? 0) < 150; n += 1) {
    const written = disk.write(place.at(`open/sub/w${n}`), Buffer.from("x"), { replace: true });
    await written.then(
      () => note("written"),
      () => note("not written"),
    );
  }
  const exited = new Promise((resolve) => worker.once("exit", resolve));
  Atomics.store(stop, 0, 1);
  await exited;
  expect(Object.keys(seen)).toEqual(expect.arrayContaining(["mine", "file.not-found"]));
  expect(seen).not.toHaveProperty("secret");
  expect(fs.readdirSync(place.at("closed/sub"))).toEqual(["a"]);
});

test("what is no file is not opened, and a pipe that nobody writes to does not hold anyone up", async () => {
  await using home = await makeHost();
  using place = makePlace();
  fs.mkdirSync(place.at("folder"));
  execFileSync("mkfifo", [place.at("pipe")]);
  fs.writeFileSync(place.at("bytes"), Buffer.from([0xff, 0xfe]));
  fs.writeFileSync(place.at("long"), Buffer.alloc(8_000_001));
  const read = (name: string) => home.act("owner", "disk.read", { path: place.at(name) }).then(ended);
  expect(await Promise.all(["folder", "pipe", "bytes", "long", "none", "none/x", "bytes/x"].map(read))).toEqual([
    ...[
      "args.invalid",
      "args.invalid",
      "args.invalid",
      "args.invalid",
      "file.not-found",
      "file.not-found",
      "args.invalid",
    ],
  ]);
});

/** As the owner would, having read what is asked. */
async function approve(home: TestHost, parked: Outcome): Promise<Outcome> {
  const { hash } = await home.own("approval.show", { id: parked.id });
  return await home.approve(parked.id, hash);
}

test("a new file is written whole, one that is there is replaced only by a command that says so and is asked about", async () => {
  await using home = await makeHost();
  using place = makePlace();
  const file = place.at("a.txt");
  const write = (text: string, more = {}) => home.act("owner", "disk.write", { path: file, text, ...more });
  expect(await write("one")).toMatchObject({ status: "done", value: { path: file, bytes: 3 } });
  expect(ended(await write("two"))).toBe("args.invalid");
  expect(fs.readFileSync(file, "utf8")).toBe("one");
  fs.chmodSync(file, 0o640);
  const asked = await write("two", { replace: true });
  expect(asked).toMatchObject({ status: "parked", rules: ["invariant.irreversible"] });
  expect(fs.readFileSync(file, "utf8")).toBe("one");
  expect((await approve(home, asked)).status).toBe("done");
  expect([fs.readFileSync(file, "utf8"), fs.statSync(file).mode & 0o777]).toEqual(["two", 0o640]);
  expect(fs.readdirSync(place.folder)).toEqual(["a.txt"]);
  expect(await home.own("disk.read", { path: `${place.folder}//./a.txt` })).toEqual({ path: file, text: "two" });
  const { entries } = await home.own("disk.list", { path: `${place.folder}/` });
  expect(entries).toEqual([{ name: "a.txt", kind: "file", bytes: 3, changedAt: expect.stringMatching(/^2\d{3}-/) }]);
});

test("H18 an agent reads only below the folders that it was granted, and is asked about everything else", async () => {
  await using home = await makeHost({ declared: new Map([["agent:reader", ["disk.read"]]]) });
  using place = makePlace();
  fs.mkdirSync(place.at("notes"));
  fs.writeFileSync(place.at("notes/a"), "mine");
  fs.writeFileSync(place.at("notes-private"), "secret");
  const reader = agent("reader");
  const read = (name: string) =>
    home.act(reader, "disk.read", { path: place.at(name) }, { task: { id: "t", words: `read ${place.at(name)}` } });
  expect(await read("notes/a")).toMatchObject({ status: "parked", layer: "capability" });
  const scope = { paths: [place.at("notes")] };
  const { id } = await home.own("grant.give", { principal: reader, skill: "disk.read", scope });
  await home.own("trust.set", { principal: reader, level: "bounded_auto" });
  expect(await read("notes/a")).toMatchObject({ status: "done", value: { text: "mine" } });
  expect(await read("notes-private")).toMatchObject({ status: "parked", rules: ["table.bounded_auto.local.ask"] });
  await home.own("grant.revoke", { id });
  expect(await read("notes/a")).toMatchObject({ status: "parked", layer: "capability" });
});

test("S13 a file that is to be replaced is shown as what changes, and must still be that when it is approved", async () => {
  await using home = await makeHost();
  using place = makePlace();
  const path = place.at("notes.txt");
  const writer = agent("writer");
  await home.own("grant.give", { principal: writer, skill: "disk.write", scope: { paths: [place.folder] } });
  await home.own("trust.set", { principal: writer, level: "adaptive_auto" });
  const ask = async () => {
    const parked = await home.act(writer, "disk.write", { path, text: "new\n", replace: true });
    return home.own("approval.show", { id: parked.id });
  };
  fs.writeFileSync(path, "old\n");
  const view = await ask();
  expect(view.command?.pins).toMatchObject([
    {
      what: path,
      bytes: 4,
      diff: [
        { sign: "-", text: "old" },
        { sign: "+", text: "new" },
      ],
    },
  ]);
  fs.writeFileSync(path, "precious\n");
  const refused = await home.act("owner", "approval.approve", { id: view.approval.id, hash: view.hash });
  expect(refused).toMatchObject({ status: "failed", fault: { code: "approval.changed" } });
  expect(fs.readFileSync(path, "utf8")).toBe("precious\n");
  await home.own("approval.deny", { id: view.approval.id });
  const again = await ask();
  expect(await home.approve(again.approval.id, again.hash)).toMatchObject({ status: "done" });
  expect(fs.readFileSync(path, "utf8")).toBe("new\n");
});
