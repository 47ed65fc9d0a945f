import { expect, test } from "vitest";
import { labelsOf } from "./map-labels.ts";

const memory = (id: string, label: string) => ({ id, kind: "memory", label });

test("the memories nearest to the middle of the map are named, and no name lies over another or leaves the picture", () => {
  const nodes = [{ id: "m", kind: "person", label: "Sarah" }, memory("a", "Sarah likes tea, and not coffee at all")];
  const more = [memory("b", "Over the first"), memory("c", "To the left"), memory("d", "At the edge of it all")];
  const places = new Map([
    ["m", { x: 200, y: 200 }],
    ["a", { x: 260, y: 200 }],
    ["b", { x: 270, y: 206 }],
    ["c", { x: 120, y: 240 }],
    ["d", { x: 390, y: 100 }],
  ]);
  expect(labelsOf([...nodes, ...more], places, 400)).toEqual([
    { id: "b", words: "Over the first", x: 279, y: 210, anchor: "start" },
    { id: "c", words: "To the left", x: 111, y: 244, anchor: "end" },
  ]);
  expect(labelsOf(nodes, places, 400)).toEqual([
    { id: "a", words: "Sarah likes tea, and no…", x: 269, y: 204, anchor: "start" },
  ]);
});
