import { expect, test } from "vitest";
import { marks, originOf, worstFirst } from "./origin.ts";

test("P14 an origin has one of four marks, and one that nobody thought of is outside", () => {
  expect(
    ["owner", "owner/phone", "model", "agent:organizer", "skill:letters", "persona", "mail:eve@x.example"].map(
      originOf,
    ),
  ).toEqual([
    { mark: "you", from: "" },
    { mark: "you", from: "" },
    { mark: "model", from: "" },
    { mark: "model", from: "organizer" },
    { mark: "model", from: "letters" },
    { mark: "vouched", from: "persona" },
    { mark: "outside", from: "mail, eve@x.example" },
  ]);
  expect(originOf("novel").mark).toBe("outside");
  expect([...worstFirst].sort()).toEqual([...marks].sort());
});
