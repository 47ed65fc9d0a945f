import { expect, test } from "vitest";
import { Codes, isSession, makeCode, makeSession } from "./sign-in.ts";

const token = "owner-token-0123456789abcdef0123456789abcdef";
const now = Date.parse("2026-11-29T08:00:00Z");
const minute = 60_000;
const day = 24 * 60 * minute;

test("a code is taken once, within ten minutes, by the daemon that was up when it was made", () => {
  const codes = new Codes(token, now - minute);
  const code = makeCode(token, now);
  expect([codes.take(code, now + minute), codes.take(code, now + minute)]).toEqual([true, false]);
  expect(codes.take(makeCode(token, now), now + 11 * minute)).toBe(false);
  expect(codes.take(makeCode("another-token", now), now)).toBe(false);
  // After a restart nobody knows which were used.
  expect(new Codes(token, now + 1).take(makeCode(token, now), now + minute)).toBe(false);
});

test("a session holds for thirty days, for its token alone, and cannot be made longer", () => {
  const session = makeSession(token, now);
  const holds = (text: string, at: number, of = token) => isSession(text, of, at);
  expect([holds(session, now), holds(session, now + 29 * day), holds(session, now + 31 * day)]).toEqual([
    true,
    true,
    false,
  ]);
  expect(holds(session, now, "another-token")).toBe(false);
  const later = (now + 300 * day).toString(36);
  expect(holds(session.replace(/_[^.]+/, `_${later}`), now)).toBe(false);
  // A code is no session, and a session no code.
  expect([holds(makeCode(token, now), now), new Codes(token, 0).take(session, now)]).toEqual([false, false]);
});
