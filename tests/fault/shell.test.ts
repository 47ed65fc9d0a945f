import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { agent, owner } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { sandboxExecutor } from "@mh/host/sandbox/executor.ts";
import { latePrograms } from "@mh/host/wiring/late-programs.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { makePlace } from "../support/make-place.ts";
import { swapFolder } from "../support/swap-folder.ts";

const isMissing = spawnSync("bwrap", ["--version"]).error !== undefined;
const sandboxed = test.skipIf(isMissing && !process.env.CI);

const run = (home: TestHost, argv: string[], more: object = {}) => home.own("shell.run", { argv, ...more });
const ended = (outcome: Outcome) => (outcome.status === "failed" ? outcome.fault.code : outcome.status);

/** Resolves once no process of this machine has the word among its arguments. */
async function gone(word: string): Promise<void> {
  const isThere = (pid: string) => {
    try {
      return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(word);
    } catch {
      return false;
    }
  };
  await expect.poll(() => fs.readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && isThere(pid))).toEqual([]);
}

sandboxed("H18 a program has no network, no environment, no files of the owner's and nothing to write to", async () => {
  await using home = await makeHost();
  const secret = path.join(os.homedir(), `mh-canary-${process.pid}`);
  fs.writeFileSync(secret, "secret");
  process.env.MH_CANARY = "secret";
  const server = net.createServer((socket) => socket.end("reached")).listen(0, "127.0.0.1");
  try {
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as net.AddressInfo;
    const script = `
      cat ${secret} ${home.root}/config.yaml /etc/passwd; echo x > /x; echo x > /usr/x; echo x > ${os.homedir()}/x
      exec 3<>/dev/tcp/127.0.0.1/${port} && cat <&3; ls /proc; env`;
    using place = makePlace();
    fs.writeFileSync(place.at("try.sh"), script);
    const { stdout, stderr } = await run(home, ["bash", "try.sh"], { cwd: place.folder });
    const lines = stdout.split("\n");
    expect(lines.filter((line) => /^\d+$/.test(line)).length).toBeLessThan(5);
    const environment = lines.filter((line) => line.includes("=")).map((line) => line.split("=")[0]);
    expect(environment.sort()).toEqual(
      ["HOME", "LANG", "OLDPWD", "PATH", "PWD", "SHLVL", "_"].filter((name) => environment.includes(name)),
    );
    expect(stdout).not.toMatch(/secret|reached|Ada|root:/);
    expect(stderr.match(/No such file|Read-only|refused|unreachable/g)?.length).toBeGreaterThanOrEqual(7);
    expect([fs.existsSync(path.join(os.homedir(), "x")), fs.readdirSync(place.folder)]).toEqual([false, ["try.sh"]]);
  } finally {
    delete process.env.MH_CANARY;
    fs.rmSync(secret);
    server.close();
  }
});

sandboxed("H18 a program does not see the keyring of the session that mh was started in", async () => {
  await using home = await makeHost();
  using place = makePlace();
  // KEYCTL_GET_KEYRING_ID of KEY_SPEC_SESSION_KEYRING.
  const keyctl = os.arch() === "arm64" ? 219 : 250;
  fs.writeFileSync(place.at("keys.pl"), `print syscall(${keyctl}, 0, -3, 0), " ", 0 + $!;`);
  const { stdout, stderr } = await run(home, ["perl", "keys.pl"], { cwd: place.folder });
  expect([stdout, stderr]).toEqual([`-1 ${os.constants.errno.ENOSYS}`, ""]);
});

sandboxed("H18 it reads and writes the folder it was given, and its words stay words", async () => {
  await using home = await makeHost();
  using place = makePlace();
  expect(await run(home, ["touch", "a b", "c;d"], { cwd: `${place.folder}/./` })).toMatchObject({ exitCode: 0 });
  expect(fs.readdirSync(place.folder).sort()).toEqual(["a b", "c;d"]);
  expect(await run(home, ["ls"], { cwd: place.folder })).toEqual({
    ...{ exitCode: 0, stdout: "a b\nc;d\n", stderr: "", isCut: false },
  });
  expect(await run(home, ["echo", "a  *  'b'"])).toMatchObject({ stdout: "a  *  'b'\n" });
  expect(await run(home, ["false"])).toMatchObject({ exitCode: 1 });
  expect(await run(home, ["pwd"])).toMatchObject({ stdout: "/tmp\n" });
});

sandboxed(
  "H18 folders that hold the home, the keys or the system are not given, nor is one behind a link",
  async () => {
    await using home = await makeHost();
    using place = makePlace();
    fs.symlinkSync(path.dirname(home.root), place.at("link"));
    const holds = fs.realpathSync(path.dirname(home.root));
    const refused = [
      "/",
      os.tmpdir(),
      "/usr",
      "/usr/bin",
      "/etc",
      "/proc",
      holds,
      home.root,
      place.at("link"),
      `${place.folder}/link/${path.basename(home.root)}/persona`,
    ];
    const codes = await Promise.all(refused.map((cwd) => home.act(owner, "shell.run", { argv: ["ls"], cwd })));
    expect(codes.map((code, n) => [refused[n], ended(code)])).toEqual(refused.map((cwd) => [cwd, "args.invalid"]));
    expect(ended(await home.act(owner, "shell.run", { argv: ["ls"], cwd: place.at("none") }))).toBe("file.not-found");
  },
);

sandboxed(
  "H18 a program under another name is known for what it is, and one that is not there is said to be so",
  async () => {
    await using home = await makeHost();
    const act = (argv: string[]) => home.act(owner, "shell.run", { argv }).then(ended);
    expect(await act(["mh-no-such-program"])).toBe("shell.failed");
    const real = fs.realpathSync("/usr/bin/pager");
    if (path.basename(real) !== "pager") expect(await act(["pager", "--version"])).toBe("done");
  },
);

sandboxed("H18 it is ended when its time is up, when STOP comes, and when it began but a moment ago", async () => {
  await using home = await makeHost();
  const mark = `86${process.pid}.5`;
  for (const timeoutMs of [1, 5, 20, 300]) {
    expect(ended(await home.act(owner, "shell.run", { argv: ["sleep", mark], timeoutMs }))).toBe("shell.failed");
    await gone(mark);
  }
  const runner = agent("runner");
  await home.own("grant.give", { principal: runner, skill: "shell.run", scope: { paths: ["/usr/bin/sleep"] } });
  await home.own("trust.set", { principal: runner, level: "bounded_auto" });
  using place = makePlace();
  const task = { id: "t", words: `sleep ${mark}` };
  const running = home.act(runner, "shell.run", { argv: ["sleep", mark] }, { task });
  const isRunning = () => spawnSync("pgrep", ["-f", `^sleep ${mark}|^/usr/bin/sleep ${mark}`]).status === 0;
  await expect.poll(isRunning).toBe(true);
  await home.own("kernel.stop", {});
  expect((await running).status).toBe("interrupted");
  await gone(mark);
  expect(fs.readdirSync(place.folder)).toEqual([]);
});

sandboxed("H18 what it leaves behind in the background dies with it, and what it says is bounded", async () => {
  await using home = await makeHost();
  using place = makePlace();
  const mark = `87${process.pid}.5`;
  fs.writeFileSync(place.at("bg.sh"), `sleep ${mark} & echo started`);
  expect(await run(home, ["sh", "bg.sh"], { cwd: place.folder })).toMatchObject({ stdout: "started\n" });
  await gone(mark);
  fs.writeFileSync(place.at("long.sh"), "head -c 3000000 /dev/zero; head -c 2000000 /dev/zero >&2; exit 3");
  const { exitCode, stdout, stderr, isCut } = await run(home, ["sh", "long.sh"], { cwd: place.folder });
  expect([exitCode, stdout.length, stderr.length, isCut]).toEqual([3, 1_048_576, 1_048_576, true]);
});

sandboxed("H18 a grant is for one program and one folder; the rest is asked about", async () => {
  await using home = await makeHost();
  using place = makePlace();
  const runner = agent("runner");
  const scope = { paths: ["/usr/bin/touch", place.folder] };
  await home.own("grant.give", { principal: runner, skill: "shell.run", scope });
  await home.own("trust.set", { principal: runner, level: "adaptive_auto" });
  const words = `touch a rm -r ${place.folder} ${os.tmpdir()}`;
  const act = (argv: string[], cwd?: string) =>
    home.act(runner, "shell.run", { argv, ...(cwd && { cwd }) }, { task: { id: "t", words } });
  expect(await act(["touch", "a"], place.folder)).toMatchObject({ status: "done" });
  expect(await act(["/bin/touch", "a"], place.folder)).toMatchObject({ status: "parked", layer: "provenance" });
  expect(await act(["rm", "-r", "a"], place.folder)).toMatchObject({ status: "parked", layer: "boundary" });
  expect(await act(["touch", "a"], fs.realpathSync(os.homedir()))).toMatchObject({
    status: expect.not.stringMatching("done"),
  });
  expect(fs.readdirSync(place.folder)).toEqual(["a"]);
});

sandboxed("P16 while somebody swaps the folder for a link, a program never begins in another one", async () => {
  using place = makePlace();
  for (const folder of ["open/sub", "closed/sub"]) fs.mkdirSync(place.at(folder), { recursive: true });
  fs.writeFileSync(place.at("closed/sub/secret"), "");
  const programs = latePrograms(sandboxExecutor(), () => []);
  const seen: Record<string, number> = {};
  {
    await using _swapping = await swapFolder(place.folder);
    for (let n = 0; n < 10_000 && (seen["0 "] ?? 0) < 150; n += 1) {
      const ran = programs.run({
        ...{ program: "/usr/bin/touch", args: ["was-here"], folder: place.at("open/sub") },
        ...{ timeoutMs: 10_000, outputBytesMax: 1_000, isOwners: false, signal: new AbortController().signal },
      });
      const what = await ran.then(
        ({ exitCode, stderr }) => `${exitCode} ${stderr}`,
        (error: { code: string }) => error.code,
      );
      seen[what] = (seen[what] ?? 0) + 1;
    }
  }
  expect(fs.readdirSync(place.at("closed/sub"))).toEqual(["secret"]);
  // It came to its aim, was refused at the door, and was met by the exchange once the sandbox was up.
  expect(Object.keys(seen)).toEqual(expect.arrayContaining(["0 ", "args.invalid"]));
});

test("H18 where there is no sandbox, nothing is run, and it says why", async () => {
  using place = makePlace();
  const script = `
    import { sandboxExecutor } from ${JSON.stringify(path.resolve("packages/host/src/sandbox/executor.ts"))};
    import { latePrograms } from ${JSON.stringify(path.resolve("packages/host/src/wiring/late-programs.ts"))};
    const run = { program: "/usr/bin/touch", args: ["x"], folder: process.argv[1], timeoutMs: 5000, outputBytesMax: 10 };
    latePrograms(sandboxExecutor(), () => []).run({ ...run, signal: new AbortController().signal }).then(
      () => console.log("ran"), (error) => console.log(error.code, error.message));`;
  const { stdout } = spawnSync(
    process.execPath,
    ["--conditions=mh-source", "--input-type=module", "-e", script, place.folder],
    {
      ...{ encoding: "utf8", env: { PATH: place.folder } },
    },
  );
  expect(stdout).toMatch(/^sandbox\.missing .*bubblewrap.*not installed/);
  expect(fs.readdirSync(place.folder)).toEqual([]);
});
