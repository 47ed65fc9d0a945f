import { wholeWords } from "../whole-words.ts";
import { each, type Signal } from "./signal.ts";

// What a question asks for, and whether the text has such a thing.

export const duration: Signal = {
  scale: "absolute",
  of: each(({ content }, { asks }) => (asks.has("duration") && durationWords.test(content.slice(0, textMax)) ? 1 : 0)),
  say: () => "it says how long",
};

export const number: Signal = {
  scale: "absolute",
  of: each(({ content }, { asks }) => (asks.has("number") && numberWords.test(content.slice(0, textMax)) ? 1 : 0)),
  say: () => "it has a number",
};

export const place: Signal = {
  scale: "absolute",
  of: each(({ names }, { asks }) => (asks.has("place") && names.has("place") ? 1 : 0)),
  say: () => "it names a place",
};

export const person: Signal = {
  scale: "absolute",
  of: each(({ names }, { asks }) => (asks.has("person") && names.has("person") ? 1 : 0)),
  say: () => "it names somebody",
};

const textMax = 2_000;
const counted =
  "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|hundred|thousand|dozen|couple|once|twice|half|" +
  "eins?|eine[nmrs]?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|zwanzig|dreißig|hundert|tausend|halbe[sn]?|einmal|zweimal|" +
  "deux|trois|quatre|cinq|six|sept|huit|neuf|dix|vingt|cent|mille|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|veinte|cien|mil|dois|duas|três|quatro|sete|oito|nove|dez";
const units =
  "seconds?|minutes?|hours?|days?|weeks?|weekends?|months?|years?|decades?|sekunden?|minuten?|stunden?|tage?n?|wochen?|monate?n?|jahre?n?|" +
  "secondes?|heures?|jours?|semaines?|mois|ans?|années?|segundos?|minutos?|horas?|días?|dias?|semanas?|mes(?:es)?|años?|anos?";

// "4km" is a number, too.
const numberWords = wholeWords(`\\p{N}[\\p{L}\\p{N}]*|${counted}`);
const durationWords = wholeWords(
  `(?:\\p{N}+|an?|few|several|some|${counted}|einige[nr]?|ein paar|quelques|unos|uns|alguns)[ -]+(?:${units})`,
);
