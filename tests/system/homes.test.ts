import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { agent } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { isWithin } from "@mh/host/adapters/mounts.ts";
import { checkHome } from "@mh/host/home/check-home.ts";
import { knownHomes } from "@mh/host/home/known-homes.ts";
import { keyFolder } from "@mh/host/places.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { calendarOf, eventOf, setCalendars } from "../support/calendars.ts";
import { makePlace } from "../support/make-place.ts";

const codeOf = (outcome: Outcome): string => (outcome.status === "failed" ? outcome.fault.code : outcome.status);

/** Every way in which a skill of the owner's or of an agent's looks at a place outside. */
async function allWays(home: TestHost, folder: string, file: string): Promise<Record<string, string>> {
  const ways = {
    list: home.act("owner", "disk.list", { path: folder }),
    read: home.act("owner", "disk.read", { path: file }),
    write: home.act("owner", "disk.write", { path: `${folder}/left-by-test`, text: "x" }),
    replace: approved(home, home.act("owner", "disk.write", { path: file, text: "x", replace: true })),
    program: home.act("owner", "shell.run", { argv: ["cat", file], cwd: folder }),
    import: home.act("owner", "import.preview", { path: folder }),
    asAgent: home.act(agent("reader"), "disk.read", { path: file }),
  };
  const ended = Object.entries(ways).map(async ([name, outcome]) => [name, codeOf(await outcome)] as const);
  return Object.fromEntries(await Promise.all(ended));
}

/** A link is known for what it is once it is opened: after the approval. */
async function approved(home: TestHost, asked: Promise<Outcome>): Promise<Outcome> {
  const outcome = await asked;
  if (outcome.status !== "parked") return outcome;
  const { hash } = await home.own("approval.show", { id: outcome.id });
  return home.approve(outcome.id, hash);
}

/** Those that were not refused. */
const open = (ways: Record<string, string>) =>
  Object.entries(ways).filter(([, code]) => code !== "args.invalid" && code !== "denied");

test("S3 every home that mh knows is closed to every other, whatever it is called, and from the moment it is made", async () => {
  await using one = await makeHost();
  using place = makePlace();
  const root = place.at("elsewhere/home");
  fs.mkdirSync(root, { recursive: true });
  await using other = await makeHost({ root, environment: one.environment });
  const keys = keyFolder(other.host.home.id, other.environment);
  fs.symlinkSync(root, place.at("alias"));
  const before = fs.readFileSync(path.join(root, "config.yaml"), "utf8");
  const folders = [
    root,
    path.join(root, "run"),
    path.join(root, "memory"),
    keys,
    `${place.folder}/x/../elsewhere/home`,
  ];
  for (const folder of [...folders, place.at("alias"), place.at("alias/run")]) {
    const ways = await allWays(one, folder, path.join(folder, "config.yaml"));
    for (const source of [folder, `file://${folder}`])
      ways[`package ${source}`] = codeOf(await one.act("owner", "skill.fetch", { source }));
    expect([folder, open(ways)]).toEqual([folder, []]);
  }
  // By its name it is refused before anybody is asked.
  const replace = { path: path.join(root, "config.yaml"), text: "x", replace: true };
  expect(codeOf(await one.act("owner", "disk.write", replace))).toBe("args.invalid");
  // The folder around it holds it.
  const around = await one.act("owner", "shell.run", { argv: ["ls"], cwd: place.at("elsewhere") });
  expect(codeOf(around)).toBe("args.invalid");
  expect(fs.readFileSync(path.join(root, "config.yaml"), "utf8")).toBe(before);
  // And the other way round.
  expect(open(await allWays(other, one.root, one.file("config.yaml")))).toEqual([]);
  // What lies beside stays open.
  fs.writeFileSync(place.at("beside.txt"), "tea");
  expect(await one.own<object>("disk.read", { path: place.at("beside.txt") })).toMatchObject({ text: "tea" });
});

test("S3 a home that nobody noted is known by its home.json, from inside, above and below", async () => {
  await using one = await makeHost();
  await using other = await makeHost();
  for (const folder of [other.root, other.file("run"), other.file("persona/policy")]) {
    const { import: _owners, ...ways } = await allWays(one, folder, path.join(folder, "config.yaml"));
    expect([folder, open(ways)]).toEqual([folder, []]);
  }
  const cwd = path.dirname(other.root);
  expect(codeOf(await one.act("owner", "shell.run", { argv: ["ls"], cwd }))).toBe("args.invalid");
});

test.for(["pipe", "huge", "other", "folder"])(
  "S3 a home.json that is a %s makes no home, and nothing waits for it",
  async (kind) => {
    await using home = await makeHost();
    using place = makePlace();
    const file = place.at("home.json");
    fs.writeFileSync(place.at("a.txt"), "tea");
    if (kind === "pipe") execFileSync("mkfifo", [file]);
    if (kind === "huge") {
      fs.writeFileSync(file, "");
      fs.truncateSync(file, 2 ** 33);
    }
    if (kind === "other") fs.writeFileSync(file, '{"id":"x","homepage":"https://example.org"}');
    if (kind === "folder") fs.mkdirSync(file);
    expect(await home.own<object>("disk.read", { path: place.at("a.txt") })).toMatchObject({ text: "tea" });
  },
);

test("S3 no program is given a folder where the system, the desktop or an agent of the person's listens", async () => {
  using place = makePlace();
  fs.mkdirSync(place.at("agents"));
  const socket = place.at("agents/agent.1");
  const server = net.createServer().listen(socket);
  await new Promise((resolve) => server.once("listening", resolve));
  const environment = {
    HOME: place.at("person"),
    XDG_RUNTIME_DIR: place.at("session"),
    BUS: `unix:path=${socket},guid=1`,
  };
  for (const folder of ["session/deep", "person/.ssh", "person/.gnupg"])
    fs.mkdirSync(place.at(folder), { recursive: true });
  await using home = await makeHost({ environment });
  const folders = [
    ...[
      "/run",
      "/var/run",
      "/run/user",
      "/dev",
      "/dev/shm",
      "/proc",
      "/proc/self/cwd",
      "/sys",
      "/tmp/.X11-unix",
      "/tmp",
    ],
    ...["session", "session/deep", "person/.ssh", "person/.gnupg", "agents"].map((name) => place.at(name)),
  ];
  for (const cwd of folders) {
    expect([cwd, codeOf(await home.act("owner", "shell.run", { argv: ["ls"], cwd }))]).toEqual([cwd, "args.invalid"]);
  }
  server.close();
});

test("S3 a copy of a home is named with the next step, and the original goes on as if there were none", async () => {
  await using home = await makeHost();
  await home.own("memory.capture", { text: "Tea with Sarah" });
  const copy = `${home.root}-copy`;
  fs.cpSync(home.root, copy, { recursive: true, filter: (name) => !name.endsWith("mh.sock") });
  const opening = makeHost({ root: copy, environment: home.environment });
  await expect(opening).rejects.toMatchObject({ code: "home.copied", message: expect.stringContaining(home.root) });
  const findings = await Array.fromAsync(checkHome(copy, home.environment));
  expect(findings.filter(({ what }) => what === "homes")).toMatchObject([
    {
      level: "bad",
      message: expect.stringContaining("is a copy of"),
      next: expect.stringContaining(`Go on in ${home.root}`),
    },
  ]);
  await home.reopen();
  await home.own("memory.capture", { text: "More tea" });
  expect((await home.own("audit.verify", {})) as object).toMatchObject({ status: "ok" });
  // Once the original has gone, the copy is the home.
  await home.close();
  fs.renameSync(home.root, `${home.root}-away`);
  fs.rmSync(copy, { recursive: true });
  fs.cpSync(`${home.root}-away`, copy, { recursive: true });
  fs.rmSync(`${home.root}-away`, { recursive: true });
  await using moved = await makeHost({ root: copy, environment: home.environment });
  await moved.own("memory.capture", { text: "Still more tea" });
});

test("S3 notes of homes that went are passed over, and what is no note is named by doctor", async () => {
  await using home = await makeHost();
  const config = path.dirname(keyFolder(home.host.home.id, home.environment));
  const note = (id: string, text: string) => {
    fs.mkdirSync(path.join(config, id), { recursive: true });
    fs.writeFileSync(path.join(config, id, "home"), text);
  };
  const at = (id: string) => fs.realpathSync(path.join(config, id));
  note("gone", "");
  note("gone", JSON.stringify({ root: "/nowhere/at/all", keys: at("gone") }));
  note("moved", "");
  note("moved", JSON.stringify({ root: home.root, keys: at("moved") }));
  note("brought", JSON.stringify({ root: "/", keys: "/somebody/else" }));
  for (const [id, text] of Object.entries({
    blank: "",
    broken: '{"root":',
    wrong: '{"root":7}',
    bare: '{"root":"here","keys":""}',
  }))
    note(id, text);
  fs.mkdirSync(path.join(config, "pile", "home"), { recursive: true });
  expect(knownHomes(config)).toEqual({
    homes: [{ id: home.host.home.id, root: fs.realpathSync(home.root) }],
    unreadable: ["bare", "blank", "broken", "pile", "wrong"].map((id) => path.join(config, id, "home")),
  });
  const findings = await Array.fromAsync(checkHome(home.root, home.environment));
  expect(findings.filter(({ what }) => what === "homes").map(({ level }) => level)).toEqual([
    "ok",
    ...Array(5).fill("warn"),
  ]);
  await home.reopen();
  await home.own("memory.capture", { text: "Tea" });
});

test("S3 where one place lies in another is told by the file system, not by names alone", () => {
  const outer = { device: "8:1", path: "/home/ada" };
  expect(isWithin(outer, { device: "8:1", path: "/home/ada/x" })).toBe(true);
  expect(isWithin(outer, { device: "8:2", path: "/home/ada/x" })).toBe(false);
  expect(isWithin(outer, { device: "8:1", path: "/home/adam" })).toBe(false);
});

test("S2 doctor names keys that other accounts of the machine may open", async () => {
  await using home = await makeHost();
  const keys = home.host.keyFolder;
  const open = async () =>
    (await Array.fromAsync(checkHome(home.root, home.environment)))
      .filter(({ what, level }) => what === "keys" && level === "bad")
      .map(({ message }) => message.split(" ").at(-1));
  expect(await open()).toEqual([]);
  fs.chmodSync(path.join(keys, "signing.key"), 0o640);
  fs.chmodSync(keys, 0o711);
  expect(await open()).toEqual([keys, path.join(keys, "signing.key")].sort());
});

test("S3 a calendar that the settings find in another home is not read", async () => {
  await using one = await makeHost();
  await using other = await makeHost({ environment: one.environment });
  const file = other.file("plans.ics");
  fs.writeFileSync(file, calendarOf(...eventOf("UID:plan", "DTSTART:20260102T100000Z", "SUMMARY:Move to Terminus")));
  await setCalendars(one, [{ name: "theirs", file }]);
  const outcome = JSON.stringify(await one.act("owner", "calendar.read", {}));
  expect(outcome).toContain("belongs to mh itself");
  expect(outcome).not.toContain("Terminus");
});

test("a home whose keys lie elsewhere is not opened, and one is told which are missing and what to do", async () => {
  await using home = await makeHost();
  await home.close();
  const { id } = JSON.parse(fs.readFileSync(home.file("home.json"), "utf8")) as { id: string };
  const keys = keyFolder(id, home.environment);
  fs.renameSync(keys, `${keys}-elsewhere`);
  await expect(home.reopen()).rejects.toMatchObject({
    ...{ code: "keys.missing", message: expect.stringMatching(/Restore it from a backup/) },
  });
  expect(fs.existsSync(keys)).toBe(false);
  fs.renameSync(`${keys}-elsewhere`, keys);
  await home.reopen();
  expect(await home.own("memory.list", {})).toMatchObject({ memories: [] });
});
