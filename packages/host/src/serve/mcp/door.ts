import type { Principal } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import type { Event } from "@mh/contract/wire/event.ts";
import type { Progress } from "@mh/contract/wire/progress.ts";

export interface DoorCall {
  skill: string;
  args: unknown;
  /** Aborted, it ends what this call began. */
  signal: AbortSignal;
  onProgress?: ((progress: Progress) => void) | undefined;
}

/** One MCP client's way to the kernel, whichever transport it came by. Its channel says who it is, and nothing else does. */
export interface McpDoor {
  readonly principal: Principal;
  /** A call that repeats one which waited, or waits, for an approval is that command. */
  act(call: DoorCall): Promise<Outcome>;
  /** Hears of approval requests that are answered, until it is disposed of. */
  watchAnswers(): Answers;
  /** Where the owner answers a request in a browser; undefined where no daemon serves pages. */
  approvalPage(approval: string): string | undefined;
}

type ApprovalEvent = Pick<Event, "name" | "subjects">;

export interface Answers extends AsyncDisposable {
  /** Resolves once that request was answered, also before this was asked, or `until` is aborted. */
  answered(approval: string, until: AbortSignal): Promise<void>;
}

/** The owner's page about one request. The id stands where no server sees it. */
export const approvalPageAt = (address: string, approval: string): string =>
  `${address.replace(/\/$/, "")}/#approval=${encodeURIComponent(approval)}`;

/** `begin` begins a watch that calls back for each event of approval requests; it is ended with what this gives. */
export function answersOf(begin: (take: (event: ApprovalEvent) => void) => AsyncDisposable | Disposable): Answers {
  const known = new Set<string>();
  const waiting = new Map<string, () => void>();
  const watch = new AsyncDisposableStack();
  watch.use(
    begin((event) => {
      for (const approval of answeredIn(event)) {
        known.add(approval);
        waiting.get(approval)?.();
      }
    }),
  );
  return {
    answered(approval, until) {
      const { promise, resolve } = Promise.withResolvers<void>();
      if (known.has(approval) || until.aborted) return Promise.resolve();
      waiting.set(approval, resolve);
      until.addEventListener("abort", () => resolve(), { once: true });
      return promise;
    },
    [Symbol.asyncDispose]: () => watch.disposeAsync(),
  };
}

/** The requests that an event says are answered. That one was asked for is no answer. */
const answeredIn = ({ name, subjects }: ApprovalEvent): string[] =>
  name === "approval.asked"
    ? []
    : subjects.filter((each) => each.startsWith("approval:")).map((each) => each.slice("approval:".length));
