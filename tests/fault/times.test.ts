import { expect, test } from "vitest";
import { type Mh, mhWithHome } from "./mh.ts";

test("times are told in plain words wherever one is asked for, and a day counts whole", async () => {
  using mh = mhWithHome();
  await told(mh, "capture", "Tea with Sarah", "--at", "yesterday 15:00");
  await told(mh, "capture", "Walk around the lake", "--at", "vorgestern");
  const at = (day: number) => new Date(Date.now() - day * 86_400_000).toLocaleDateString("sv-SE");
  const between = async (...options: string[]) => {
    const { hits } = JSON.parse((await told(mh, "search", "Sarah", "lake", ...options, "--json")).out);
    return (hits as { content: string }[]).map(({ content }) => content.split(" ")[0]).sort();
  };
  expect(await between("--from", "yesterday", "--to", "yesterday")).toEqual(["Tea"]);
  expect(await between("--from", at(2), "--to", at(2))).toEqual(["Walk"]);
  expect(await between("--from", "vorgestern", "--to", "gestern")).toEqual(["Tea", "Walk"]);
  expect(await between("--to", "vorgestern")).toEqual(["Walk"]);
  const timeline = await told(mh, "memory", "timeline", "--from", "gestern", "--to", "heute", "--json");
  expect(JSON.parse(timeline.out).moments.map(({ memory }: { memory: { content: string } }) => memory.content)).toEqual(
    ["Tea with Sarah"],
  );
  expect(await mh.here(["capture", "Never", "--at", "once upon a time"])).toMatchObject({
    code: 2,
    err: expect.stringContaining("no time that can be read"),
  });
});

async function told(mh: Mh, ...args: string[]) {
  const ended = await mh.here(args);
  expect(ended, args.join(" ")).toMatchObject({ code: 0 });
  return ended;
}
