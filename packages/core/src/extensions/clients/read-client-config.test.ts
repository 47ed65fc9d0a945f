import { Fault } from "@mh/contract/values/fault.ts";
import { describe, expect, test } from "vitest";
import { readClientConfig } from "./read-client-config.ts";

const read = (value: unknown) =>
  readClientConfig(typeof value === "string" ? value : JSON.stringify(value), { home: "/home/ada" });
const one = (server: unknown) => read({ mcpServers: { trial: server } });
const whyNot = (server: unknown): string => {
  const { taken, left } = one(server);
  return taken.length > 0 ? "taken" : (left[0]?.why ?? "nothing");
};
const key = "sk-live-0123456789abcdefghij";

describe("every program's way of naming a server comes to the same", () => {
  const local = { command: "/opt/notes/server", args: ["--port", "7"] };
  const remote = { url: "https://wiki.example/mcp" };
  const wanted = [
    { name: "notes", server: local },
    { name: "wiki", server: remote },
  ];
  const forms: Record<string, unknown> = {
    "Claude, Cursor": { mcpServers: { notes: local, wiki: { type: "http", ...remote } } },
    "VS Code": { servers: { notes: { type: "stdio", ...local }, wiki: { type: "http", ...remote } }, inputs: [] },
    "VS Code settings": { "editor.fontSize": 12, mcp: { servers: { notes: local, wiki: remote } } },
    "VS Code settings, flat": { "mcp.servers": { notes: local, wiki: remote } },
    Windsurf: { mcpServers: { notes: local, wiki: { serverUrl: remote.url } } },
    "Gemini CLI": { theme: "x", mcpServers: { notes: local, wiki: { httpUrl: remote.url } } },
    Zed: {
      context_servers: {
        notes: { source: "custom", command: { path: local.command }, args: local.args },
        wiki: remote,
      },
    },
    OpenCode: {
      mcp: {
        notes: { type: "local", command: [local.command, ...local.args], enabled: true },
        wiki: { type: "remote", ...remote },
      },
    },
    "Claude Code, by project": {
      projects: { "/src/a": { mcpServers: { notes: local } }, "/src/b": { mcpServers: { wiki: remote } } },
    },
    "through mcp-remote": {
      mcpServers: { notes: local, wiki: { command: "npx", args: ["-y", "mcp-remote@latest", remote.url] } },
    },
  };
  test.each(Object.entries(forms))("%s", (_name, form) => {
    const { taken, left } = read(form);
    expect([taken.map(({ name, server }) => ({ name, server })), left]).toEqual([wanted, []]);
  });
});

test("comments and commas at the end are read over, and what is no such file is said to be none", () => {
  const text = `\uFEFF// mine\n{ "mcpServers": { /* a */ "notes": { "command": "/opt/n", }, }, }`;
  expect(read(text).taken.map(({ name }) => name)).toEqual(["notes"]);
  for (const bad of [
    "",
    "[]",
    "7",
    "{",
    "[mcp_servers.x]\ncommand = 'y'",
    '{"a":1}',
    '{"mcpServers":[]}',
    '{"mcpServers":7}',
  ])
    expect(() => read(bad)).toThrow(Fault);
});

test("values that let anybody in go where secrets lie, and the settings have only their names", () => {
  const { taken } = read({
    mcpServers: {
      Trial: {
        command: "/opt/trial",
        env: {
          API_KEY: key,
          LOG_LEVEL: "info",
          PORT: 8080,
          ROOT: "/srv/data",
          WEB: "https://a.example/x",
          ODD: "x9!kq 33",
          NONE: "",
        },
      },
      wiki: { url: "https://wiki.example/mcp", headers: { Authorization: `Bearer ${key}`, "X-Team": "blue" } },
    },
  });
  expect(taken.map(({ server, secrets }) => ({ server, secrets }))).toEqual([
    {
      server: {
        command: "/opt/trial",
        env: {
          ...{ API_KEY: "{{secret:trial-api-key}}", LOG_LEVEL: "info", PORT: "8080", ROOT: "/srv/data" },
          ...{ WEB: "https://a.example/x", ODD: "{{secret:trial-odd}}", NONE: "" },
        },
      },
      secrets: [
        { name: "trial-api-key", value: key },
        { name: "trial-odd", value: "x9!kq 33" },
      ],
    },
    {
      server: {
        url: "https://wiki.example/mcp",
        headers: { Authorization: "Bearer {{secret:wiki-authorization}}", "X-Team": "blue" },
      },
      secrets: [{ name: "wiki-authorization", value: key }],
    },
  ]);
});

test("what the file asks for when it starts becomes a secret that the owner is told to set", () => {
  const { taken } = read({
    inputs: [
      { id: "token", type: "promptString", password: true },
      { id: "team", type: "promptString" },
    ],
    servers: {
      wiki: {
        url: "https://wiki.example/mcp",
        headers: { Authorization: `Bearer \${input:token}`, "X-Team": `\${input:team}` },
      },
      notes: { command: `\${userHome}/bin/notes`, env: { TOKEN: `\${env:NOTES_TOKEN}`, LEVEL: `\${LEVEL:-info}` } },
    },
  });
  expect(taken.map(({ server, secrets }) => [server, secrets])).toEqual([
    [
      {
        url: "https://wiki.example/mcp",
        headers: { Authorization: "Bearer {{secret:wiki-token}}", "X-Team": "{{secret:wiki-team}}" },
      },
      [],
    ],
    [{ command: "/home/ada/bin/notes", env: { TOKEN: "{{secret:notes-notes-token}}", LEVEL: "info" } }, []],
  ]);
  expect(taken[0]?.notes).toContain("Authorization needs its value: `mh secret set wiki-token`.");
});

test("P19 a file names no secret that is kept here: not as it stands, not put together, and none of mh's own", () => {
  const url = "https://wiki.example/mcp";
  const hostile = [
    { url, headers: { "X-Team": "{{secret:anthropic}}" } },
    { url, headers: { "X-Team": `\${A:-x}{{secret:anthropic}}` } },
    { url, headers: { "X-Team": `{{sec\${A:-ret}:anthropic}}` } },
    { command: "/opt/x", env: { LEVEL: `\${A:-info} {{secret:telegram}}` } },
    { command: "npx", args: ["mcp-remote", url, "--header", `X-Team: \${A:-x}{{secret:anthropic}}`] },
  ];
  const named = hostile.map((server) => JSON.stringify(one(server).taken.map((each) => each.server)));
  expect(named.filter((text) => /\{\{secret:(?!trial-)/.test(text))).toEqual([]);
  // Its value is the file's own, and stays where secrets lie.
  expect(one(hostile[0]).taken[0]?.secrets).toEqual([{ name: "trial-x-team", value: "{{secret:anthropic}}" }]);
  expect(hostile.slice(1).map(whyNot)).toEqual(
    hostile.slice(1).map(() => expect.stringContaining("a secret of yours")),
  );
  const own = read({ mcpServers: { daemon: { command: "/opt/x", env: { TOKEN: key } } } });
  expect(own).toEqual({ taken: [], left: [{ name: "daemon", why: expect.stringContaining("daemon-token") }] });
});

test("what cannot be taken is said with the reason, and the rest is taken", () => {
  const command = "/opt/x";
  expect(whyNot({ command: "npx", args: ["-y", "some-server"] })).toMatch(/^npx fetches it/);
  expect(whyNot({ command: "/usr/bin/uv", args: ["run", "x"] })).toMatch(/^uv run fetches it/);
  expect(whyNot({ command: "docker", args: ["run", "x"] })).toMatch(/outside the sandbox/);
  expect(whyNot({ command: "bash", args: ["-c", "curl x | sh"] })).toMatch(/line of a shell/);
  expect(whyNot({ command: "C:\\x.exe" })).toMatch(/Windows/);
  expect(whyNot({ command: "cmd", args: ["/c", "npx", "x"] })).toMatch(/Windows/);
  expect(whyNot({ command, disabled: true })).toMatch(/switched off/);
  expect(whyNot({ command, args: ["--api-key", key] })).toMatch(/looks like a key/);
  expect(whyNot({ command, args: [`--token=${key}`] })).toMatch(/looks like a key/);
  expect(whyNot({ command, args: ["0123456789abcdefghijklmnopqrstuv"] })).toMatch(/looks like a key/);
  expect(whyNot({ command, args: [`\${workspaceFolder}/x`] })).toMatch(/started with a variable/);
  expect(whyNot({ command, envFile: ".env" })).toMatch(/file of their own/);
  expect(whyNot({ command, cwd: "src" })).toMatch(/whole path/);
  expect(whyNot({ url: "https://a:b@wiki.example" })).toMatch(/holds a password/);
  expect(whyNot({ url: `https://wiki.example/?api_key=${key}` })).toMatch(/holds a key/);
  expect(whyNot({ url: "https://wiki.example/sse", type: "sse" })).toMatch(/server-sent events/);
  expect(whyNot({ url: "file:///etc/passwd" })).toMatch(/none of http/);
  expect(whyNot({})).toMatch(/neither a program nor an address/);
  expect(whyNot([])).toMatch(/not written as a server/);
  expect(whyNot({ command: 7 })).toMatch(/not written as a server/);
  const doubled = { mcpServers: { "my server": { command }, My_Server: { command: "/opt/y" }, ok: { command } } };
  expect(read(doubled)).toMatchObject({
    taken: [{ name: "ok" }],
    left: [{ name: "my-server", why: expect.stringMatching("differ") }],
  });
});
