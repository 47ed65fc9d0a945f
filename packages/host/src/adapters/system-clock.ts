import * as os from "node:os";
import type { Clock } from "@mh/core/ports/clock.ts";
import { boot } from "./boot.ts";

export const systemClock: Clock = {
  now: () => Date.now(),
  // Unlike `performance.now`, it goes on while the machine sleeps.
  steady: () => os.uptime() * 1000,
  get boot() {
    return boot();
  },
};
