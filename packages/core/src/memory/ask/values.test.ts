import { expect, test } from "vitest";
import { valuesIn } from "./values.ts";
import { wantedKinds } from "./wants.ts";

test.each(["111 ", "1.1 ", "a.", "A-", "- ", "1-", "in ", "x", "\n"])(
  "no text of %j makes its values long to read",
  (part) => {
    const began = process.cpuUsage();
    valuesIn(part.repeat(120_000 / part.length), new Set(wantedKinds));
    expect(process.cpuUsage(began).user).toBeLessThan(1_500_000);
  },
);
