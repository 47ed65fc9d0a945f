import type { Job, RunEnd, RunReason } from "@mh/core/ports/executor.ts";
import type { RawCall } from "./raw-program.ts";

/** What a hostile program finds, or is told of, on the machine that it is to leave alone. */
export interface Target {
  /** A folder that it was given to write in. */
  given: string;
  /** A file of the owner's that it was not given. */
  secret: string;
  /** Of listeners on this machine: TCP and UDP at 127.0.0.1, an abstract Unix socket, and one with a path. */
  port: number;
  datagramPort: number;
  abstract: string;
  socket: string;
  /** A process of the same user, outside. */
  witness: number;
  /** Stands among the arguments of whatever the program leaves behind. */
  mark: string;
}

interface Hostile {
  /** A requirement's id, and what it tries. */
  name: string;
  /** Behind a relay, as an MCP server that was granted a host. */
  hasRelay?: boolean;
}

/** System calls, made without a library in between, in both bases. */
export interface RawHostile extends Hostile {
  calls: readonly RawCall[];
  /** What each call answers a program: the name of an error, or `ended` for the whole. One for all, or one for each. */
  answers: string | readonly string[];
  /** What an agent's worker is answered, where it is something else. */
  agentAnswers?: string | readonly string[];
}

/** A program in the base `system`, for an interpreter of the machine. */
export interface ScriptHostile extends Hostile {
  by: "/bin/sh" | "/usr/bin/python3";
  text: (target: Target) => string;
  /** A socket appears in its folder as soon as it has said something. */
  hasLateSocket?: boolean;
  limits?: { timeMs?: number; processesMax?: number };
  /** How it ends; by itself, with 0, where it says nothing. */
  ends?: Partial<RunEnd>;
  /** Or by a limit; what it said is of no importance then. */
  mayEndBy?: readonly RunReason[];
  /** Whether what it said shows that it was refused; undefined is yes, a text says what it could do. */
  complaint: (said: string, target: Target) => string | undefined;
}

/** What became of one on this machine. */
export interface Found {
  base: Job["view"]["base"];
  name: string;
  /** It could not be tried on this machine. */
  skipped?: string;
  /** What it could do, or how else it ended than it should. */
  complaint?: string;
}

/** Descriptors that lead to the root folder: what a lock, an editor or a CI left open. */
export const leaked = [9, 200, 1023];

/** Each line says what was tried and the error that came of it. What was done says DONE instead. */
export const everythingRefused = (said: string): string | undefined => {
  const lines = said.trim().split("\n");
  const odd = lines.filter((line) => !/^\S.* (E[A-Z0-9]+|refused)$/.test(line));
  return odd.length > 0 ? odd.slice(0, 5).join("; ") : undefined;
};

/** It came to no more than so many of what it took, and says `name number`. */
export const atMost =
  (name: string, most: number) =>
  (said: string): string | undefined => {
    const found = new RegExp(`^${name} (\\d+)`, "m").exec(said)?.[1];
    if (found === undefined) return `It said: ${said.slice(0, 300)}`;
    return Number(found) <= most ? undefined : `It took ${found} ${name}.`;
  };

/** `attempt(name, function, ...arguments)`, in Python. */
const attempts = `
import os, sys, errno
def attempt(name, call, *args):
  try: print(name, "DONE", call(*args), flush=True)
  except OSError as e: print(name, errno.errorcode.get(e.errno, "refused"), flush=True)
  except Exception as e: print(name, "refused", flush=True)
`;

export const python = "/usr/bin/python3";
export const sh = "/bin/sh";

/** Each `attempt` must fail. */
export const refused = (
  name: string,
  text: (target: Target) => string,
  more: Partial<ScriptHostile> = {},
): ScriptHostile => ({
  ...{ name, by: python, text: (target) => attempts + text(target), complaint: everythingRefused },
  ...more,
});

export const ended = (reason: RunReason): Partial<RunEnd> => ({ status: "killed", reason });
export const nothing = () => undefined;
