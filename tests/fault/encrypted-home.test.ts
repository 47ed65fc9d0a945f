// Encryption as its owner meets it: the built program, its daemon, HTTP and MCP, and a kill at any moment.
import * as fs from "node:fs";
import * as path from "node:path";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterEach, expect, test } from "vitest";
import { filesWith } from "../support/encrypted-home.ts";
import { connectMcp } from "../support/mcp-client.ts";
import { type Mh, makeMh } from "./mh.ts";

const passphrase = "correct horse battery";
const homes: Mh[] = [];
afterEach(() => {
  for (const mh of homes.splice(0)) {
    mh.run(["daemon", "stop"]);
    mh[Symbol.dispose]();
  }
});

function encrypted(): Mh {
  const mh = makeMh();
  homes.push(mh);
  const { code, err } = mh.run(["init", "--yes", "--encrypt"], { input: `${passphrase}\n` });
  expect({ code, err }).toMatchObject({ code: 0 });
  return mh;
}

const done = (mh: Mh, args: readonly string[], input = "") => {
  const ended = mh.run(args, { input });
  expect({ args, ...ended }).toMatchObject({ code: 0 });
  return ended.out;
};

test("H21 with the home locked every command is refused with 6, nothing is readable, and the log verifies", () => {
  const mh = encrypted();
  done(mh, ["capture", "Sarah hides the quokka in Zanzibar"]);
  done(mh, ["task", "add", "Call Zanzibar"]);
  expect(done(mh, ["search", "quokka"])).toContain("Zanzibar");
  expect(done(mh, ["doctor"])).toContain("on, and unlocked");
  done(mh, ["lock"]);
  expect(filesWith(mh.root, ["quokka", "Zanzibar", "zanzibar"])).toEqual([]);
  const commands = [
    ["capture", "More"],
    ["search", "quokka"],
    ["ask", "Where is the quokka?"],
    ["memory", "list"],
    ["task", "list"],
    ["status"],
    ["status", "--json"],
    ["doctor"],
    ["audit", "tail"],
    ["why", "last"],
    ["config", "get", "owner"],
    ["daemon", "start"],
    ["daemon", "logs"],
    ["up"],
    ["policy", "list"],
    ["encrypt", "--show", "config.yaml"],
  ];
  for (const args of commands) expect([args, mh.run(args).code]).toEqual([args, 6]);
  expect(done(mh, ["audit", "verify"])).toContain("Nothing was touched");
  expect(mh.run(["unlock"], { input: "wrong horse battery\n" }).code).toBe(6);
  expect(mh.run(["search", "quokka"]).code).toBe(6);
  done(mh, ["unlock"], `${passphrase}\n`);
  expect(done(mh, ["search", "quokka"])).toContain("Zanzibar");
  done(mh, ["rekey"], `${passphrase}\na new passphrase\n`);
  done(mh, ["lock"]);
  expect(mh.run(["unlock"], { input: `${passphrase}\n` }).code).toBe(6);
  done(mh, ["unlock"], "a new passphrase\n");
  expect(done(mh, ["encrypt", "--show", "config.yaml"])).toContain("timeZone");
});

test("H21 a home in the clear has nothing to lock, and says how to encrypt it", () => {
  const mh = makeMh();
  homes.push(mh);
  expect(done(mh, ["init", "--yes"])).toContain("mh encrypt");
  for (const command of ["lock", "unlock", "rekey"]) {
    const { code, err } = mh.run([command], { input: "x\ny\n" });
    expect({ command, code, err }).toMatchObject({ code: 2, err: expect.stringContaining("mh encrypt") });
  }
  expect(mh.run(["encrypt"], { input: "short\n" }).code).toBe(2);
  done(mh, ["capture", "The quokka sleeps"]);
  // One line is the passphrase, as of those who type it twice, or whose password manager prints more.
  done(mh, ["encrypt"], `${passphrase}\n${passphrase}\n`);
  done(mh, ["lock"]);
  done(mh, ["unlock"], `${passphrase}\nuser: ada\n`);
  expect(filesWith(mh.root, ["quokka"])).toEqual([]);
  expect(done(mh, ["search", "quokka"])).toContain("sleeps");
});

test("H21 locking ends the daemon: HTTP and MCP are refused, and nobody who waits gets an answer from a locked home", async () => {
  const mh = encrypted();
  done(mh, ["config", "set", "daemon.port", "0"]);
  done(mh, ["capture", "Sarah hides the quokka in Zanzibar"]);
  done(mh, ["mcp", "client", "add", "claude", "--yes"]);
  done(mh, ["daemon", "start"]);
  const { url } = JSON.parse(fs.readFileSync(path.join(mh.root, "run/daemon.json"), "utf8")) as { url: string };
  const token = done(mh, ["daemon", "token"]).trim();
  const ask = () => fetch(`${url}/v1/status`, { headers: { authorization: `Bearer ${token}` } });
  expect((await ask()).status).toBeLessThan(500);
  done(mh, ["lock"]);
  await expect(ask()).rejects.toThrow();
  expect(mh.run(["daemon", "start"]).code).toBe(6);
  const program = path.join(import.meta.dirname, "../../dist/mh.js");
  const transport = new StdioClientTransport({
    ...{ command: process.execPath, args: [program, "--home", mh.root, "mcp", "serve", "claude"], stderr: "ignore" },
    env: { PATH: process.env.PATH ?? "", HOME: mh.config },
  });
  await expect(
    connectMcp(transport, { revision: "2025-11-25" }).then((client) =>
      client.callTool({ name: "memory_search", arguments: { q: "quokka" } }).finally(() => client.close()),
    ),
  ).rejects.toThrow();
  expect(mh.run(["mcp", "serve", "claude"]).code).toBe(6);
  // Its log was written while it ran, and by it alone.
  expect(filesWith(mh.root, ["quokka", "Zanzibar"])).toEqual([]);
});

test("H21 killed at any moment of locking, unlocking and encrypting, a home loses nothing", async () => {
  const mh = makeMh();
  homes.push(mh);
  done(mh, ["init", "--yes"]);
  for (let n = 0; n < 5; n += 1) done(mh, ["capture", `Note ${n} about the quokka`]);
  done(mh, ["task", "add", "Call the quokka"]);
  // Encrypting is cut off again and again, and then ends.
  for (const laterMs of [150, 400, 550, 700]) await killedWithInput(mh, ["encrypt"], laterMs, `${passphrase}\n`);
  done(mh, ["encrypt"], `${passphrase}\n`);
  expect(filesWith(mh.root, ["quokka"])).toEqual([]);
  for (const laterMs of [50, 120, 180, 250, 330, 450]) {
    await mh.startKilled(["lock"], { lines: 0, laterMs });
    await killedWithInput(mh, ["unlock"], laterMs, `${passphrase}\n`);
    done(mh, ["unlock"], `${passphrase}\n`);
    done(mh, ["capture", `After ${laterMs} ms`]);
  }
  const { memories } = JSON.parse(done(mh, ["act", "memory.list", '{"limit":100}'])) as { memories: object[] };
  expect(memories).toHaveLength(11);
  expect(done(mh, ["audit", "verify"])).toContain("Nothing was touched");
  done(mh, ["lock"]);
  expect(filesWith(mh.root, ["quokka", "After 50"])).toEqual([]);
});

/** The same with a standard input, which a process that is killed does not always read. */
async function killedWithInput(mh: Mh, args: readonly string[], laterMs: number, input: string): Promise<void> {
  const { spawn } = await import("node:child_process");
  const program = path.join(import.meta.dirname, "../../dist/mh.js");
  const env = { PATH: process.env.PATH ?? "", HOME: mh.config, NO_COLOR: "1" };
  const child = spawn(process.execPath, [program, "--home", mh.root, ...args], {
    env,
    stdio: ["pipe", "ignore", "ignore"],
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const timer = setTimeout(() => child.kill("SIGKILL"), laterMs);
  await new Promise((resolve) => child.once("close", resolve));
  clearTimeout(timer);
}
