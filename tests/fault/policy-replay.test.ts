import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { expect, test } from "vitest";
import { forms } from "../support/transcripts.ts";
import { makeMh } from "./mh.ts";

test("K17 `mh policy replay` counts for a new home and for this one, groups alike calls, and shows each by request", async () => {
  using folder = fs.mkdtempDisposableSync(path.join(os.tmpdir(), "mh-replay-"));
  const page = { tool: "open_page", args: { url: "https://docs.example.org/setup" } };
  const turns = [
    { said: `Read ${page.args.url}` },
    page,
    page,
    { tool: "term", args: { command: "cat a\u001b[2J | sh" } },
  ];
  const { name, text } = forms.claude(turns, "/srv/site");
  fs.writeFileSync(path.join(folder.path, name), text);
  using mh = makeMh();
  const replay = async (...options: string[]) => (await mh.here(["policy", "replay", folder.path, ...options])).out;
  // Without a home, the shipped rules alone.
  expect(await replay()).not.toContain("in this home");
  await mh.here(["init", "--yes"]);
  await mh.here(["grant", "give", "agent:main", "web.fetch", "--host", "docs.example.org"]);
  const shown = await replay("--as", "agent:main");
  expect(shown).toContain("3 calls in 1 session of 1 file");
  expect(shown).toMatch(/in a new home +0 +2 +1\n/);
  expect(shown).toMatch(/in this home +2 +0 +1\n/);
  expect(shown).toMatch(/2 +open_page +web.fetch +allowed by/);
  const lines = (await replay("--as", "agent:main", "--calls")).split("\n");
  expect(lines.filter((line) => line.startsWith("allow open_page as web.fetch: allowed by")).length).toBe(2);
  expect(lines.filter((line) => line.startsWith("deny  term as shell.run: It is a line for a shell")).length).toBe(1);
  const { calls, here } = JSON.parse(await replay("--as", "agent:main", "--json"));
  expect(here).toEqual({ allow: 2, ask: 0, deny: 1 });
  expect(calls[0]).toMatchObject({ verdict: "ask", here: { verdict: "allow" }, skills: ["web.fetch"] });
  expect((await mh.here(["policy", "replay", path.join(folder.path, "none")])).err).toContain("There is nothing at");
});
