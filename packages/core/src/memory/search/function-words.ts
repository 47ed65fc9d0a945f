import { wordsOf } from "./search-text.ts";
import { stopWords } from "./stop-words.ts";

// Words that hold a sentence together and tell nothing, by language. Several of them mean something in another one ("die",
// "war", "son"), so a language's words count only where the question is in it.
const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));

/** Those whose function words are known. */
export type Language = "en" | "de" | "fr" | "es" | "pt";

const languages: Readonly<Record<Exclude<Language, "en">, ReadonlySet<string>>> = {
  de: set(`aber alle allem allen aller alles als also am an auch auf aus bei beim bin bis da dabei damit dann das dass dein
    deine dem den denn der des die dies diese diesem diesen dieser dieses doch du durch ein eine einem einen einer eines er
    es etwa euch für gab gegen gibt habe haben hab habt hast hat hatte hatten ich ihm ihn ihnen ihr ihre ihrem ihren ihrer
    im in ins ist ja je jede jeden jeder jetzt kam kann kein keine keinen konnte man mein meine meinem meinen meiner meines
    mich mir mit muss musste nach nicht noch nun nur ob oder ohne schon sehr sei sein seine seinem seinen seiner seit sich
    sie sind so soll sollen sollte und uns unser unsere unserem unseren unserer unter über um vom von vor wann war waren
    warum was wegen weil welche welchem welchen welcher welches wem wen wenn wer werde werden wessen wie wieso wir wird wo
    woher wohin wurde wurden zu zum zur mal denn eigentlich gerade eben halt überhaupt bitte wieder mehr immer gern gerne`),
  fr: set(`à a ai ait alors as au aussi aux avait avec avez avons c ce ces cet cette chez comme comment d dans de depuis des
    donc du elle elles en es est et était être eu fait il ils j je l la là le les leur leurs lui m ma mais me mes moi mon n
    ne nos notre nous on ont ou où par pas plus pour qu quand que quel quelle quelles quels qui quoi s sa sans se ses si
    son sont sur t ta te tes toi ton tu un une va vais vos votre vous y déjà combien pourquoi`),
  es: set(`a al algo ahora aquí como con cual cuál cuáles cuando cuándo cuánto cuánta cuántos cuántas de del desde donde
    dónde el él ella ellos en era es esa ese eso esta está están este esto fue ha había han has hasta hay he la las le les
    lo los más me mi mis mí muy no nos nosotros nuestra nuestro o os para pero por porque que qué quien quién quiénes se
    ser si sí sin sobre son soy su sus también te tengo tiene tu tus un una unas uno unos y ya yo adónde`),
  pt: set(`a ao aos as até aquela aquele com como da das de dela dele depois do dos e é ela ele eles em era essa esse esta
    está este eu foi for há isso isto já lhe mais mas me mesmo meu meus minha minhas muito na nas não no nos nós nossa nosso
    num numa o onde os ou para pela pelo por porque qual quais quando quanto quanta quantos quantas que quê quem se sem ser
    seu seus sua suas só são tem tenho ter teve tu tua um uma umas uns você à às vez`),
};

/** The function words of the language that a question is in, where that is not English. */
export function functionWordsFor(words: readonly string[]): ReadonlySet<string> {
  const language = languageOf(words);
  return language === undefined || language === "en" ? none : languages[language];
}

/** The language that a question is in by its function words, in lower case; undefined where it has none. */
function languageOf(words: readonly string[]): Language | undefined {
  const having = (known: ReadonlySet<string>) => words.filter((word) => known.has(word)).length;
  const counted = Object.entries(languages).map(([name, known]) => ({ name: name as Language, count: having(known) }));
  const best = counted.reduce((a, b) => (b.count > a.count ? b : a));
  const english = having(stopWords);
  if (best.count > english) return best.name;
  return english > 0 ? "en" : undefined;
}

/** The language of a text by its function words; undefined where it has none. */
export const languageIn = (text: string): Language | undefined =>
  languageOf(wordsOf(text).map((word) => word.toLowerCase()));

const none: ReadonlySet<string> = new Set();
