// What a job is given of the disk: only what its path says, with no way out of the sandbox in it, whatever is exchanged.
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import type { Place as Given, Job, RunEnd } from "@mh/core/ports/executor.ts";
import { findSandbox, sandboxExecutor } from "@mh/host/sandbox/executor.ts";
import { describe, expect, test } from "vitest";
import { makePlace, type Place } from "../support/make-place.ts";
import { swapFolder } from "../support/swap-folder.ts";

const executor = sandboxExecutor();
const sandbox = await findSandbox();
if (sandbox.kind === "none" && process.env.CI === "true") throw new Error(`No sandbox in CI: ${sandbox.reason}`);

const cat = (places: Given[], more: Partial<Job["view"]> = {}): Job => ({
  ...{ program: "/bin/sh", args: ["-c", "cat /mnt /mnt/* 2>/dev/null; :"], unsandboxed: "" },
  view: { base: "system", places, folder: "/tmp", ...more },
  limits: {
    ...{ timeMs: 60_000, memoryBytes: 2 ** 29, processesMax: 8 },
    output: { bytesMax: 2 ** 16, beyond: "drop" },
  },
});

async function outcome(job: Job): Promise<RunEnd & { said: string }> {
  const run = executor.run(job);
  let said = "";
  run.output.listen((chunk) => {
    said += Buffer.from(chunk).toString("utf8");
  });
  return { ...(await run.end), said };
}

/** The kinds of place, each with how it is given. */
const kinds: Record<string, (from: string) => Given> = {
  "to read": (from) => ({ from, at: "/mnt" }),
  "to write": (from) => ({ from, at: "/mnt", isWritable: true }),
};

/** Something that is to be refused, made in a folder; its name, and what of it the owner is told. */
const doors: Record<string, (place: Place) => Promise<{ given: string; named: string } & Disposable>> = {
  "a socket": async (place) => listening(place.folder, place.at("door")),
  "a socket far below": async (place) => {
    const below = place.at("a/b/.c/d e/f/g/h/i");
    fs.mkdirSync(below, { recursive: true });
    return listening(place.folder, path.join(below, "S.gpg-agent"));
  },
  "a socket itself": async (place) => listening(place.at("door"), place.at("door")),
  "a pipe with a name": async (place) => {
    fs.mkdirSync(place.at("sub"));
    spawnSync("mkfifo", [place.at("sub/pipe")]);
    return { given: place.folder, named: place.at("sub/pipe"), [Symbol.dispose]: () => undefined };
  },
};

async function listening(given: string, named: string): Promise<{ given: string; named: string } & Disposable> {
  // Longer names than a socket may have are made where they are short.
  const server = net.createServer();
  const short = path.relative(process.cwd(), named).length < named.length ? path.relative(process.cwd(), named) : named;
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(short, resolve));
  return { given, named, [Symbol.dispose]: () => void server.close() };
}

describe.skipIf(sandbox.kind === "none").each(Object.keys(kinds))("a place %s", (kind) => {
  const given = (from: string): Given => kinds[kind]?.(from) as Given;

  test.each(Object.keys(doors))("S1 is refused by name where it has %s", async (what) => {
    using place = makePlace();
    using door = await (doors[what] as (typeof doors)[string])(place);
    const end = await outcome(cat([given(door.given)]));
    expect([end.status, end.fault?.code, end.message]).toEqual([
      ...["refused", "args.invalid", expect.stringMatching(/ is a (socket|pipe with a name), .*outside the sandbox/)],
    ]);
    expect(end.message.startsWith(`${door.named} is `)).toBe(true);
  });

  test("S9 is refused behind a link, of its own or above it, and told what it really is", async () => {
    using place = makePlace();
    fs.mkdirSync(place.at("real/sub"), { recursive: true });
    fs.writeFileSync(place.at("real/sub/file"), "secret");
    fs.symlinkSync(place.at("real"), place.at("link"));
    fs.symlinkSync(place.at("real/sub/file"), place.at("file"));
    const refused = { link: "real", "link/sub": "real/sub", "link/sub/file": "real/sub/file", file: "real/sub/file" };
    for (const [name, real] of Object.entries(refused)) {
      const { status, said, message } = await outcome(cat([given(place.at(name))]));
      expect([name, status, said]).toEqual([name, "refused", ""]);
      expect(message).toContain(`${place.at(name)} is really ${place.at(real)}, and links are not followed`);
    }
    expect((await outcome(cat([given(place.at("real/sub"))]))).said).toBe("secret");
  });

  test("S9 is refused where it is, or holds, what is hidden, whatever it is called", async () => {
    using place = makePlace();
    fs.mkdirSync(place.at("keys/sub"), { recursive: true });
    fs.writeFileSync(place.at("keys/sub/key"), "secret");
    for (const name of ["", "keys", "keys/sub", "keys/sub/key"]) {
      const end = await outcome(cat([given(path.join(place.folder, name))], { hidden: [place.at("keys")] }));
      expect([name, end.said, end.fault?.code]).toEqual([name, "", "args.invalid"]);
      expect(end.message).toMatch(/(belongs to|holds what belongs to) mh itself/);
    }
  });

  test("S9 is never another one, while somebody exchanges it, or what is above it, for a link", async () => {
    using place = makePlace();
    for (const folder of ["open/sub", "closed/sub"]) fs.mkdirSync(place.at(folder), { recursive: true });
    for (const folder of ["open", "closed"]) fs.writeFileSync(place.at(`${folder}/sub/file`), folder);
    await using _swapping = await swapFolder(place.folder);
    const seen: Record<string, number> = {};
    // Until it came to its aim often, was refused at the door, and was met by the exchange once the sandbox was up.
    for (
      let n = 0;
      n < 3_000 && ((seen["exited open"] ?? 0) < 20 || !seen["killed changed"] || !seen["refused "]);
      n += 1
    ) {
      const from = place.at(["open/sub", "open/sub/file"][n % 2] as string);
      const { status, reason = "", said } = await outcome(cat([given(from)]));
      const what = `${status} ${reason}${said}`;
      seen[what] = (seen[what] ?? 0) + 1;
    }
    // The last: in the moment in which nothing was there.
    const expected = ["exited open", "killed changed", "refused ", "refused changed"];
    expect(Object.keys(seen).filter((what) => !expected.includes(what))).toEqual([]);
    expect(Object.keys(seen)).toEqual(expect.arrayContaining(expected.slice(0, 3)));
  });
});

describe.skipIf(sandbox.kind === "none")("a service", () => {
  test("S9 that starts again is not given what lies in the place of its folder by then, and goes on once it is back", async () => {
    using place = makePlace();
    for (const name of ["open", "closed"]) fs.mkdirSync(place.at(name));
    for (const name of ["open", "closed"]) fs.writeFileSync(place.at(`${name}/file`), name);
    await using service = executor.serve<string>({
      job: () => ({ ...cat([{ from: place.at("open"), at: "/mnt" }]), args: ["-c", "cat /mnt/file; exec sleep 1000"] }),
      ready: (run) => new Promise((resolve) => run.output.listen((chunk) => resolve(String(Buffer.from(chunk))))),
      ...{ restart: "on-demand", backOff: { firstMs: 1, maxMs: 1 }, stopWithinMs: 100 },
      crashLoop: { crashes: 2, withinMs: 1_000_000 },
    });
    expect(await service.use()).toBe("open");
    service.renew("It is to start again.");
    fs.renameSync(place.at("open"), place.at("aside"));
    fs.symlinkSync(place.at("closed"), place.at("open"));
    // However often it is tried: that is no crash.
    for (const _ of [1, 2, 3]) await expect(service.use()).rejects.toThrow("is really");
    fs.unlinkSync(place.at("open"));
    fs.renameSync(place.at("aside"), place.at("open"));
    expect(await service.use()).toBe("open");
  });
});
