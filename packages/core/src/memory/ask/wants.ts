import { asksOfAssistant } from "../search/asks.ts";
import { wholeWords } from "../search/whole-words.ts";
import { asksOfPast } from "./tense.ts";

/** What kind of value a question asks for. */
export const wantedKinds = [
  ...["time", "hour", "duration", "age", "money", "count", "measure", "place", "person"],
  ...["phone", "address", "email", "birthday", "definition"],
] as const;
export type Wanted = (typeof wantedKinds)[number];

export interface Wants {
  kinds: ReadonlySet<Wanted>;
  /** Which of several comes first, in time. */
  order: "latest" | "earliest" | undefined;
  /** It asks for the very last or first, and not only for how things are now or were before. */
  isUtmost: boolean;
  /** It asks about being together with somebody. */
  isMeeting: boolean;
  /** Several are asked for, or how many times. */
  isList: boolean;
  isCount: boolean;
  /** What holds now is asked for, and not what was. */
  isPresent: boolean;
  /** An age is asked for, which changes by itself, and nothing says that a former one is meant. */
  isCurrent: boolean;
  /** It asks about what is over. */
  isPast: boolean;
  /** Of several numbers the smallest or the largest. */
  extreme: "least" | "most" | undefined;
  /** What the owner or somebody likes. */
  isPreference: boolean;
  /** Where somebody lives. */
  isDwelling: boolean;
  /** What is to be done. */
  isToDo: boolean;
  /** It looks ahead. */
  isAhead: boolean;
  /** What an assistant said. */
  ofAssistant: boolean;
}

/** "Wieviel Gäste" counts, "wieviel habe ich" does not. */
const germanPlural =
  "(?!(?:habe|hatte|zahle|kosten|verdiene|nehme|bekomme|kriege|gebe|schulde|koste|waren?)(?!\\p{L}))\\p{L}+(?:e|en|er)(?!\\p{L})";

// Each pattern's words say what is asked for, and are looked for in no text.
const kinds: Readonly<Record<Wanted, RegExp>> = {
  time: wholeWords(
    "when(?:'s|s| is| was| did| does| do)?|since when|what date|which date|what day|which day|date of|wann|ab wann|bis wann|seit wann|welcher tag|welches datum|" +
      "an welchem (?:tag|datum|wochentag)|datum|quand|depuis quand|quelle date|quel jour|cuándo|cuando|qué día|fecha|quando|em que dia|que dia|data d[aeo]|(?:a|que) data|next|nächste[rsn]?|" +
      "wochentag|prochaine?|próxim[oa]|due|deadline|fällig",
  ),
  hour: wholeWords(
    "what time|at what time|(?:um )?wie ?viel uhr|um wieviel uhr|à quelle heure|quelle heure|a qué hora|qué hora|a que horas?|que horas",
  ),
  duration: wholeWords(
    "how long|how (?:many|much) (?:hours|minutes|days|nights|weeks|months|years|time)|wie ?lang(?:e)?|wie ?viele? (?:stunden|minuten|tage|nächte|wochen|monate|jahre|zeit)|combien de (?:temps|jours|nuits|mois|semaines|ans|années|heures|minutes)|" +
      "cuánto (?:tiempo|dura|duró|tarda|tardó)|cuánt[oa]s (?:días|noches|meses|semanas|horas|minutos)|quanto tempo|quant[oa]s (?:dias|noites|meses|semanas|horas|minutos)|duration|dauer|durée|duración|duração",
  ),
  age: wholeWords(
    "how old|age|aged|wie ?alt|alter|quel âge|âge|qué edad|edad|cuántos años|que idade|idade|quantos anos",
  ),
  money: wholeWords(
    "how much|how expensive|what(?= (?:did|does|do|will|would|is|was) .{1,60} (?:cost|pay|paying|charge|charging|earn|earning|make|get for|come to|worth|set (?:me|us) back))|" +
      "what(?= (?:did|do|does|will) (?:i|we|he|she|they) (?:get|pay|make|earn|charge|want|ask|offer) for)|costs?|price|prices|priced|paid|pay|pays|charge|charges|charged|spend|spends|spent|earn|earns|earned|owe|owes|owed|worth|" +
      `wie ?viel(?! ${germanPlural})|geld|kosten|kostet|kostete|gekostet|preis|bezahlt|bezahle|bezahlen|zahle|zahlt|zahlen|gezahlt|wie teuer|teuer|ausgegeben|ausgebe|verdien(?:e|t|st)|schulde[tn]?|wert|was (?:verdien|bekomm|krieg|nimmt|verlangt)\\p{L}*|` +
      "combien(?! d[e’']|\\p{L})|coûte|coûté|coûtait|prix|payé|paie|paye|payer|dépensé|dépense|gagne|vaut|dois|cuánto|cuesta|costó|cuestan|costaba|precio|pagué|pago|pagamos|gast[oaéó]|gano|gana|debo|vale|" +
      "quanto|custa|custou|custava|preço|paguei|pagámos|pagamos|pago|gastei|gasto|ganho|ganha|devo|vale",
  ),
  count: wholeWords(
    `how many|number of|how often|how many times|wie ?viele|wie ?viel(?= ${germanPlural})|wie ?oft|anzahl|combien(?= (?:de |d[’']))|combien de fois|cuánt[oa]s|cuántas veces|quant[oa]s|quantas vezes|nombre de`,
  ),
  measure: wholeWords(
    "how (?:much|far|big|tall|heavy|high|deep|wide|fast)|weight|weigh|size|wie ?(?:hoch|gro(?:ß|ss)|weit|schwer|schnell|viel)|gewicht|grö(?:ß|ss)e|poids|pèse|taille|peso|pesa|cuánto|quanto|result|wiegt|score",
  ),
  place: wholeWords(
    "where(?:'s|s)?|which (?:city|country|town|village|street|restaurant|hotel|place)|what (?:city|country|town|village|street|restaurant|hotel|place)|wo|wohin|woher|" +
      "in welche[rmns]? (?:stadt|land|ort|hotel|restaurant)|où|d[’']où|dónde|adónde|onde|aonde|em que (?:cidade|hotel|sítio)",
  ),
  person: wholeWords(
    "who(?:'s|s)?|whose|whom|which (?:person|colleague|friend|doctor)|wer|wen|wem|wessen|qui|à qui|avec qui|quién|quiénes|con quién|quem|com quem|" +
      "(?:wie|what) (?:heißt|heisst|hieß|hiess|hies|is .{1,30} called)|name of|name|comment s['’]appelle|cómo se llama|como se chama",
  ),
  phone: wholeWords(
    "phone|telephone|number(?! of)|phone number|mobile|telefon|telefonnummer|nummer|handynummer|numéro|téléphone|número|teléfono|telefone|tel",
  ),
  address: wholeWords("address|adresse|anschrift|dirección|morada|endereço"),
  email: wholeWords("e-?mail|mail address|mailadresse|courriel|correo"),
  birthday: wholeWords("birthday|bday|born|geburtstag|geboren|anniversaire|né|née|cumpleaños|nació|aniversário|nasceu"),
  definition: wholeWords(
    "what(?:['’]?s| is| are)(?= (?:an? |the )?\\p{L}+\\W*$)|= ?\\?|meaning|mean|means|definition|was (?:ist|bedeutet|heißt|heisst|sind)|bedeutet|heißt|heisst|herkunft|c['’]est quoi|qu['’]est[- ]ce que|que veut dire|qué (?:es|significa)|significa|o que (?:é|significa)|remind me what|what does",
  ),
};

/** What a question is about tells what it asks for, though an answer has that word as well: the rent, the salary. */
const about: Partial<Record<Wanted, RegExp>> = {
  money: wholeWords(
    "fees?|salary|wages?|bill|bills|invoice|rent|budget|deposit|fine|tax|taxes|debt|loan|mortgage|insurance|premium|refund|quote|" +
      "\\p{L}*(?:miete|gehalt|lohn|gebühr|gebühren|rechnung|nachzahlung|anzahlung|kaution|steuern?|pacht|beitrag|honorar|rate|trinkgeld|kredit|zuschuss)|budget|" +
      "loyer|salaire|facture|caution|devis|amende|impôts?|abonnement|cotisation|alquiler|sueldo|factura|fianza|multa|impuestos?|cuota|presupuesto|" +
      "renda|salário|ordenado|fatura|caução|orçamento|imposto|mensalidade",
  ),
};

/** A question that begins so asks for that, whatever else it names: "who pays the bill" asks for no sum. */
const leads = (
  [
    ["who|whose|whom|wer|wen|wem|wessen|qui|quién|quiénes|quem", ["person"]],
    ["where|wo|wohin|woher|où|dónde|adónde|onde|aonde", ["place", "address"]],
    ["when|wann|quand|cuándo|quando", ["time", "birthday"]],
  ] as const
).map(([words, led]): [RegExp, readonly Wanted[]] => [
  new RegExp(
    `^[^\\p{L}\\p{N}]*(?:(?:and|so|but|since|until|from|with|to|und|seit|bis|ab|von|mit|et|depuis|avec|à|y|desde|hasta|con|e|com|a|de) ){0,2}(?:${words})(?![\\p{L}\\p{N}])`,
    "iu",
  ),
  led,
]);

const orders = {
  latest: wholeWords(
    "last|latest|most recent|recent|recently|newest|now|these days|currently|current|today|at the moment|still|in the end|final|finally|zuletzt|letzte[rsnm]?|neueste[rsn]?|jetzt|derzeit|momentan|aktuell\\p{L}*|inzwischen|" +
      "heute|noch|schlie(?:ß|ss)lich|am ende|dernière?|dernièrement|maintenant|actuel(?:le)?s?|finalement|última?|último|últimamente|ahora|actual|agora|atual|afinal",
  ),
  earliest: wholeWords(
    "first|earliest|originally|original|at first|before|used to|initially|zuerst|erste[rsnm]?|allererste[rsnm]?|anfangs|ursprünglich|früher|damals|bevor|première?|d['’]abord|au début|avant|autrefois|primer[oa]?|al principio|antes|primeir[oa]|no início",
  ),
};
const utmost = wholeWords(
  "last|latest|most recent|newest|first|earliest|zuletzt|letzte[rsnm]?|neueste[rsn]?|zuerst|erste[rsnm]?|allererste[rsnm]?|dernière?|première?|última?|último|primer[oa]?|primeir[oa]",
);
const meeting = wholeWords(
  "see|saw|seen|meet|met|visit(?:ed)?|with|sehen|sah|gesehen|treffen|traf|getroffen|besuch(?:t|te|en)?|bei|mit|vu|voir|vis|rencontré|chez|avec|ver|vi|visto|encontr\\p{L}*|con|com|estive|estuve",
);
const list = wholeWords(
  "which|list|all|everything|things|what (?:kinds|sorts|all)|each time|times|welche|alle|alles|was alles|liste|quels|quelles|tous|toutes|qué cosas|cuáles|todos|todas|quais",
);
const times = wholeWords("how many times|how often|wie ?oft|combien de fois|cuántas veces|quantas vezes");
const present = wholeWords(
  "is|are|am|do|does|what['’]?s|who['’]?s|ist|sind|bin|hat|habe|heißt|heisst|wohnt|lebt|macht|nehme|nimmt|est|sont|suis|fait|es|son|soy|tiene|é|são|sou|tem|tenho|kostet|costs",
);
const least = wholeWords(
  "fastest|cheapest|lowest|shortest|youngest|lightest|smallest|least|fewest|earliest|schnellste\\p{L}*|billigste\\p{L}*|günstigste\\p{L}*|kürzeste\\p{L}*|niedrigste\\p{L}*|kleinste\\p{L}*|le moins|plus (?:rapide|petite?|courte?|jeune)|más (?:rápid[oa]|barat[oa]|cort[oa]|baj[oa])|mais (?:rápid[oa]|barat[oa]|curt[oa]|baix[oa])",
);
const most = wholeWords(
  "highest|longest|largest|biggest|most expensive|most|tallest|heaviest|oldest|maximum|höchste\\p{L}*|längste\\p{L}*|größte\\p{L}*|teuerste\\p{L}*|schwerste\\p{L}*|älteste\\p{L}*|plus (?:longue?|haute?|grande?|chère?|lourde?)|más (?:larg[oa]|car[oa]|alt[oa]|grande)|mais (?:long[oa]|car[oa]|alt[oa]|pesad[oa])|maior|mayor",
);
const questionWords = wholeWords(
  "arent|isnt|wasnt|dont|doesnt|didnt|havent|hasnt|cant|ever|jemals|jamais|jamás|alguma vez|who['’]?s|what['’]?s|where['’]?s|when['’]?s|remind|tell|know|remember|weißt|erinner\\p{L}*|rappelle|recuerda|lembra\\p{L}*|name|called|named|hei(?:ß|ss)en|hies+",
);
const dwelling = wholeWords(
  "lives?|living|lived|wohn(?:t|e|st|en|te|ten)|leb(?:t|e|en|te|ten)|habite|vit|vive|viven|mora|moram|stay(?:ed)?",
);
/** What stands for anything that one does or that goes on. */
const doing = wholeWords(
  "happen(?:ed|s|ing)?|do|did|doing|done|anything|something|everything|going on|on|up|was|passiert(?:e|en)?|geschah|geschehen|gemacht|mach(?:e|te|en|t)|tun|getan|los|steht|stand|an|erlebt|unternommen|passé|fait|faire|hice|erledig(?:en|t)|besorgen|todos?|to-dos?|tasks?|plans?|aufgaben?|termine?|appointments?|rendez-vous|tâches?|tareas?|citas?|tarefas?|compromissos?|hicimos|pasó|pasado|hacer|fiz|fizemos|aconteceu|fazer|tenho",
);
const toDo = wholeWords(
  "to-?dos?|tasks?|errands|(?:have|need|ought|left|what) to do|(?:must|should|need) (?:i|we)|(?:muss|müssen|soll|sollte) (?:ich|wir)|noch (?:zu )?(?:erledigen|tun|besorgen|machen)|aufgaben?|zu erledigen|" +
    "je dois|reste à faire|à faire|tâches?|tengo que|hay que|por hacer|pendientes?|tareas?|tenho (?:que|de)|por fazer|tarefas?",
);
const preference = wholeWords(
  "like|likes|prefer|prefers|favou?rite|hate|love|dislike|how do i (?:take|drink|eat|like)|mag|mögen|liebsten|lieblings\\p{L}*|gern|gerne|aime|préfère|préféré|gusta|prefiero|favorit[oa]|gosto|gosta|prefiro|preferid[oa]",
);
const ahead = wholeWords(
  "will|shall|going to|upcoming|next|due|coming|nächste[rsnm]?|kommende[rsnm]?|wird|werde|muss|müssen|steht|stehen|prochaine?|à venir|próxim[oa]s?|tenho que|tengo que|have to|need to|must|dois|devons",
);

/** Reads what a question asks for; any text is welcome. Which of several is read from `rest`, the text without its times. */
export function wantsOf(question: string, rest: string): Wants {
  const read = question.slice(0, charactersMax);
  const kinds = kindsOf(read);
  const isPast = asksOfPast(read);
  return {
    kinds,
    isPast,
    isCurrent: kinds.has("age") && !isPast && !orders.earliest.test(rest),
    order: orders.earliest.test(rest) ? "earliest" : orders.latest.test(rest) ? "latest" : undefined,
    isUtmost: utmost.test(rest),
    isMeeting: meeting.test(read),
    isList: list.test(read),
    isCount: times.test(read),
    isPresent: present.test(read) && !isPast && !kinds.has("definition"),
    extreme: least.test(read) ? "least" : most.test(read) ? "most" : undefined,
    isPreference: preference.test(read),
    isDwelling: kinds.has("place") && dwelling.test(read),
    isToDo: toDo.test(read),
    isAhead: ahead.test(read),
    ofAssistant: asksOfAssistant(read),
  };
}

function kindsOf(read: string): Set<Wanted> {
  const all = wantedKinds.filter((kind) => kinds[kind].test(read) || about[kind]?.test(read));
  const led = leads.find(([lead]) => lead.test(read))?.[1];
  const found = led ? all.filter((kind) => led.includes(kind)) : all;
  const kept = found.filter((kind) => !found.some((other) => overruled[other]?.includes(kind)));
  // How often is counted over memories, the fastest is told by its time.
  if (times.test(read)) return new Set(kept.filter((kind) => kind !== "count"));
  if (kept.length === 0 && (least.test(read) || most.test(read))) return new Set(["duration", "measure"]);
  // "the age of the dog when we got it" asks for no time.
  const isClause = kept.length > 1 && /(?<=\S )(?:when|wenn|als|quand|cuando|quando)\b/iu.test(read);
  return new Set(kept.filter((kind) => kind !== "time" || !isClause));
}

const charactersMax = 4_000;

/** The narrower kind is meant: "how long" is no number, "how much does it cost" no weight. */
const overruled: Partial<Record<Wanted, readonly Wanted[]>> = {
  duration: ["count", "measure", "money", "definition", "time"],
  age: ["count", "measure", "duration", "definition", "money"],
  money: ["count", "definition", "phone", "time"],
  hour: ["count", "measure", "time", "money"],
  birthday: ["definition", "person"],
  phone: ["definition", "place", "count", "person"],
  count: ["phone", "definition", "measure"],
  address: ["definition", "place"],
  time: ["definition"],
  place: ["definition", "person"],
  person: ["definition"],
};

/** The words of a question that say what kind of thing is asked for, which of several, or, of a time, what went on. */
export function askingWords(question: string, hasTime: boolean): Set<string> {
  const read = question.slice(0, charactersMax);
  const wanted = kindsOf(read);
  const patterns = [
    ...[...wanted].map((kind) => kinds[kind]),
    questionWords,
    ...(wanted.has("place") ? [dwelling] : []),
    ...(preference.test(read) ? [preference] : []),
    ...Object.values(orders),
    list,
    times,
    least,
    most,
    ...(hasTime ? [doing] : []),
  ];
  const all = patterns.flatMap((pattern) => [...read.matchAll(new RegExp(pattern.source, "giu"))]);
  return new Set(all.flatMap(([match]) => match.toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? []));
}
