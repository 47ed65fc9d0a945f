import * as v8 from "node:v8";

/**
 * Keeps small what a start leaves behind in a process that then sleeps for weeks, about 40 MB of 150: for whatever is
 * loaded until it is disposed.
 */
export function leanStart(): Disposable {
  // Reading the rules once makes much of Cedar look worth compiling again, better, and what that takes is never given
  // back. What judges often enough still is.
  v8.setFlagsFromString("--wasm-tiering-budget=1000000000");
  // Most of what loading makes is soon gone, but the room that was made for it would stay.
  v8.setFlagsFromString("--semi-space-growth-factor=1");
  return { [Symbol.dispose]: () => v8.setFlagsFromString("--semi-space-growth-factor=2") };
}
