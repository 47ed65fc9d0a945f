import { expect, test } from "vitest";
import { tellByKind } from "./tell.ts";

/** Names of a folder that know how often somebody looked at all of them. */
class Watched extends Set<string> {
  looks = 0;
  override [Symbol.iterator]() {
    this.looks += 1;
    return super[Symbol.iterator]();
  }
}

test("R6 an ordinary file is told by its own name, however many lie beside it; what an export has, by the others", () => {
  const tell = tellByKind();
  const beside = new Watched(["conversations.json", "users.json", "memories.json", "n1.md"]);
  const told = (name: string) => tell({ name, path: `/x/${name}`, sizeBytes: 1 }, beside);
  expect([told("n1.md"), told("n2.txt"), told("conversations.json")]).toEqual([
    { kind: "markdown" },
    { kind: "text" },
    { kind: "chats" },
  ]);
  expect(beside.looks).toBe(0);
  expect([told("memories.json"), beside.looks]).toEqual([{ kind: "claude" }, 1]);
});
