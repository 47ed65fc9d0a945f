import { createSubscriber } from "svelte/reactivity";

const tickMs = 1000;
const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, tickMs);
  return () => clearInterval(timer);
});

/** The time, which whatever shows it follows. */
export const clock = {
  get now(): number {
    subscribe();
    return Date.now();
  },
};
