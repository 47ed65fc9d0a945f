import { expect } from "vitest";
import { type Expected, HomeChecker } from "./check-home.ts";

/** A home as the checker finds it, which shares nothing with mh: whole, and with what was acknowledged. */
export async function expectSound(home: string, expected: Expected = {}): Promise<void> {
  using checker = new HomeChecker();
  expect(await checker.check(home, expected)).toEqual([]);
}
