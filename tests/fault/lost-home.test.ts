import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { gzipSync } from "node:zlib";
import { openHome } from "@mh/host/home/open-home.ts";
import { afterEach, expect, test } from "vitest";
import { HomeChecker } from "../support/check-home.ts";
import { type Mh, mhWithHome } from "./mh.ts";

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

/** What people and tools do to a home while it is held. Each gives the folder in which the holder's log lies then. */
const losses: Record<string, (root: string) => string> = {
  "run is removed": (root) => {
    fs.rmSync(path.join(root, "run"), { recursive: true });
    return root;
  },
  "the lock is removed": (root) => {
    fs.rmSync(path.join(root, "run", "writer.db"));
    return root;
  },
  "the folder is renamed and a copy put in its place": (root) => {
    const moved = `${root}-moved`;
    fs.renameSync(root, moved);
    fs.cpSync(moved, root, { recursive: true, filter: (each) => !fs.lstatSync(each).isSocket() });
    return moved;
  },
  "the log is replaced by a copy": (root) => {
    const file = logOf(root);
    fs.copyFileSync(file, `${file}.copy`);
    fs.renameSync(`${file}.copy`, file);
    return root;
  },
  "the day of the log that is written is compressed": (root) => {
    const file = logOf(root);
    fs.writeFileSync(`${file}.gz`, gzipSync(fs.readFileSync(file)));
    fs.rmSync(file);
    return root;
  },
  "a line is written to the log": (root) => {
    fs.appendFileSync(logOf(root), "\n");
    return root;
  },
};

/** With a line that is no record. */
const isDamaged = (log: string): boolean => log.endsWith("\n\n");

const logOf = (root: string): string =>
  path.join(
    root,
    "logs",
    "audit",
    fs
      .readdirSync(path.join(root, "logs", "audit"))
      .sort()
      .at(-1) as string,
  );

test.each(Object.keys(losses))(
  "R-4 a holder whose home was lost (%s) writes nothing more, and says so",
  async (name) => {
    using mh = mhWithHome();
    const host = await openHome(mh.root, { environment: { HOME: mh.config } });
    if (!host) throw new Error("The home is held.");
    const capture = (text: string) => host.act({ principal: "owner", skill: "memory.capture", args: { text } });
    expect(await capture("before")).toMatchObject({ status: "done" });
    const at = (losses[name] as (root: string) => string)(mh.root);
    const [log, here] = [fs.readFileSync(logOf(at), "utf8"), fs.readFileSync(logOf(mh.root), "utf8")];
    expect(host.isHeld()).toBe(false);
    for (const text of ["after", "again"])
      expect(await capture(text)).toMatchObject({ status: "failed", fault: { code: "home.lost" } });
    await host[Symbol.asyncDispose]();
    expect([fs.readFileSync(logOf(at), "utf8"), fs.readFileSync(logOf(mh.root), "utf8")]).toEqual([log, here]);
    if (at !== mh.root || isDamaged(here)) return;
    // What was told as done is there for the next one, which goes on.
    await using next = await openHome(mh.root, { environment: { HOME: mh.config } });
    const listed = await next?.act({ principal: "owner", skill: "memory.list", args: {} });
    expect(listed).toMatchObject({ status: "done", value: { memories: [{ content: "before" }] } });
  },
);

/** A daemon, its process and its last words. */
async function startDaemon(mh: Mh): Promise<{ child: ChildProcess; ended: Promise<string> }> {
  fs.appendFileSync(path.join(mh.root, "config.yaml"), "\ndaemon:\n  port: 0\n");
  const entry = path.join(import.meta.dirname, "../../dist/mh.js");
  const child = spawn(process.execPath, [entry, "--home", mh.root, "up"], {
    env: { PATH: process.env.PATH, HOME: mh.config, NO_COLOR: "1" },
  });
  running.push(child);
  let err = "";
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  const ended = new Promise<string>((resolve) => child.once("exit", (code) => resolve(`${code}: ${err}`)));
  const isUp = new Promise((resolve) => child.stdout.once("data", resolve));
  const isDown = ended.then((end) => Promise.reject(new Error(`The daemon ended with ${end}`)));
  await Promise.race([isUp, isDown]);
  return { child, ended };
}

test.each(Object.keys(losses).slice(0, 3))(
  "R-4 where a daemon's home is lost (%s), it ends and the next one goes on",
  async (name) => {
    using mh = mhWithHome();
    const { ended } = await startDaemon(mh);
    expect(mh.run(["capture", "by the daemon"]).code).toBe(0);
    (losses[name] as (root: string) => string)(mh.root);
    // At once, while the daemon may not have noticed yet.
    const texts = ["one", "two", "three"].filter((text) => mh.run(["capture", text]).code === 0);
    expect(await ended).toMatch(/^1: [\s\S]*no longer holds/);
    expect(mh.run(["capture", "by the next"]).code).toBe(0);
    const second = await startDaemon(mh);
    expect(mh.run(["capture", "by the next daemon"]).code).toBe(0);
    second.child.kill("SIGTERM");
    expect(await second.ended).toMatch(/^0: /);
    expect(mh.run(["audit", "verify"])).toMatchObject({ code: 0 });
    using checker = new HomeChecker();
    const there = ["by the daemon", ...texts, "by the next", "by the next daemon"];
    expect(await checker.check(mh.root, { there })).toEqual([]);
  },
);
