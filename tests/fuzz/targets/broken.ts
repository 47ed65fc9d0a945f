import { Finding, type Target } from "../target.ts";

const held: Buffer[] = [];
const isOver = (ms: number) => {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return user + system > ms * 1000;
  };
};

const ways: Record<string, () => void> = {
  crash: () => process.abort(),
  hang: () => {
    for (;;);
  },
  late: () => {
    for (const isDone = isOver(1_500); !isDone(); );
  },
  memory: () => {
    for (let n = 0; n < 40; n += 1) held.push(Buffer.alloc(2 ** 24, n + 1));
  },
  answer: () => {
    throw new Finding("It said what it must not.");
  },
  escape: () => void Promise.reject(new TypeError("Nobody waits for this.")),
};

/** Does what its input says, so that a test sees that each is found. */
export async function open(): Promise<Target> {
  return {
    renewAfter: 100,
    make: () => Buffer.from("fine"),
    feed: async (input) => ways[input.toString()]?.(),
    [Symbol.asyncDispose]: async () => undefined,
  };
}
