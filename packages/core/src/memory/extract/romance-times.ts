import { monthOf } from "../import/month-names.ts";
import { dayNamed, dayOfMonth, ofYear, partOf, weekdayAway } from "./named-days.ts";
import { type Rule, rule } from "./rule.ts";
import { days, months, type Said, type Stretch, unitAway } from "./stretches.ts";
import type { Unit } from "./time-words.ts";

// Times in French, Spanish and Portuguese, as questions name them.
const month =
  "(janvier|février|fevrier|mars|avril|mai|juin|juillet|août|aout|septembre|octobre|novembre|décembre|decembre|" +
  "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre|" +
  "janeiro|fevereiro|março|marco|maio|junho|julho|setembro|outubro|novembro|dezembro)";
const year = "(?:,? (?:de |del |do |en |em )?((?:19|20)\\d\\d))?";
const the = "(?:(?:le|el|al|o|ao|no|em|on|du|del|do|dia|día) )*";

const counts = [
  ...["un une uma", "deux dos dois duas", "trois tres três", "quatre cuatro quatro", "cinq cinco", "six seis"],
  ...["sept siete sete", "huit ocho oito", "neuf nueve nove", "dix diez dez", "onze once", "douze doce doze"],
];
const numbers = new Map([
  ...counts.flatMap((words, n) => words.split(" ").map((word) => [word, n + 1] as const)),
  ...(["quinze", "quince"] as const).map((word) => [word, 15] as const),
]);
const number = `(${[...numbers.keys()].join("|")}|\\d{1,3})`;

const units: Readonly<Record<Unit, string>> = {
  day: "jours?|d[ií]as?",
  weekend: "week-?ends?|fins? de semana|fim de semana",
  week: "semaines?|semanas?",
  fortnight: "quinzaines?|quincenas?",
  month: "mois|mes(?:es)?|mês",
  year: "années?|ans?|años?|anos?",
  decade: "décennies?|décadas?",
};
const unit = `(${Object.values(units).join("|")})`;
const unitOf = (word = ""): Unit =>
  (Object.keys(units) as Unit[]).find((name) => new RegExp(`^(?:${units[name]})$`, "i").test(word)) ?? "day";
const before = "derni(?:er|ère)|passée?|pasad[oa]|passad[oa]";
const after = "prochaine?|que viene|que vem|próxim[oa]|proxim[oa]";
const isBefore = (words = "") => new RegExp(`^(?:${before}|últim[oa]|ultim[oa])$`, "i").test(words);

const weekdays = [
  ...["lundi|lunes|segunda-feira", "mardi|martes|ter[çc]a-feira", "mercredi|mi[ée]rcoles|quarta-feira"],
  ...["jeudi|jueves|quinta-feira", "vendredi|viernes|sexta-feira", "samedi|s[áa]bado", "dimanche|domingo"],
];
const weekday = `(${weekdays.join("|")})`;
const weekdayOf = (word = ""): number => weekdays.findIndex((names) => new RegExp(`^(?:${names})$`, "i").test(word));

const seasons = ["printemps|primavera", "été|verano|verão", "automne|otoño|outono", "hiver|invierno|inverno"];
const season = `(${seasons.join("|")})`;

/** A day or month without a year is the one that the question looks to. */
export const romanceRules: readonly Rule[] = [
  rule(`avant-hier|anteayer|antes de ayer|anteontem`, (_, { now }) => days(now, now.day - 2)),
  rule(`(?<!avant-)hier|ayer|ontem`, (_, { now }) => days(now, now.day - 1)),
  rule(`aujourd['’]hui|hoy|hoje`, (_, { now }) => days(now, now.day)),
  rule(`(?<!(?:la|esta|de|após|après)[ -])(?:demain|mañana|amanhã)`, (_, { now }) => days(now, now.day + 1)),
  rule(`après-demain|pasado mañana|depois de amanhã`, (_, { now }) => days(now, now.day + 2)),
  rule(`(?:il y a|hace|há) ${number} ${unit}`, ([, n, name], { now }) => away(now, n, name, -1)),
  rule(`(?:dans|dentro de|daqui a) ${number} ${unit}`, ([, n, name], { now }) => away(now, n, name, 1)),
  rule(`(?:l['’]|(?:la|le|el|du|del|da|do|na|no|a|o) )?${unit} (${before}|${after})`, ([, name, which], { now }) =>
    unitAway(now, unitOf(name), isBefore(which) ? -1 : 1),
  ),
  rule(`(?:la|el|na|no|a|o) (últim[oa]|ultim[oa]|próxim[oa]|proxim[oa]) ${unit}`, ([, which, name], { now }) =>
    unitAway(now, unitOf(name), isBefore(which) ? -1 : 1),
  ),
  rule(`(?:cette|ce|cet|esta|este|nesta|neste) ${unit}`, ([, name], { now }) => unitAway(now, unitOf(name), 0)),
  rule(
    `(?:(?:el|este|los|o|no|na|neste|nesta|le|ce|desde el|hasta el) )(?:(últim[oa]|próxim[oa]|proxim[oa]) )?${weekday}(?: (${before}|${after}))?`,
    ([, first, name, last], said) => weekdayAt(name, first ?? last, said),
  ),
  rule(
    `(?<!(?:tous les|chaque) )(lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)(?: (${before}|${after}))?`,
    ([, name, which], said) => weekdayAt(name, which, said),
  ),
  rule(
    `${the}(\\d{1,2}|premier|primero|primeiro)(?:er|º|°)? (?:de |d['’])?${month}${year}`,
    ([, day, name, of], said) => inMonth(name, of, said, (at, index) => dayNamed(at, index, Number(day) || 1)),
  ),
  rule(`le (\\d{1,2})`, ([, day], said) => dayOfMonth(Number(day), said)),
  rule(`(début|fin|mi-|principios|mediados|finales|fins|meados|início)(?: de |d['’]| )?${month}${year}`, (m, said) =>
    inMonth(m[2], m[3], said, (at, index) => partOf(at, index, parts[m[1]?.slice(0, 2).toLowerCase() ?? ""] ?? "late")),
  ),
  rule(
    `(?:en|em|depuis|desde|au mois d[e'’] ?|(?:le mois|el mes|o mês|no mês) de) ?${month}${year}`,
    ([, name, of], said) => inMonth(name, of, said, (at, index) => months(at, index, 1, "month")),
  ),
  rule(`${month} (?:de |del )?((?:19|20)\\d\\d)`, ([, name, of], said) =>
    inMonth(name, of, said, (at, index) => months(at, index, 1, "month")),
  ),
  rule(`(?:l['’]|cet |en |el |este |no |na |la |o |a )${season} (?:de |del |do )?((?:19|20)\\d\\d)`, ([, name, of]) =>
    months(
      Number(of),
      2 + 3 * seasons.findIndex((names) => names.split("|").includes((name ?? "").toLowerCase())),
      3,
      "month",
    ),
  ),
];

const parts: Readonly<Record<string, string>> = { dé: "early", pr: "early", in: "early", mi: "mid", me: "mid" };

/** In French, Spanish and Portuguese eight days are a week, and fifteen are two. */
function away(now: Said["now"], count: string | undefined, name: string | undefined, sign: 1 | -1): Stretch {
  const told = numbers.get(count?.toLowerCase() ?? "") ?? (Number(count) || 1);
  const named = unitOf(name);
  const meant = named === "day" && (told === 8 || told === 15) ? told - 1 : told;
  return unitAway(now, named, sign * meant);
}

function weekdayAt(name: string | undefined, which: string | undefined, said: Said): Stretch {
  return weekdayAway(which === undefined ? undefined : isBefore(which) ? -1 : 1, weekdayOf(name), said);
}

function inMonth(
  name: string | undefined,
  of: string | undefined,
  said: Said,
  at: (year: number, month: number) => Stretch | undefined,
): Stretch | undefined {
  return ofYear((monthOf(name ?? "") ?? 0) - 1, of, said, at);
}

/** Whether a question may name such a time: the rules alone are cheap, the parser that they are read with is not. */
export const mayNameRomance = (text: string): boolean => romanceWords.test(text);
const romanceWords = new RegExp(
  `(?:^|[^a-z])(?:${month}|(?:avant-)?hier|anteayer|ayer|anteontem|ontem|aujourd['’]hui|hoy|hoje|demain|mañana|amanhã|il y a|hace|há|dans|dentro|daqui|le \\d{1,2}|${weekday}|${unit})(?![a-zà-ÿ])`,
  "i",
);
