import type { Executor, Job, Run, RunEnd, Sink, Source } from "@mh/core/ports/executor.ts";

/** A job that is no process: what it says, a test says, and what it is told a test hears. */
export interface SpokenRun {
  run: Run;
  /** On its channel and its standard output: a listener of either hears it. */
  say(bytes: Uint8Array): void;
  /** It ends by itself. */
  leave(): void;
}

export function spokenRun(hear: (text: string) => void): SpokenRun {
  const ended = Promise.withResolvers<RunEnd>();
  const listeners: ((chunk: Uint8Array) => void)[] = [];
  let isOpen = true;
  const end = (more: Pick<RunEnd, "status" | "message" | "reason" | "exitCode">) => {
    isOpen = false;
    ended.resolve({ ...more, usage: { ms: 1, cpuMs: 1, rssBytesMax: 1 }, isCut: false });
  };
  const sink: Sink = {
    write: (data) => void (isOpen && hear(String(data))),
    unreadBytes: 0,
    get isOpen() {
      return isOpen;
    },
  };
  const spoken: Source = { listen: (onChunk) => void listeners.push(onChunk) };
  const kill: Run["kill"] = (message, reason = "stopped") => end({ status: "killed", message, reason, exitCode: 137 });
  const close = () => {
    isOpen = false;
  };
  return {
    run: {
      ...{ input: sink, output: spoken, errors: { listen: () => undefined } },
      channel: Object.defineProperties({ ...spoken, close } as Run["channel"], Object.getOwnPropertyDescriptors(sink)),
      ...{ end: ended.promise, pause: () => undefined, resume: () => undefined, kill },
      stop: async (message) => {
        kill(message);
        return ended.promise;
      },
    },
    say(bytes) {
      if (isOpen) for (const listen of listeners) listen(bytes);
    },
    leave: () => end({ status: "exited", message: "It ended.", exitCode: 0 }),
  };
}

/** Runs nothing but what is given. */
export const speakingExecutor = (begin: (job: Job) => Run): Executor => ({
  run: begin,
  serve: () => {
    throw new Error("There are no services here.");
  },
  sandbox: async () => ({ kind: "bubblewrap", tried: [], caps: [] }),
  isStopped: () => false,
});
