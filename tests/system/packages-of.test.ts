import { expect, test } from "vitest";
import { packagesOf } from "../../tools/libraries/packages-of.ts";

test("a library depends on the packages that its files and types name, and on nothing that comes with Node", () => {
  const named = [
    "zod",
    "node:http",
    "fs",
    "fs/promises",
    "node:sqlite",
    "hono/streaming",
    "@hono/node-server/x",
    "hono",
  ];
  expect(packagesOf(named)).toEqual(["@hono/node-server", "hono", "zod"]);
});
