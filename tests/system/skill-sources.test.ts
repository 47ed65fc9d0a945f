// Where packages come from: a repository and a registry, of which nothing runs.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as http from "node:http";
import type * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { gzipSync } from "node:zlib";
import type { Fault } from "@mh/contract/values/fault.ts";
import { treeFromGit } from "@mh/host/extensions/from-git.ts";
import { makeHost } from "@mh/testing";
import { expect, test } from "vitest";
import { install, ofHome, show, tryFetch } from "../support/installed-skill.ts";
import { packageFiles, writeFiles } from "../support/skill-package.ts";

test("P10 from a repository nothing acts: no hook, filter, submodule or link, and no protocol but the one that was named", async () => {
  await using home = await makeHost();
  const work = path.join(ofHome(home), "work");
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "init.defaultBranch=main", ...args], {
      cwd: work,
      env: { PATH: process.env.PATH, HOME: ofHome(home), GIT_CONFIG_NOSYSTEM: "1" },
      stdio: ["ignore", "pipe", "ignore"],
    });
  const mark = path.join(ofHome(home), "ran");
  writeFiles(work, { ...prefixed("skills/letters/", packageFiles()), ".gitattributes": "* filter=evil\n" });
  git("init", "-q");
  git("add", "-A");
  git("commit", "-qm", "one");
  const bare = path.join(ofHome(home), "bare.git");
  execFileSync("git", ["clone", "-q", "--bare", work, bare]);
  for (const hook of ["post-checkout", "post-merge", "pre-receive", "post-index-change"])
    fs.writeFileSync(path.join(bare, "hooks", hook), `#!/bin/sh\ntouch ${mark}\n`, { mode: 0o755 });
  execFileSync("git", ["-C", bare, "config", "filter.evil.smudge", `touch ${mark}`]);

  const { hash } = await install(home, `file://${bare}#main:skills/letters`);
  expect(await show(home)).toMatchObject({ state: "on", pinned: hash, source: `file://${bare}#main:skills/letters` });
  expect(fs.existsSync(mark)).toBe(false);
  expect(await tryFetch(home, `file://${bare}#main:skills/nothing`)).toMatch(/no folder skills\/nothing/);
  expect(await tryFetch(home, `file://${bare}#other`)).toMatch(/^skill\.refused/);

  fs.symlinkSync("/etc/passwd", path.join(work, "skills/letters/link"));
  git("add", "-A");
  git("commit", "-qm", "link");
  expect(await tryFetch(home, `file://${work}#main:skills/letters`)).toMatch(/link is a link/);
  git("rm", "-q", "skills/letters/link");
  git("update-index", "--add", "--cacheinfo", `160000,${"1".repeat(40)},skills/letters/sub`);
  git("commit", "-qm", "submodule");
  expect(await tryFetch(home, `file://${work}#main:skills/letters`)).toMatch(/sub is a link or a repository/);

  git("rm", "-q", "--cached", "skills/letters/sub");
  writeFiles(work, { "skills/letters/a\tb": "" });
  git("add", "-A");
  git("commit", "-qm", "tab");
  expect(await tryFetch(home, `file://${work}#main:skills/letters`)).toMatch(/a\\tb.*no place in a path/);
  git("rm", "-q", "skills/letters/a\tb");
  const blob = git("rev-parse", "HEAD:skills/letters/SKILL.md").toString().trim();
  git("update-index", "--add", "--cacheinfo", `100644,${blob},skills/letters/${"字".repeat(86)}`);
  git("commit", "-qm", "more than a disk can name");
  expect(await tryFetch(home, `file://${work}#main:skills/letters`)).toMatch(/too long/);

  const answer = await tryFetch(home, "https://ada:tk-4711@git.invalid/x.git");
  expect(answer).toMatch(/^skill\.refused.*holds a name or a password/);
  expect(answer).not.toContain("tk-4711");
  for (const source of [
    `ext::sh -c "touch ${mark}"`,
    `git+ext::touch ${mark}`,
    "http://example.org/x.git",
    "git://example.org/x",
    `--upload-pack=touch ${mark}`,
    `file://${bare}#--upload-pack=x`,
    "-oProxyCommand=x@host:y",
    `ssh://-oProxyCommand=touch ${mark}/x`,
  ])
    expect([source, await tryFetch(home, source)]).toEqual([source, expect.stringMatching(/^skill\.refused/)]);
  expect(fs.existsSync(mark)).toBe(false);
});

const prefixed = (prefix: string, files: Record<string, string>) =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [prefix + name, text]));

/** What git starts to reach a repository, and how its fetch ends once that runs and `end` was called. */
async function cutOff(end: (stopFile: string, ending: AbortController) => void): Promise<{ pid: string; why: string }> {
  await using home = await makeHost();
  const pidFile = path.join(ofHome(home), "pid");
  const stopFile = path.join(ofHome(home), "STOP");
  writeFiles(ofHome(home), {
    "bin/ssh": `#!/bin/sh\necho $$ > ${pidFile}.new; mv ${pidFile}.new ${pidFile}\nexec sleep 60\n`,
  });
  fs.chmodSync(path.join(ofHome(home), "bin/ssh"), 0o755);
  const environment = { HOME: ofHome(home), PATH: `${path.join(ofHome(home), "bin")}:/usr/bin:/bin` };
  const ending = new AbortController();
  const source = { url: "ssh://a@b/c.git", protocol: "ssh" } as const;
  const why = treeFromGit(source, { environment, stopFile }, ending.signal).then(
    () => "fetched",
    (error: Fault) => `${error.code} ${error.message}`,
  );
  await expect.poll(() => fs.existsSync(pidFile)).toBe(true);
  end(stopFile, ending);
  return { why: await why, pid: fs.readFileSync(pidFile, "utf8").trim() };
}

async function expectGone(pid: string): Promise<void> {
  await expect
    .poll(() => fs.existsSync(`/proc/${pid}/cmdline`) && fs.readFileSync(`/proc/${pid}/cmdline`, "utf8"))
    .toBeFalsy();
}

test("P10 what git started to reach a repository ends with it", async () => {
  const { pid, why } = await cutOff((_stopFile, ending) => ending.abort());
  expect(why).toContain("it took too long");
  await expectGone(pid);
});

test("S11 STOP ends git and what it started", async () => {
  const { pid, why } = await cutOff((stopFile) => fs.writeFileSync(stopFile, ""));
  expect(why).toMatch(/^stopped STOP stands/);
  await expectGone(pid);
});

test("P10 from a registry no script runs, and an archive that is not the one that was told of is refused", async () => {
  await using registry = await Registry.start();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-npmrc-"));
  fs.writeFileSync(path.join(folder, ".npmrc"), `registry=${registry.url}/\n`);
  await using home = await makeHost({ environment: { HOME: folder } });
  const mark = path.join(ofHome(home), "ran");
  const scripts = {
    preinstall: `touch ${mark}`,
    install: `touch ${mark}`,
    postinstall: `touch ${mark}`,
    prepare: `touch ${mark}`,
  };
  const files = {
    ...packageFiles(),
    "package.json": JSON.stringify({ name: "@x/letters", version: "1.0.0", scripts }),
  };
  registry.publish("@x/letters", "1.0.0", tarball(prefixed("package/", files)));
  const added = await install(home, "npm:@x/letters");
  expect(added).toMatchObject({ name: "letters", scripts: ["letters.count"] });
  expect(fs.existsSync(mark)).toBe(false);
  expect(await show(home)).toMatchObject({ state: "on", source: "npm:@x/letters" });
  expect(await tryFetch(home, "@x/letters@9.9.9")).toMatch(/no version 9\.9\.9/);
  for (const range of ["^1.0.0", "~1", ">=1.0.0", "1.x || 2", "*"])
    expect(await tryFetch(home, `npm:@x/letters@${range}`)).toMatch(/^skill\.refused.*names many versions/);

  registry.publish("letters", "1.0.0", tarball(prefixed("package/", files)), { integrity: "sha512-AAAA" });
  expect(await tryFetch(home, "npm:letters")).toMatch(/not the one that the registry tells of/);
  registry.publish("letters", "1.0.0", tarball(prefixed("package/", files)), { integrity: undefined });
  expect(await tryFetch(home, "npm:letters")).toMatch(/not the one that the registry tells of/);
  registry.publish("letters", "1.0.0", tarball(prefixed("package/", files)), { tarball: "https://evil.example/x.tgz" });
  expect(await tryFetch(home, "npm:letters")).toMatch(/does not lie on/);
  const needing = { ...files, "package.json": JSON.stringify({ dependencies: { "left-pad": "1" } }) };
  registry.publish("letters", "1.0.0", tarball(prefixed("package/", needing)));
  expect(await tryFetch(home, "npm:letters")).toMatch(/need left-pad/);
  for (const [name, entry] of Object.entries({
    "package/../../../evil": {},
    "/etc/evil": {},
    "package/a/../../b": {},
    "package/link": { type: "2" },
    "package/hard": { type: "1" },
    "package/device": { type: "3" },
  })) {
    registry.publish("letters", "1.0.0", tarball(prefixed("package/", files), { name, ...entry }));
    expect([name, await tryFetch(home, "npm:letters")]).toEqual([name, expect.stringMatching(/^skill\.refused/)]);
  }
  for (const [says, odd] of [
    [/a file and a folder/, { "package/a": "", "package/a/b": "" }],
    [/a file and a folder/, { "package/a/b": "", "package/A": "" }],
  ] as const) {
    registry.publish("letters", "1.0.0", tarball({ ...prefixed("package/", files), ...odd }));
    expect(await tryFetch(home, "npm:letters")).toMatch(says);
  }
  registry.publish("letters", "1.0.0", gzipSync(Buffer.alloc(60_000_000)));
  expect(await tryFetch(home, "npm:letters")).toMatch(/cannot be unpacked \(ERR_BUFFER_TOO_LARGE\)/);
  registry.publish("letters", "1.0.0", Buffer.from("not an archive"));
  expect(await tryFetch(home, "npm:letters")).toMatch(/cannot be unpacked/);
});

/** A registry of npm, as far as it is asked. */
class Registry implements AsyncDisposable {
  readonly url: string;
  readonly #server: http.Server;
  readonly #answers = new Map<string, Buffer>();

  private constructor(server: http.Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`;
    server.on("request", ({ url = "" }, response) => {
      const body = this.#answers.get(url);
      response.writeHead(body ? 200 : 404).end(body);
    });
  }

  static async start(): Promise<Registry> {
    const server = http.createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new Registry(server);
  }

  publish(
    name: string,
    version: string,
    archive: Buffer,
    more: { integrity?: string | undefined; tarball?: string } = {},
  ): void {
    const at = `/${name}/-/x-${version}.tgz`;
    const integrity = `sha512-${createHash("sha512").update(archive).digest("base64")}`;
    const dist = { tarball: this.url + at, integrity, ...more };
    const told = { "dist-tags": { latest: version }, versions: { [version]: { dist } } };
    this.#answers.set(`/${name.replace("/", "%2f")}`, Buffer.from(JSON.stringify(told)));
    this.#answers.set(at, archive);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** A gzipped tarball with one entry more that no packer would make. */
function tarball(files: Record<string, string>, last?: { name: string; type?: string }): Buffer {
  const entries = Object.entries(files).map(([name, text]) => tarEntry(name, text, "0"));
  const more = last ? [tarEntry(last.name, "", last.type ?? "0")] : [];
  return gzipSync(Buffer.concat([...entries, ...more, Buffer.alloc(1024)]));
}

function tarEntry(name: string, text: string, type: string): Buffer {
  const body = Buffer.from(text);
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write("0000644\0", 100);
  header.write(`${body.length.toString(8).padStart(11, "0")}\0`, 124);
  header.write("        ", 148);
  header.write(type, 156);
  header.write("ustar\u000000", 257);
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return Buffer.concat([header, body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
}
