import type { Mh } from "../fault/mh.ts";

/** Runs commands that fill a home, and gives what they print: done or waiting for an approval, or else it throws. */
export const filling =
  (mh: Pick<Mh, "run">) =>
  (...args: string[]): string => {
    const { code, err, out } = mh.run(args);
    if (code !== 0 && code !== 4) throw new Error(`${args.join(" ")}: ${code} ${err} ${out}`);
    return out;
  };

/** Fills a home as somebody's who has used it for a while: memories, tasks, people, and requests with every trick. */
export function fillHome(mh: Pick<Mh, "run">): void {
  const run = filling(mh);
  for (const text of memories) run("capture", text);
  for (const [title, due] of tasks) run("task", "add", title, ...(due ? ["--due", due] : []));
  const values = "Calm before speed.\n\nPeople before projects.\n\nSay what is true, early.";
  run("act", "persona.update", JSON.stringify({ section: "values", text: values }));
  for (const skill of ["mail.send", "disk.write"]) run("grant", "give", "agent:bill-keeper", skill);
  for (const args of asks) run("act", "mail.send", JSON.stringify(args), "--as", "agent:bill-keeper");
}

const memories = [
  "Met Sarah about the ML project. She wants the evaluation set frozen before we touch the model again, and two weeks for it. I agreed: frozen until the 27th.",
  "Numbers from the held-out run: recall 0.79, up from 0.61. I would not promise more than that to Marta.",
  "Sarah leads the evaluation of the ML project.",
  "If the set moves under us we will argue about noise until Christmas. Freeze it, then measure.",
  "Dentist at Seestrasse 9, bring the form. #health",
  "Tom likes tea, not coffee. #friends",
  "The electricity bill comes on the 21st, between 96 and 141 euros.",
];
const tasks = [
  ["Check slide 6 of the board deck", "today 23:00"],
  ["Send Marta the ML numbers", "today 23:30"],
  ["Ask Tom about the evaluation set", "today"],
  ["Renew the rail card", "next friday"],
  ["Read the paper on retrieval", ""],
] as const;
const asks = [
  {
    to: ["billing@lindau-energie.example"],
    subject: "Payment of 1,240.00 EUR",
    body: "Please take 1,240.00 EUR from LT12 1000 0111 0100 1000.\nThe last bill was 118.40 EUR.",
  },
  {
    to: ["bob@xn--pypal-4ve.example"],
    subject: "Hi Bob\u202e4471 tnuocca",
    body: "Hi Bob, lunch at noon?\u{e0100}\u{e0101}\u200b\u200b pаypal\u00a0\u00a0   \u001b[31m Reply-To: x\nundo   can be undone",
  },
];
