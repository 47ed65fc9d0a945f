import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { expect, test } from "vitest";
import { type Answer, buttonFor, claimOf, fitsButton, isMadeFor } from "./buttons.ts";
import type { Paired } from "./paired.ts";

const deps = { crypto: nodeCrypto, hmacKey: new Uint8Array(32).fill(7) };
const paired = (id: string, place = { bot: "1", chat: "2", sender: "2" }) =>
  ({ device: { id }, place }) as unknown as Paired;
const phone = paired("d1");
const answer: Answer = { verb: "approve", approval: nodeCrypto.id(), hash: "h1", until: 1_772_442_000_000 };

test("H25 a button holds for just the answer, the payload, the device and the chat that it was made for", () => {
  const { data } = buttonFor(deps, phone, answer);
  expect(Buffer.byteLength(data)).toBeLessThanOrEqual(64);
  expect(claimOf(data)).toEqual({ verb: "approve", approval: answer.approval, untilS: answer.until / 1000 });
  expect(isMadeFor(deps, phone, data, "h1")).toBe(true);
  const others: [typeof deps, Paired, string, string][] = [
    [deps, phone, data, "h2"],
    [{ ...deps, hmacKey: new Uint8Array(32) }, phone, data, "h1"],
    [deps, paired("d2"), data, "h1"],
    [deps, paired("d1", { bot: "9", chat: "2", sender: "2" }), data, "h1"],
    [deps, paired("d1", { bot: "1", chat: "9", sender: "2" }), data, "h1"],
    [deps, paired("d1", { bot: "1", chat: "2", sender: "9" }), data, "h1"],
    [deps, phone, data.replace(/^a/, "d"), "h1"],
    [deps, phone, data.replace(/\.\w+\.(?=[\w-]+$)/, ".zzzzzz."), "h1"],
    [
      deps,
      phone,
      buttonFor(deps, phone, { ...answer, approval: nodeCrypto.id() }).data.replace(
        /(?<=^a\.)[\w-]+/,
        data.split(".")[1] ?? "",
      ),
      "h1",
    ],
    [deps, phone, data.slice(0, -1), "h1"],
    [deps, phone, `${data}A`, "h1"],
    [deps, phone, "", "h1"],
  ];
  expect(others.map(([by, on, data, hash]) => isMadeFor(by, on, data, hash))).toEqual(others.map(() => false));
});

test("H25 the button of STOP answers no request, and no other button is one of STOP", () => {
  const stop = buttonFor(deps, phone, { ...answer, verb: "stop" }).data;
  expect(claimOf(stop)).toMatchObject({ verb: "stop", approval: "" });
  expect(isMadeFor(deps, phone, stop, "")).toBe(true);
  const [, , seconds, mac] = stop.split(".");
  expect(claimOf(`a..${seconds}.${mac}`)).toBeUndefined();
  expect(claimOf(`s.${"A".repeat(22)}.${seconds}.${mac}`)).toBeUndefined();
});

test("an id that is no UUID fits into no button", () => {
  expect([fitsButton(answer.approval), fitsButton("x"), fitsButton(`${answer.approval}0`)]).toEqual([
    true,
    false,
    false,
  ]);
});
