import { expect, test } from "vitest";
import { processorSeconds } from "../../../../../tests/support/late-by.ts";
import { valuesIn } from "./values.ts";
import { wantedKinds } from "./wants.ts";

test.each(["111 ", "1.1 ", "a.", "A-", "- ", "1-", "in ", "x", "\n"])(
  "no text of %j makes its values long to read",
  async (part) => {
    const spent = await processorSeconds(() => valuesIn(part.repeat(120_000 / part.length), new Set(wantedKinds)));
    expect(spent).toBeLessThan(2);
  },
);
