// For tests of the host and of what is built upon it: the real thing, with a clock that the test moves.
export { type HostOptions, makeHost, outboxSkill, type TestHost } from "./make-host.ts";
export { randomFrom } from "./random.ts";
export { type TestClock, testClock } from "./test-clock.ts";
