import { expect, test } from "vitest";
import { mailFault } from "./mail-fault.ts";

const password = 'correct  "horse"\tbattery';
const login = {
  ...({ account: "home", host: "mail.example.org", port: 993, tls: "implicit", user: "ada", secret: "mail" } as const),
  ...{ password, signal: new AbortController().signal },
};
const base64 = (text: string) => Buffer.from(text).toString("base64");

test.each([
  ["as it is", password],
  ["at the place where the message is cut off", `${"x".repeat(190)}${password}`],
  ["in IMAP's quotes", `LOGIN ada "${password.replace(/["\\]/g, "\\$&")}"`],
  ["packed for AUTH LOGIN", base64(password)],
  ["packed for AUTH PLAIN", `AUTHENTICATE PLAIN ${base64(`\0ada\0${password}`)}`],
])("P19 a server that repeats the password %s puts it into no message", (_how, said) => {
  for (const stage of ["connecting", "working", "sending"] as const) {
    for (const told of [{ message: said }, { responseText: said, responseCode: 535 }]) {
      const fault = mailFault(Object.assign(new Error(), told), login, stage);
      const all = `${fault.message} ${String(fault.cause)}`;
      for (const part of ["horse", "battery", base64("orse").slice(0, 4), base64(password).slice(0, 12)])
        expect(all).not.toContain(part);
      expect(all).not.toContain(base64(`\0ada\0${password}`).slice(0, 20));
    }
  }
});

test("a short password is hidden, too", () => {
  expect(mailFault(new Error("no user with cat"), { ...login, password: "cat" }, "working").message).not.toContain(
    "cat",
  );
});
