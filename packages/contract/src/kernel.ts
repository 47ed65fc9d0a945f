import { z } from "zod";
import { defineContract } from "./contract.ts";

const none = () => z.strictObject({});
const standing = () => z.strictObject({ stopped: z.boolean().describe("Whether STOP stands now") });

export const kernelStop = defineContract({
  name: "kernel.stop",
  kind: "admin",
  recovery: true,
  title: "Stop everyone but you",
  input: none,
  output: standing,
  examples: [{ title: "Stop", args: {} }],
  event: "kernel.stop-confirmed",
  undo: "mh resume",
});

export const kernelResume = defineContract({
  name: "kernel.resume",
  kind: "admin",
  recovery: true,
  title: "Let everyone go on",
  input: none,
  output: standing,
  examples: [{ title: "Go on", args: {} }],
  event: "kernel.resumed",
  undo: "mh stop",
});
