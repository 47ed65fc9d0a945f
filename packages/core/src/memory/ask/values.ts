import type { Wanted } from "./wants.ts";

/** A value that a text holds, where it stands, and how plainly it is one of its kind, from 0 to 1. */
export interface Value {
  kind: Wanted;
  index: number;
  text: string;
  strength: number;
}

export const units = {
  week: "mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?|montags?|dienstags?|mittwochs?|donnerstags?|freitags?|samstags?|sonntags?|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo",
  month:
    "jan(?:uar(?:y|)|eiro|vier)?|jänner|feb(?:ruar(?:y|)|rero)?|fevereiro|février|mar(?:ch|ço|zo|s)?|märz|apr(?:il)?|abril|avril|may|mai|mayo|maio|jun[ie]?|junho|junio|juin|jul[iy]?|julho|julio|juillet|aug(?:ust)?|août|agosto|sept?(?:ember|embre|iembre)?|setembro|o[ck]t(?:ober|obre|ubre)?|outubro|nov(?:ember|embre|iembre|embro)?|de[cz](?:ember|iembre|embro)?|décembre|dez",
  duration:
    "s|secs?|seconds?|sek(?:unden?)?|min(?:s|utes?|uten?|utos?)?|h|hrs?|hours?|stunden?|std\\.?|heures?|horas?|days?|tagen?|tage|jours?|días?|dias?|weeks?|wochen?|semaines?|semanas?|months?|monaten?|monate|mois|mes(?:es)?|mês|years?|yrs?|jahren?|jahre|ans?|années?|años?|anos?|nights?|nächten?|nuits?|noches?|noites?",
};
/** Numbers in words, one to nineteen and the tens; German ones are written as one word. */
const numerals =
  "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?|hundred|" +
  "(?:(?:ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun)und)?(?:zwanzig|drei(?:ß|ss)ig|vierzig|fünfzig|sechzig|siebzig|achtzig|neunzig)|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|(?:drei|vier|fünf|sech|sieb|acht|neun)zehn|hundert|" +
  "deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt(?:[ -]\\p{L}+)?|trente(?:[ -](?:et[ -]un|deux|trois|quatre|cinq|six|sept|huit|neuf))?|quarante|cinquante|soixante|cent|" +
  "dos|tres|cuatro|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|veinte|treinta|cuarenta|cincuenta|sesenta|cien|" +
  "dois|duas|três|quatro|sete|oito|nove|dez|doze|treze|dezasseis|vinte|trinta|quarenta|cinquenta|sessenta|cem";
// Bounded, as all that could run on from each of its parts: a text of figures alone would be read from each to its end.
const number = `(?:\\d{1,3}(?:[.,’' ]\\d{3}){1,5}(?:[.,]\\d{1,2})?|\\d+(?:[.,]\\d+)?|${numerals})`;
const currency =
  "€|\\$|£|¥|chf|fr\\.?|sfr\\.?|eur|euros?|usd|gbp|dollars?|bucks|pounds?|quid|pence|francs?|franken|rappen|cents?|centimes?|céntimos?|cêntimos?|balles|reais|pesos?|pavos|mille";
/** Years that somebody may have: no year of the calendar, no price, no time of day. */
const years = `(?<![.,:/€$£]|\\d )(?:1[01]\\d|[1-9]\\d?|${numerals})(?![.,:/]\\d| ?[€$£%])`;
/** What goes on after an age, and not after a number of anything. */
const afterAge =
  "(?=\\s*(?:[.,!?;)]|$)| (?:now|already|today|and|but|or|so|this|next|in|on|when|jetzt|schon|heute|und|aber|im|am|als|ans|et|maintenant|déjà|y|ya|ahora|e|já|agora)(?!\\p{L}))";
/** What a number of something else follows: "on the 20th", "km 19", "room 4". */
const notLabelled =
  "(?<!(?<!\\p{L})(?:the|at|on|by|until|till|no|nr|page|room|card|chapter|line|bus|km|day|am|um|bis|seite|zimmer|tag|kapitel|linie|le|à|jour|page|dia|día|el|o|las|às|a) )";
const ordinal =
  "(?:\\d{1,3}(?:st|nd|rd|th|er|e|ème|º|ª|\\.)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|eighteenth|twentieth|thirtieth|fortieth|fiftieth|sixtieth|seventieth|eightieth|ninetieth)";

/** A number that is no amount of anything else, no date and no time of day. */
const sum = `${number}k?(?! ?(?:${units.duration}|%|kg|km|g|m|cm|ml|l|am|pm|y|uhr|${units.month})(?![\\p{L}])|[:.]\\d|\\d|\\. ?(?:${units.month})(?!\\p{L}))`;

type Pattern = readonly [Wanted, number, string];
const patterns: readonly Pattern[] = [
  ["money", 1, `(?:${currency}) ?${number}k?|${number}k? ?(?:${currency})|${number}\\.[–-]`],
  [
    "money",
    0.95,
    `${number}k? ?(?:/|per |a |an |pro |im |par |por )(?:hour|day|week|month|year|night|stunde|tag|woche|monat|jahr|heure|jour|semaine|mois|hora|día|mes|año|dia|mês|ano)`,
  ],
  [
    "money",
    0.85,
    `(?<=(?<!\\p{L})(?:for|at|cost|costs|costing|paid|pay|pays|paying|price|charged?|charges|asks?|asked|wants?|offered|raised (?:it )?to|(?:up|down|came|comes) to|is now|total|totals|für|um|auf|kostet|kostete|gekostet|zahle|zahlt|bezahlt|verlangt|will|macht|à|pour|coûte|coûté|payé|finalement|passe à|por|cuesta|costó|pagué|pide|piden|ofrecen|a|custa|custou|paguei|fica em) (?:about |around |only |just |etwa |rund |nur |environ |unos |cerca de )?)${sum}`,
  ],
  ["money", 0.7, `${sum}(?! \\p{Ll}{3,})`],
  ["money", 0.5, sum],
  [
    "age",
    1,
    `${years}(?: ?y(?:o|rs?)?| ?years? old|[ -]?years?[ -]old|[ -]?months?[ -]old| ?jahre? (?:alt|jung)| ?monate? alt|[ -]?jährige?[rnms]?| ?ans(?! de)| ?anos(?! de)| ?años(?! de)| ?printemps)|${ordinal} (?:birthday|bday|geburtstag|anniversaire|cumpleaños|aniversário)|` +
      `(?<=(?<!\\p{L})(?:aged|age|turn(?:s|ed|ing)?|becomes|faz(?:em)?|fez|fait|fête|fêté|a eu|a|tem|tiene|cumpl(?:e|ió|irá)|wird|wurde|werde|feiert|im alter von|bin|alter|edad|idade|âge) (?:schon |jetzt |now |ya |já |déjà |heute |today |uma?n? |ses |seine[nm]? |ihre[nm]? |den |sus |los )?)(?:(?:um|un|einen) (?:ano|an|año)|${years}\\.?(?! ?(?:(?:${units.duration}|kg|uhr|km|m|euros?)(?!\\p{L})|€|%))(?=[ .,!?;)\\n]|$))|${years} (?:geworden|years of age)`,
  ],
  [
    "age",
    0.8,
    `(?<=(?:(?<!\\p{L})(?:is|are|ist|sind|est|es|é|bin|tem|tiene|têm)|['’]s|=|,|\\() ?(?:schon |now |jetzt |already |déjà |já |ya |gerade |just |only |erst |nearly |almost |fast )?)${years}${afterAge}`,
  ],
  ["age", 0.5, `${notLabelled}${years}${afterAge}`],
  ["age", 0.6, `${years} (?:years?|jahren?|jahre|months?|monaten?|monate|weeks?|wochen|mois|meses|semaines)`],
  ["age", 0.45, "(?:born|geboren|née?|nació|nacido|nascid[oa]|nasceu|jahrgang)[^.\\n]{0,30}(?:19|20)\\d\\d"],
  ["duration", 1, `${number}(?:[ -]| ?½ ?)?(?:${units.duration})(?: \\d+)?`],
  ["duration", 0.9, "\\d{1,2}[:.h]\\d{2} ?(?:[–-]|to|bis|à|a) ?\\d{1,2}[:.h]\\d{2}|\\d{1,2}:\\d{2}(?::\\d{2})?"],
  ["duration", 0.7, "(?:since|seit|depuis|desde|until|bis|jusqu|até|hasta) [^.,;\\n]{2,30}"],
  [
    "count",
    0.8,
    `${number}(?= (?!(?:and|und|or|oder|et|ou|euros?|percent|prozent|${units.duration}|${units.month})(?!\\p{L}))\\p{L}{3,})`,
  ],
  ["count", 0.6, `${number}(?! ?(?:%|${currency}))`],
  [
    "measure",
    1,
    `${number} ?(?:%|kg|km|g|mg|m|cm|mm|ml|l|liter|litres?|gb|mb|degrees|grad|°|kwh|pieces|stück)(?!\\p{L})|\\d{1,2}:\\d{2}(?::\\d{2})?`,
  ],
  ["measure", 0.6, number],
  [
    "hour",
    1,
    "\\d{1,2}[:.h]\\d{2}(?:[–-]\\d{1,2}[:.]\\d{2})?|\\d{1,2} ?(?:am|pm|uhr|h)(?!\\p{L})|\\d{1,2} (?:to|bis|à) \\d{1,2}",
  ],
  [
    "time",
    1,
    `\\d{1,2}(?:\\.|st|nd|rd|th)? (?:de )?(?:${units.month})(?!\\p{L})|(?:${units.month}) \\d{1,2}|\\d{4}-\\d\\d-\\d\\d|\\d{1,2}[./]\\d{1,2}\\.?(?:\\d{2,4})?`,
  ],
  [
    "time",
    0.8,
    `(?<!\\p{L})(?:${units.month}|${units.week}|tomorrow|morgen|demain|mañana|amanhã)(?!\\p{L})|(?:19|20)\\d\\d`,
  ],
  ["phone", 1, "\\+?\\d[\\d ()/.-]{6,}\\d"],
  ["email", 1, "[\\w.+-]{1,64}@[\\w-]{1,63}\\.[\\w.]{2,190}"],
  [
    "address",
    1,
    "\\d{4,5} \\p{Lu}\\p{L}+|(?:rua|rue|calle|street|st|lane|road|avenue|straße|strasse|gasse|weg|platz|allee)\\b[^\\n]{0,30}\\d|\\p{L}+(?:straße|strasse|gasse|weg|platz|allee|str\\.) \\d+|\\d+ \\p{Lu}\\p{L}+ (?:lane|street|road|avenue|st|rd)",
  ],
  [
    "birthday",
    1,
    "(?:birthday|bday|born|geburtstag|geboren|anniversaire|naissance|cumpleaños|nació|aniversário|nasceu|nasc)",
  ],
  [
    "place",
    0.8,
    "(?<!\\p{L})(?:in|at|im|am|nach|bei|beim|aus|from|to|em|no|na|à|au|aux|en|dans|chez|de|zu|zum|auf|ins) (?:the |der |dem |den |la |le |o |a |el |einem |einer )?\\p{Lu}[\\p{L}-]+(?: \\p{Lu}[\\p{L}-]+){0,3}",
  ],
  [
    "person",
    0.9,
    "(?:Mr|Mrs|Ms|Miss|Dr|Frau|Herrn?|Prof|Captain|Aunt|Uncle|Tante|Onkel|[Tt]ia|[Tt]io|Senhora?|Señora?|Monsieur|Madame|Mme|M)\\.? \\p{Lu}[\\p{L}-]+",
  ],
  ["person", 0.8, "\\p{Lu}[\\p{Ll}'’-]+ \\p{Lu}[\\p{L}'’-]+"],
  ["person", 0.45, "\\p{Lu}[\\p{Ll}-]{2,}"],
  ["place", 1, "(?<=Where: )[^\\n]+"],
  [
    "place",
    0.9,
    "(?:behind|under|underneath|beneath|inside|beside|next to|above|hinter|unter|neben|über|derrière|sous|au-dessus de|à côté de|detrás de|debajo de|dentro de|encima de|atrás d[aeo]|debaixo d[aeo]|ao lado d[aeo]|em cima d[aeo]) (?:the |der |dem |den |das |die |la |le |les |l['’]|el |los |las |un[ae]? |o |a |einem |einer |my |his |her |our )[\\p{L}-]{3,}(?: [\\p{L}-]{3,})?",
  ],
  [
    "place",
    0.55,
    "(?<!\\p{L})(?:in|at|im|am|bei|beim|em|no|na|au|dans|chez|en|auf|under|on|unter|hinter|behind|sous|sur) (?:the |der |dem |den |la |le |l['’]|o |a |el |einem |einer |my |his )?[\\p{L}-]{3,}",
  ],
];
/** What begins with a capital is told by that. */
const properCase: ReadonlySet<Wanted> = new Set(["place", "address", "person"]);
const compiled = patterns.map(([kind, strength, source]) => ({
  kind,
  strength,
  pattern: new RegExp(`(?<![\\p{L}\\p{N}])(?:${source})(?![\\p{L}\\p{N}])`, properCase.has(kind) ? "gu" : "giu"),
}));

/** The values of some kinds in a text, the plainest first, each stretch once a kind. */
export function valuesIn(text: string, kinds: ReadonlySet<Wanted>): Value[] {
  return compiled
    .filter(({ kind }) => kinds.has(kind))
    .flatMap(({ kind, strength, pattern }) =>
      [...text.matchAll(pattern)].map((match) => ({ kind, strength, index: match.index, text: match[0].trim() })),
    )
    .sort((a, b) => b.strength - a.strength || a.index - b.index);
}
