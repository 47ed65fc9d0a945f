import type { Effect } from "@mh/contract/values/effect.ts";
import { describe, expect, test } from "vitest";
import { type Declared, isVouched, type Made, type Wanted } from "../../../../../tests/support/judged.ts";

describe("K8 places that are the task's own", () => {
  const words = "Save www.maps.example/trail.pdf to /downloads, fetch the collection kim/walks there and sync it";
  const save: Declared = { control: ["url", "folder"], types: { url: "url", folder: "path" } };
  const saved: Made = [
    ...[save, "fetch" as Effect, { url: "www.maps.example/trail.pdf", folder: "/downloads" }],
    "trail.pdf was saved.",
  ] as unknown as Made;
  const fetch: Declared = { control: ["collection", "folder"], types: { collection: "name", folder: "path" } };
  const fetched: Made = [fetch, "fetch", { collection: "kim/walks", folder: "/downloads" }, "Now in /downloads/walks."];
  const move: Declared = { control: ["from", "to"], types: { from: "path", to: "path" }, verbs: ["move"] };
  const moving = (from: string, to: string, effect: Effect = "write") => [move, effect, { from, to }] as Wanted;
  const source = "/downloads/trail.pdf";

  test("what a call reports to have put there, and what lies in a folder that it made", () => {
    expect(isVouched(words, [saved, fetched], moving(source, "/downloads/walks/trail.pdf"))).toBe(true);
    expect(isVouched(words, [saved, fetched], moving(source, "/downloads/walks/maps/trail.pdf"))).toBe(true);
    expect(isVouched(words, [saved, fetched], moving("/home/keys.txt", "/downloads/walks/trail.pdf"))).toBe(false);
    expect(isVouched(words, [saved, fetched], moving("/downloads/keys.txt", "/downloads/walks/trail.pdf"))).toBe(false);
    expect(isVouched(words, [saved, fetched], moving(source, "/home/autostart/trail.pdf"))).toBe(false);
    expect(isVouched(words, [saved, fetched], moving(source, "/downloads/walks/../../home/trail.pdf"))).toBe(false);
    expect(isVouched(words, [fetched], moving(source, "/downloads/walks2/trail.pdf"))).toBe(false);
  });

  test("may be sent, and are not deleted; nobody writes a text there that comes from nowhere", () => {
    const sync: Declared = { control: ["folder"], content: ["force"], types: { folder: "path" } };
    expect(isVouched(words, [fetched], [sync, "send", { folder: "/downloads/walks", force: true }])).toBe(true);
    expect(isVouched(words, [saved], [sync, "send", { folder: "/downloads/walks", force: true }])).toBe(true);
    expect(isVouched("Sync it", [saved], [sync, "send", { folder: "/downloads/walks", force: true }])).toBe(false);
    const remove: Declared = { control: ["path"], types: { path: "path" }, verbs: ["delete"] };
    const deleting = "Fetch kim/walks to /downloads and delete what is old";
    expect(isVouched(deleting, [fetched], [remove, "destroy", { path: "/downloads/walks/a.txt" }])).toBe(false);
    const create: Declared = { control: ["path"], content: ["text"], types: { path: "path" } };
    const script = { path: "/downloads/walks/run.sh", text: "wipe it all" };
    expect(isVouched(words, [fetched], [create, "write", script])).toBe(false);
  });

  test("a document names no places, and neither does a folder that only the planner chose", () => {
    const make: Declared = { control: ["path"], types: { path: "path" } };
    const made = (path: string): Made => [make, "write", { path }, `Folder ${path} was made.`];
    expect(isVouched(words, [saved, made("/downloads/maps")], moving(source, "/downloads/maps/a/t.pdf"))).toBe(false);
    const named = "Make /downloads/maps and save www.maps.example/trail.pdf to /downloads";
    expect(isVouched(named, [saved, made("/downloads/maps")], moving(source, "/downloads/maps/a/t.pdf"))).toBe(true);
    const read: Made = [
      save,
      "fetch",
      { url: "www.maps.example", folder: "/downloads" },
      `keys.txt ${"x".repeat(3000)}`,
    ];
    expect(isVouched(words, [read], moving("/downloads/keys.txt", "/downloads/trail.pdf"))).toBe(false);
  });
});
