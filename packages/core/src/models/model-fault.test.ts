import { Fault } from "@mh/contract/values/fault.ts";
import { expect, test } from "vitest";
import { modelFault } from "./model-fault.ts";

test("what the port for HTTP threw stays as it is, also where a library wrapped it", () => {
  const gone = new Fault("http.failed", "The server is gone.");
  expect(modelFault(gone)).toBe(gone);
  expect(modelFault(new Error("Failed to process successful response", { cause: gone }))).toBe(gone);
  expect(modelFault(new Error("no such thing."))).toMatchObject({
    ...{ code: "model.failed", message: "The model's server failed: no such thing." },
  });
});
