import { expect, test } from "vitest";
import { CpuTime, type ProcessTime } from "./cpu-time.ts";

const process = (id: string, ownMs: number, waitedMs = 0, isRunning = false): ProcessTime => ({
  ...{ id, ownMs, waitedMs, isRunning: () => isRunning },
});

test("S16 time of the processor stays counted whoever waits for a process, and is counted once", () => {
  const cpu = new CpuTime(4);
  expect(cpu.add([process("parent", 10), process("child", 100)], 25)).toBe(110);
  // Waited for: the parent's figure has it, and 20 more that it took until its end.
  expect(cpu.add([process("parent", 10, 120)], 25)).toBe(130);
  expect(cpu.add([process("parent", 10, 120), process("other", 70)], 25)).toBe(200);
  // Nobody waited for it.
  expect(cpu.add([process("parent", 10, 120)], 25)).toBe(200);
  // Left out in one look, it is no other.
  expect(cpu.add([], 25)).toBe(200);
  expect(cpu.add([process("parent", 10, 120)], 25)).toBe(200);
  // Another of the same number.
  expect(cpu.add([process("parent", 15, 120), process("other at another time", 7)], 25)).toBe(212);
});

test("S16 processes that nobody waits for, each gone before anybody looks twice, are counted by how many run", () => {
  const cpu = new CpuTime(4);
  let used = 0;
  for (let look = 0; look < 100; look += 1)
    used = cpu.add([process("parent", 0), process(`one ${look}`, 0, 0, true), process(`two ${look}`, 0, 0, true)], 100);
  // Two processors for ten seconds, half believed.
  expect(used).toBe(9_900);
  // No more than there are processors; and not at all where the parent waits and its figure is the larger one.
  const many = Array.from({ length: 90 }, (_, n) => process(`more ${n}`, 0, 0, true));
  expect(cpu.add([process("parent", 0), ...many], 100)).toBe(10_100);
  expect(cpu.add([process("parent", 0, 12_000)], 100)).toBe(12_000);
});
