import { type DatedBy, datedWords } from "@mh/contract/values/dated-by.ts";
import type { Printer } from "../print.ts";

interface Told {
  at: string;
  datedBy?: DatedBy | undefined;
}

/** The day of a memory; where only its file says so, "by its file" before it. */
export const dayTold = (print: Printer, told: Told): string => withWords(told, print.day(told.at));

/** The same in a sentence: "told today 14:03", or "by its file, 3 May 2024". */
export const toldOn = (print: Printer, told: Told): string =>
  datedWords(told) === undefined ? `told ${print.day(told.at)}` : dayTold(print, told);

export const momentTold = (print: Printer, told: Told): string => withWords(told, print.moment(told.at));

function withWords(told: Told, time: string): string {
  const words = datedWords(told);
  return words === undefined ? time : `${words}, ${time}`;
}
