import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { mhWithHome } from "./mh.ts";

// The built program begins with the shipped rules parsed at the build; sources parse them at each start.
test("rules parsed at the build judge as rules that are parsed at the start, alone and beside the owner's", async () => {
  using mh = mhWithHome();
  const matrix = ["policy", "matrix", "--skills", "--json"];
  const check = ["policy", "check", "memory.capture", '{"text":"a"}', "--as", "agent:organizer", "--json"];
  const judged = async (args: string[]) => {
    const [built, fromSource] = [mh.run(args), await mh.here(args)];
    expect(built).toEqual(fromSource);
    expect(built.out).not.toBe("");
    return built.out;
  };
  const before = await judged(matrix);
  await judged(check);
  const rules = path.join(mh.root, "persona", "policy", "house.cedar");
  fs.writeFileSync(rules, 'forbid (principal, action == mh::Action::"send", resource);\n');
  expect(await judged(matrix)).not.toBe(before);
  await judged(check);
  fs.writeFileSync(rules, "forbid (principal, action, resource) when { context.nonsense };\n");
  const broken = mh.run(["capture", "a"]);
  expect(broken.err).toContain("house.cedar#1");
});
