/** As they are written out. */
export const englishMonths: readonly string[] =
  "January February March April May June July August September October November December".split(" ");

/** Months as people of several languages write them, in order; what several share stands once. */
const months = [
  "jan january januar jänner janvier janv enero ene gennaio gen janeiro januari",
  "feb february februar feber février fevrier févr fevr febrero febbraio fevereiro fev februari",
  "mar march märz maerz mär mrz mars marzo março marco maart mrt",
  "apr april avril avr abril abr aprile",
  "may mai mayo maggio mag maio mei",
  "jun june juni juin junio giugno giu junho",
  "jul july juli juillet juil julio luglio lug julho",
  "aug august août aout agosto ago augustus",
  "sep sept september septembre septiembre setiembre settembre set setembro",
  "oct october okt oktober octobre octubre ottobre ott outubro out",
  "nov november novembre noviembre novembro",
  "dec december dez dezember décembre decembre déc diciembre dic dicembre dezembro",
];

const numbers = new Map(months.flatMap((names, n) => names.split(" ").map((name) => [name, n + 1] as const)));

/** 1 to 12, for a month's name or a usual short form of it. */
export const monthOf = (name: string): number | undefined => numbers.get(name.normalize("NFC").toLowerCase());
