import { defineContract } from "@mh/contract/contract.ts";
import { defineOutside } from "@mh/core/kernel/skill.ts";
import { z } from "zod";

/** What was sent in this process. */
export const sentLetters: string[] = [];
/** Sends a text to an address: one controls it, the other is what it says. */
export const letterSend = defineOutside(
  defineContract({
    name: "letter.send",
    kind: "outside",
    title: "Send a letter",
    input: () => z.strictObject({ to: z.string().describe("To whom"), text: z.string().describe("What it says") }),
    output: () => z.null(),
    examples: [{ title: "One", args: { to: "sarah@example.org", text: "Hi" } }],
    effects: ["notify"],
    control: ["to"],
    pointers: { to: "it goes to that address" },
    provenance: { content: ["text"], types: { to: "email" } },
    event: "letter.sent",
  }),
  {
    stored: "kept",
    async run({ to, text }) {
      sentLetters.push(`${to}: ${text}`);
      return null;
    },
  },
);
