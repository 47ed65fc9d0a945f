import type { Decision } from "@mh/contract/values/effect.ts";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { expect, test } from "vitest";
import { foldersOf } from "../../policy/ancestors.ts";
import { judge } from "../../policy/judge.ts";
import { loadPolicySet, parsePolicyFile, shippedRules } from "../../policy/policy-set.ts";
import { type RequestPart, unobjectionable, withParts } from "../../policy/probe.ts";
import { notForGood } from "../../programs/plain-programs.ts";
import type { Proposal } from "./proposal.ts";
import { type Permissions, readPermissions, rulesFile } from "./read-permissions.ts";

const read = (file: unknown): Permissions =>
  readPermissions(typeof file === "string" ? file : JSON.stringify(file), {
    ...{ base: "/work/app", home: "/home/ada" },
    refusedProgram: notForGood,
  });
const claude = (permissions: object) => read({ permissions });
const told = ({ proposals }: Permissions) => proposals.map(({ kind, from }) => [kind, from]);
const only = (permissions: object): Proposal => {
  const [one, ...more] = claude(permissions).proposals;
  expect(more).toEqual([]);
  return one as Proposal;
};

/** How the rules of a file decide, with all that ships. */
function verdict(permissions: Permissions, request: RequestPart): Decision {
  const rules = [...shippedRules(), ...parsePolicyFile("imported.cedar", rulesFile(permissions))];
  return judge(loadPolicySet(nodeCrypto, rules), withParts(unobjectionable, { principal: "agent:a", ...request }))
    .verdict;
}

const reading = (path: string): RequestPart => ({ skill: "disk.read", effect: "read", scope: { paths: [path] } });

test("a deny becomes a forbid that bites just there, and never the owner", () => {
  const denied = claude({
    deny: ["Read(./secrets/**)", "WebFetch(domain:evil.example)", "Bash(curl:*)", "mcp__github__create_issue"],
  });
  expect(told(denied).map(([kind]) => kind)).toEqual(["rule", "rule", "rule", "rule"]);
  const cases: [RequestPart, Decision][] = [
    [reading("/work/app/secrets/a/b.txt"), "deny"],
    [reading("/work/app/secrets"), "deny"],
    [reading("/work/app/secretsX"), "allow"],
    [reading("/work/other/secrets/a"), "allow"],
    [{ ...reading("/work/app/secrets/a"), principal: "owner" }, "allow"],
    [{ skill: "web.fetch", effect: "fetch", scope: { hosts: ["evil.example"] } }, "deny"],
    [{ skill: "web.fetch", effect: "fetch", scope: { hosts: ["good.example"] } }, "allow"],
    [{ skill: "mcp-github.create_issue", effect: "read" }, "deny"],
    [{ skill: "mcp-github.list_issues", effect: "read" }, "allow"],
  ];
  expect(cases.map(([request]) => [request, verdict(denied, request)])).toEqual(cases);
  expect(foldersOf("/a/b")).toContain("/a");
});

test("what it asks about is asked here as well, or is already", () => {
  const asked = claude({ ask: ["Read(//etc/**)", "Bash(git push:*)"] });
  expect(told(asked)).toEqual([
    ["rule", "ask Read(//etc/**)"],
    ["kept", "ask Bash(git push:*)"],
  ]);
  expect([verdict(asked, reading("/etc/hosts")), verdict(asked, reading("/work"))]).toEqual(["ask", "allow"]);
});

test("an allow is never taken wider than it was written", () => {
  const narrower = [
    "Bash(git diff:*)",
    "Bash(npm run test)",
    "Bash(git log)",
    "Read(src/*)",
    "Read(src/**/*.ts)",
    "WebFetch(domain:*.example.org)",
    "Bash",
    "Bash(*)",
    "Read",
    "WebFetch",
    "Task",
    "WebSearch",
    "mcp__github",
    "mcp__github__*",
    "Bash(ls && rm -rf /)",
    "Bash(echo $(x):*)",
    "((",
    "",
  ];
  expect(claude({ allow: narrower }).proposals.map(({ kind, from }) => [kind, from])).toEqual(
    narrower.map((rule) => ["not", `allow ${rule}`]),
  );
  for (const program of ["bash", "python3", "node", "env", "xargs", "sudo", "npx", "awk"])
    expect([program, only({ allow: [`Bash(${program}:*)`] }).kind]).toEqual([program, "not"]);
  expect(only({ allow: ["Bash(ls:*)"] })).toMatchObject({
    kind: "grant",
    skill: "shell.run",
    principal: "client:claude-code",
    scope: { paths: ["/usr/bin/ls"] },
  });
  expect(only({ allow: ["WebFetch(domain:Docs.Example.org)"] })).toMatchObject({
    kind: "grant",
    scope: { hosts: ["docs.example.org"] },
  });
  expect(only({ allow: ["mcp__git-hub__listIssues"] })).toMatchObject({
    kind: "grant",
    skill: "mcp-git-hub.listissues",
  });
  const paths = {
    "Read(src/**)": "/work/app/src",
    "Read(./a/../b/**)": "/work/app/b",
    "Read(~/notes/**)": "/home/ada/notes",
    "Read(//srv/data/**)": "/srv/data",
    "Edit(docs/a.md)": "/work/app/docs/a.md",
  };
  for (const [rule, path] of Object.entries(paths)) {
    const grants = claude({ allow: [rule] }).proposals;
    expect([rule, grants[0]]).toEqual([rule, expect.objectContaining({ kind: "grant", scope: { paths: [path] } })]);
  }
  expect(only({ allow: ["Read(../../../../../etc/**)"] }).kind).toBe("not");
});

test("what a deny says and a rule cannot is said, wider or narrower", () => {
  expect(only({ deny: ["Bash(git push:*)"] })).toMatchObject({ kind: "rule", note: expect.stringMatching(/^Wider/) });
  expect(only({ deny: ["Read(.env)"] })).toMatchObject({ kind: "rule", note: expect.stringMatching(/^Narrower/) });
  expect(only({ deny: ["Edit(src/*)"] })).toMatchObject({ kind: "rule", note: expect.stringMatching(/^Wider/) });
  expect(
    told(claude({ deny: ["Read(**/*.pem)"], defaultMode: "bypassPermissions", additionalDirectories: ["/x"] })),
  ).toEqual([
    ["not", "deny Read(**/*.pem)"],
    ["not", "defaultMode bypassPermissions"],
    ["not", "additionalDirectories /x"],
  ]);
});

test("no text of the file escapes from its place in a rule", () => {
  const tricks = [
    'Read(./a"b/**)',
    "Read(./a\\/**)",
    'Read(./x") };\npermit (principal, action, resource);/**)',
    "WebFetch(domain:a.example)\n}; permit (principal, action, resource);",
    "Read(./ü\u202e/**)",
    'mcp__a__b"x',
  ];
  const rules = rulesFile(claude({ deny: [...tricks, "Read(./ok/**)"], ask: tricks }));
  expect(parsePolicyFile("imported.cedar", rules).every(({ effect }) => effect === "forbid")).toBe(true);
  const denied = claude({ deny: ['Read(./a"b/**)'] });
  expect([verdict(denied, reading('/work/app/a"b/c')), verdict(denied, reading("/work/app/a/c"))]).toEqual([
    "deny",
    "allow",
  ]);
});

test("OpenClaw's approvals become grants of single programs to single agents, and its open doors are not taken", () => {
  const approvals = read(`// written by hand
    { version: 1, "defaults": { security: "deny", "ask": "on-miss", askFallback: "full" },
      agents: { "main": { security: "allowlist", ask: "always", autoAllowSkills: true, allowlist: [
          { pattern: "/usr/bin/rg", "lastUsedAt": 1 }, { pattern: "~/Projects/**/bin/rg" }, "jq", "openclaw status", "/opt/x", "/usr/bin/bash", ], },
        "wild": { security: "full", ask: "off" } } }`);
  expect(approvals.program).toBe("openclaw");
  expect(told(approvals)).toEqual([
    ["rule", "defaults: security deny"],
    ["not", "defaults: askFallback full"],
    ["kept", "main: ask always"],
    ["not", "main: autoAllowSkills"],
    ["grant", "main: allow /usr/bin/rg"],
    ["not", "main: allow ~/Projects/**/bin/rg"],
    ["grant", "main: allow jq"],
    ["not", "main: allow openclaw status"],
    ["not", "main: allow /opt/x"],
    ["not", "main: allow /usr/bin/bash"],
    ["not", "wild: security full"],
    ["not", "wild: ask off"],
  ]);
  expect(approvals.proposals[4]).toMatchObject({
    principal: "agent:main",
    skill: "shell.run",
    scope: { paths: ["/usr/bin/rg"] },
  });
  const run = { skill: "shell.run", effect: "read" } as const;
  expect([verdict(approvals, run), verdict(approvals, { ...run, principal: "owner" })]).toEqual(["deny", "allow"]);
});

test("OpenClaw's settings: what a tool policy denies is forbidden, for all or for one agent", () => {
  const config = read({
    tools: {
      profile: "coding",
      deny: ["group:fs", "browser"],
      allow: ["exec"],
      exec: { security: "full", ask: "off" },
      elevated: { enabled: true },
    },
    agents: { list: [{ id: "family", tools: { deny: ["exec"] } }, { id: "home" }] },
  });
  expect(told(config)).toEqual([
    ["rule", "deny group:fs"],
    ["not", "deny browser"],
    ["kept", "allow exec"],
    ["kept", "allow profile coding"],
    ["not", "exec: security full"],
    ["not", "exec: ask off"],
    ["not", "elevated"],
    ["rule", "family: deny exec"],
  ]);
  expect(verdict(config, { ...reading("/a") })).toBe("deny");
  const run = { skill: "shell.run", effect: "read" } as const;
  expect([verdict(config, { ...run, principal: "agent:family" }), verdict(config, run)]).toEqual(["deny", "allow"]);
});

test("what is no permission file is refused, with what can be read", () => {
  for (const text of ["", "{", "[]", "{}", '{"permissions": 7}', '{"mcpServers": {}}', '{"permissions": {"allow": 1}}'])
    expect(() => read(text)).toThrow(/ermissions (?:that can|cannot) be read|no JSON/);
});

test("an entry that is none is named, and the others of its list are read", () => {
  const odd = [7, "x".repeat(3_000), null];
  expect(told(claude({ deny: [...odd, "WebFetch(domain:evil.example)"], allow: [{}] }))).toEqual([
    ["not", "deny, entry 1"],
    ["not", "deny, entry 2"],
    ["not", "deny, entry 3"],
    ["rule", "deny WebFetch(domain:evil.example)"],
    ["not", "allow, entry 1"],
  ]);
  expect(told(read({ tools: { deny: [7, "exec"] } }))).toEqual([
    ["not", "deny, entry 1"],
    ["rule", "deny exec"],
  ]);
  const host = { security: "deny", allowlist: [7, { pattern: "/usr/bin/wc" }] };
  expect(told(read({ version: 1, agents: { main: host } }))).toEqual([
    ["rule", "main: security deny"],
    ["not", "main: allow, entry 1"],
    ["grant", "main: allow /usr/bin/wc"],
  ]);
  // No other form in which nothing stands speaks for one that cannot be read.
  expect(() => read({ version: 1, agents: { main: { security: 7 } } })).toThrow("cannot be read: agents.main.security");
});
