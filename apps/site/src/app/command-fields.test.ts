import { expect, test } from "vitest";
import { argumentsOf, type Field, typedOf } from "./command-fields.ts";

const field = (name: string, kind: Field["kind"]): Field => ({
  ...{ name, kind, choices: [], description: "", isRequired: false },
});

test("P14 what nobody touched in a form is given back as it was, whatever its field makes of it", () => {
  const fields = [field("at", "time"), field("to", "lines"), field("isShort", "yes"), field("note", "text")];
  const deep = [field("place.room", "text"), field("any", "value")];
  const before = {
    ...{ at: "2026-11-29T10:00:00.123+01:00", to: ["one\ntwo", "", "three"], isShort: false, note: "" },
    ...{ place: { room: "" }, any: "12" },
  };
  const typed = typedOf([...fields, ...deep], before);
  expect(argumentsOf([...fields, ...deep], typed, before)).toEqual(before);
  expect(argumentsOf(fields, { ...typed, note: "Hello" }, before)).toMatchObject({ at: before.at, note: "Hello" });
  expect(argumentsOf(fields, { ...typed, to: "four" }, before)).toMatchObject({ to: ["four"] });
});

test("a value is a text, a number, or a list that is written as JSON", () => {
  const of = (value: string) => argumentsOf([field("value", "value")], { value }).value;
  expect(['["a", "b"]', "[a", "12", "true", "Ada", "{}"].map(of)).toEqual([["a", "b"], "[a", 12, true, "Ada", {}]);
});
