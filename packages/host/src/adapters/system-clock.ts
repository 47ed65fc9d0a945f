import type { Clock } from "@mh/core/ports/clock.ts";

export const systemClock: Clock = { now: () => Date.now() };
