import { cronSlots } from "@mh/core/agents/scheduler/cron.ts";
import { termsWith } from "@mh/core/memory/search/terms.ts";
import { placeOf } from "@mh/core/model/place.ts";
import { offsetMs } from "@mh/core/model/wall-clock.ts";
import { stemOf } from "@mh/core/policy/provenance/stems.ts";
import { expect, test } from "vitest";

/** How many entries the largest map had that was written meanwhile. */
function largestMapIn(does: () => void): number {
  const { set } = Map.prototype;
  let largest = 0;
  Map.prototype.set = function (key, value) {
    const map = set.call(this, key, value);
    largest = Math.max(largest, map.size);
    return map;
  };
  try {
    does();
  } finally {
    Map.prototype.set = set;
  }
  return largest;
}

/** Zones are read whatever the case of their letters. */
const zoneOf = (n: number): string =>
  [..."america/argentina/comodrivadavia"].map((each, i) => ((n >> (i % 13)) & 1 ? each.toUpperCase() : each)).join("");

const wordOf = (n: number): string => `word${[...n.toString()].map((digit) => "abcdefghij"[Number(digit)]).join("")}`;

test.each<[what: string, asked: number, entriesMax: number, ask: (n: number) => unknown]>([
  ["clocks of zones", 1_500, 600, (n) => offsetMs(1e12, zoneOf(n))],
  ["customs of zones", 1_500, 600, (n) => placeOf(zoneOf(n))],
  [
    "schedules",
    2_500,
    1_000,
    (n) => [...cronSlots(`${n % 60} ${Math.floor(n / 60) % 24} ${1 + (n % 28)} * *`, "UTC", 0, 1)],
  ],
  ["words of texts", 50_000, 20_002, (n) => termsWith(undefined).of(wordOf(n))],
  ["stems of words", 50_000, 20_000, (n) => stemOf(wordOf(n))],
])("R-17 what is remembered of %s is bounded, however many are asked for", (_, asked, entriesMax, ask) => {
  const largest = largestMapIn(() => {
    for (let n = 0; n < asked; n += 1) ask(n);
  });
  expect(largest).toBeGreaterThan(entriesMax / 2);
  expect(largest).toBeLessThanOrEqual(entriesMax);
});
