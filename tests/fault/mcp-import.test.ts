import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { makePlace } from "../support/make-place.ts";
import { mhWithHome } from "./mh.ts";

const key = "sk-live-0123456789abcdefghij";

test("P19 mh mcp import shows what it would add, keeps keys as secrets, starts nothing, and does it once", () => {
  using mh = mhWithHome();
  using place = makePlace();
  const file = place.at("claude.json");
  const started = place.at("started");
  const server = { command: "touch", args: [started], env: { API_KEY: key, LEVEL: "info" } };
  fs.writeFileSync(
    file,
    `// mine\n${JSON.stringify({ mcpServers: { notes: server, gone: { command: "npx", args: ["x"] } } })}`,
  );
  expect(mh.run(["secret", "store", "keyfile"]).code).toBe(0);
  const asked = mh.run(["mcp", "import", file]);
  expect(asked.code).toBe(4);
  expect(asked.out).toMatch(/\+ notes/);
  expect(asked.out).toMatch(/API_KEY: \{\{secret:notes-api-key\}\}/);
  expect(asked.out).toMatch(/- gone: npx fetches it/);
  expect(asked.out + asked.err).not.toContain(key);
  const config = () => fs.readFileSync(path.join(mh.root, "config.yaml"), "utf8");
  expect(config()).not.toContain("notes");
  const taken = mh.run(["mcp", "import", file, "--yes"]);
  expect(taken.out).toContain("In config.yaml now: notes. None was started");
  // What was left out is told where nothing is asked, too.
  expect(taken.out).toMatch(/- gone: npx fetches it/);
  expect(config()).toContain("{{secret:notes-api-key}}");
  expect(config()).not.toContain(key);
  expect(mh.run(["secret", "list"]).out).toContain("notes-api-key");
  const listed = mh.run(["mcp", "list"]);
  expect(listed.out).toMatch(/notes +off/);
  expect(fs.existsSync(started)).toBe(false);
  const before = config();
  expect(mh.run(["mcp", "import", file, "--yes"]).out).toMatch(/= notes: here already.*Nothing to take over/s);
  expect(config()).toBe(before);
  // Another server of that name is not put in its place.
  fs.writeFileSync(file, JSON.stringify({ mcpServers: { notes: { command: "/opt/other" } } }));
  expect(mh.run(["mcp", "import", file, "--yes"]).out).toMatch(/- notes: config\.yaml has another server of that name/);
  expect(config()).toBe(before);
  expect(mh.run(["mcp", "import", place.at("none.json")])).toMatchObject({ code: 1 });
});

test("P19 mh mcp import replaces no secret that is kept, two servers share none, and one that is given away is said", () => {
  using mh = mhWithHome();
  using place = makePlace();
  const file = place.at("claude.json");
  const program = (env: Record<string, string>) => ({ command: "/opt/x", env });
  fs.writeFileSync(
    file,
    JSON.stringify({
      mcpServers: {
        github: program({ TOKEN: key }),
        wiki: program({ TOKEN: `\${TOKEN}` }),
        a: program({ B_TOKEN: `${key}1` }),
        "a-b": program({ TOKEN: `${key}2` }),
      },
    }),
  );
  expect(mh.run(["secret", "store", "keyfile"]).code).toBe(0);
  for (const name of ["github-token", "wiki-token"])
    expect(mh.run(["secret", "set", name], { input: `mine-of-${name}-0123\n` }).code).toBe(0);
  const out = mh.run(["mcp", "import", file]).out.replace(/\s+/g, " ");
  expect(out).toMatch(/- github: you keep a secret github-token already/);
  expect(out).toMatch(/- a-b: another server has a secret a-b-token/);
  expect(out).toMatch(/It is given wiki-token, which you keep already/);
  const { out: end } = mh.run(["mcp", "import", file, "--yes"]);
  expect(end).toContain("In config.yaml now: wiki, a. None was started");
  const config = fs.readFileSync(path.join(mh.root, "config.yaml"), "utf8");
  expect(config).not.toContain("github");
});
