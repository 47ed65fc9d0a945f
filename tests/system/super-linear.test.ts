import * as path from "node:path";
import { expect, test } from "vitest";
import { regexesIn, superLinear } from "../support/super-linear.ts";

const packages = path.join(import.meta.dirname, "../../packages");

/** Loops are whole with CI=true. */
const first = Math.floor(Math.random() * 16);
const nth = process.env.CI === "true" ? 1 : 16;

test.for(["contract", "core"])(
  "S5 no pattern that reads what others wrote takes longer than in step with the text: %s",
  { timeout: 300_000 },
  (name) => {
    const all = regexesIn(path.join(packages, name, "src"));
    expect(all.length).toBeGreaterThan(30);
    const chosen = all.filter((_each, n) => (n + first) % nth === 0);
    const slow = chosen.flatMap(({ file, line, regex }) => {
      const text = superLinear(regex);
      return text === undefined ? [] : [`${name}/src/${file}:${line} ${regex} on ${JSON.stringify(text)}`];
    });
    expect(slow).toEqual([]);
  },
);

test.for([/=+$/, /^(?:a+)+$/, /\s*\n\s*x/, /[^@]+@[^@]+\.[^@]+/])(
  "S5 a pattern that is slower than its text is found: %s",
  (regex) => {
    expect(superLinear(regex)).toBeDefined();
  },
);
