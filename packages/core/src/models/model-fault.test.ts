import { Fault } from "@mh/contract/values/fault.ts";
import { expect, test } from "vitest";
import { z } from "zod";
import { modelFault } from "./model-fault.ts";

test("what the port for HTTP threw stays as it is, also where a library wrapped it", () => {
  const gone = new Fault("http.failed", "The server is gone.");
  expect(modelFault(gone)).toBe(gone);
  expect(modelFault(new Error("Failed to process successful response", { cause: gone }))).toBe(gone);
  expect(modelFault(new Error("no such thing."))).toMatchObject({
    ...{ code: "model.failed", message: "The model's server failed: no such thing." },
  });
});

test.each<[error: unknown, told: string]>([
  [{ message: "Overloaded", type: "server_error" }, "Overloaded"],
  [{ error: { message: "No such model." } }, "No such model"],
  [{ code: 7 }, '{"code":7}'],
  ["it broke off", "it broke off"],
  [new Error('Not of its form: {"a":1}.\nError message: [\n  {\n    "code"'), 'Not of its form: {"a":1}'],
  [
    z.object({ version: z.string() }).safeParse({}).error,
    "version: Invalid input: expected string, received undefined",
  ],
])("what a server sent for an error is told on one line, and as words: %j", (error, told) => {
  expect(modelFault(error).message).toBe(`The model's server failed: ${told}.`);
});
