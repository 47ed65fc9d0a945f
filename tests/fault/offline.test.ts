import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { makeMh } from "./mh.ts";

const commands: readonly (readonly string[])[] = [
  ["init", "--yes"],
  ["capture", "Met with Sarah about the ML project yesterday"],
  ["search", "Sarah"],
  ["ask", "When did I meet Sarah?"],
  ["memory", "list"],
  ["memory", "people"],
  ["policy", "list"],
  ["approvals", "list"],
  ["grant", "list"],
  ["trust"],
  ["model", "list"],
  ["act", "llm.generate", '{"messages":[{"role":"user","text":"A poem?"}]}'],
  ["status"],
  ["doctor"],
  ["audit", "verify"],
];

const has = (program: string): boolean => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
const canTrace = has("strace");
const canIsolate = spawnSync("unshare", ["-n", "true"]).status === 0;

test.skipIf(!canTrace && !process.env.CI)("H19 no command makes an outbound connection", () => {
  using mh = makeMh();
  for (const args of commands) {
    const traced = mh.run(args, { under: ["strace", "-f", "-e", "trace=connect,sendto,sendmsg"] });
    expect([args, traced.code]).toEqual([args, 0]);
    // `doctor` tries whether a worker's sandbox holds: whether this machine itself can be reached from inside.
    const outbound = traced.err.match(/sa_family=AF_INET6?\b.*/g)?.filter((to) => !to.includes('"127.0.0.1"')) ?? [];
    expect([args, outbound]).toEqual([args, []]);
  }
});

test.skipIf(!canIsolate && !process.env.CI)("H19 every command works where there is no network at all", () => {
  using mh = makeMh();
  for (const args of commands) expect([args, mh.run(args, { under: ["unshare", "-n"] }).code]).toEqual([args, 0]);
  const asked = mh.run(["ask", "When did I meet Sarah?"], { under: ["unshare", "-n"] });
  expect(asked.err).toContain("No model was asked. This is a template answer");
});
