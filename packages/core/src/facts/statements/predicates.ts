/** What a sentence says of its subject, and what of the words after it is the object. */
export interface Frame {
  predicate: string;
  /** What follows "I", "ich". */
  own?: string;
  /** What follows a name, "my sister", "meine Schwester". */
  other?: string;
  /** What follows the object, where the verb ends the sentence. */
  after?: string;
  object: ObjectKind;
}

/** What an object may be: a name, a name or a described thing, a noun, a few words, several of these, a day. */
export type ObjectKind = "name" | "named" | "noun" | "words" | "nouns" | "names" | "day";

const now = "(?:(?:now|currently|still|also|both|really|just|already|not|no longer|never) )?";
/** Words between a German verb and the rest; the subject may stand there, too. */
export const between =
  "(?: (?:jetzt|nun|zurzeit|momentan|noch|auch|immer noch|wieder|gerade|schon|nicht mehr|nicht|nie|sehr|gerne?|seit (?:\\p{Lu}\\p{L}+ )?\\d{4})){0,2}";
const nun = between;
const am = `(?:am|'m|’m) ${now}`;

/** Verbs of English and German, in the present, and the few of the past that tell what holds since. */
export const frames: readonly Frame[] = [
  { predicate: "allergic-to", own: `${am}(?:\\p{L}+ly )?allergic to`, other: `is ${now}allergic to`, object: "nouns" },
  { predicate: "allergic-to", own: `have an allergy to`, other: "has an allergy to", object: "nouns" },
  {
    predicate: "allergic-to",
    own: `bin${nun} allergisch (?:gegen|auf)`,
    other: `ist${nun} allergisch (?:gegen|auf)`,
    object: "nouns",
  },
  { predicate: "allergic-to", own: `habe? eine Allergie gegen`, other: "hat eine Allergie gegen", object: "nouns" },
  {
    predicate: "lives-in",
    own: `${now}live in|${am}living in`,
    other: `${now}lives in|is ${now}living in`,
    object: "name",
  },
  { predicate: "lives-in", own: `(?:wohne?|lebe?)${nun} in`, other: `(?:wohnt|lebt)${nun} in`, object: "name" },
  {
    predicate: "lives-in",
    own: `(?:have |'ve |’ve )?(?:just |recently )?moved to`,
    other: "(?:has )?(?:just |recently )?moved to",
    object: "name",
  },
  {
    predicate: "lives-in",
    own: `bin(?: \\p{Ll}+)? nach`,
    other: `ist(?: \\p{Ll}+)? nach`,
    after: "(?:um)?gezogen",
    object: "name",
  },
  {
    predicate: "works-at",
    own: `${now}work (?:at|for)|${am}working (?:at|for)`,
    other: `${now}works (?:at|for)|is ${now}working (?:at|for)`,
    object: "named",
  },
  {
    predicate: "works-at",
    own: `(?:have |'ve |’ve )?(?:just )?started (?:working |work |a new job )?at`,
    other: "(?:has )?(?:just )?started (?:working |work |a new job )?at",
    object: "name",
  },
  {
    predicate: "works-at",
    own: `arbeite${nun} (?:bei|für)(?: der| dem)?`,
    other: `arbeitet${nun} (?:bei|für)(?: der| dem)?`,
    object: "name",
  },
  {
    predicate: "works-as",
    own: `${now}work as|${am}working as`,
    other: `${now}works as|is ${now}working as`,
    object: "noun",
  },
  { predicate: "works-as", own: `arbeite${nun} als`, other: `arbeitet${nun} als`, object: "noun" },
  { predicate: "works-as", own: "bin", other: "ist", after: "von Beruf", object: "noun" },
  { predicate: "studies", own: `${now}study|${am}studying`, other: `${now}studies|is ${now}studying`, object: "name" },
  { predicate: "studies", own: `studiere${nun}`, other: `studiert${nun}`, object: "name" },
  { predicate: "speaks", own: "speak(?: fluent)?", other: "speaks(?: fluent)?", object: "names" },
  { predicate: "speaks", own: `spreche${nun}(?: fließend)?`, other: "spricht(?: fließend)?", object: "names" },
  { predicate: "likes", own: `${now}(?:like|love|enjoy)`, other: `${now}(?:likes|loves|enjoys)`, object: "words" },
  { predicate: "likes", own: `(?:mag|liebe)${nun}`, other: `(?:mag|liebt)${nun}`, object: "words" },
  {
    predicate: "dislikes",
    own: `${now}(?:hate|dislike|detest)|can(?:'t|’t|not) stand`,
    other: `${now}(?:hates|dislikes|detests)|can(?:'t|’t|not) stand`,
    object: "words",
  },
  { predicate: "dislikes", own: "hasse", other: "hasst", object: "words" },
  { predicate: "married-to", own: `${am}married to`, other: `is ${now}married to`, object: "name" },
  { predicate: "married-to", own: "bin mit", other: "ist mit", after: "verheiratet", object: "name" },
  { predicate: "born-in", own: "was born in", other: "was born in", object: "name" },
  { predicate: "birthday", own: "was born on", other: "was born on", object: "day" },
  { predicate: "born-in", own: "bin in", other: "ist in", after: "geboren", object: "name" },
  { predicate: "birthday", own: "bin am", other: "ist am", after: "geboren", object: "day" },
  { predicate: "birthday", own: "habe? am", other: "hat am", after: "Geburtstag", object: "day" },
];

/** What people, animals and others are to the owner, by the words for them. */
export const kin: ReadonlyMap<string, string> = new Map(
  `mother: mother mum mom mama mutter mutti | father: father dad papa vater vati | sister: sister schwester | brother: brother bruder
   son: son sohn | daughter: daughter tochter | wife: wife frau ehefrau | husband: husband mann ehemann | partner: partner partnerin
   girlfriend: girlfriend | boyfriend: boyfriend | friend: friend freund freundin | fiance: fiancé fiancée verlobter verlobte
   aunt: aunt tante | uncle: uncle onkel | cousin: cousin cousine | niece: niece nichte | nephew: nephew neffe
   grandmother: grandmother grandma granny oma großmutter | grandfather: grandfather grandpa opa großvater | child: child kid kind
   boss: boss manager chef chefin | colleague: colleague coworker kollege kollegin | neighbour: neighbour neighbor nachbar nachbarin
   flatmate: flatmate roommate mitbewohner mitbewohnerin | landlord: landlord landlady vermieter vermieterin
   doctor: doctor arzt ärztin hausarzt hausärztin | dentist: dentist zahnarzt zahnärztin | teacher: teacher lehrer lehrerin
   dog: dog hund hündin | cat: cat katze kater | horse: horse pferd | rabbit: rabbit hase kaninchen`
    .split(/[|\n]/)
    .flatMap((row) => {
      const [what = "", all = ""] = row.trim().split(": ");
      return all.split(" ").map((word): [string, string] => [word, what]);
    }),
);

/** Traits that "I am" may tell, of many words that it may not. */
export const traits =
  "vegetarian|vegan|pescatarian|diabetic|coeliac|celiac|asthmatic|epileptic|left-handed|lactose.intolerant|gluten.intolerant|colou?r.?blind|teetotal|Vegetarier(?:in)?|Veganer(?:in)?|Diabetiker(?:in)?|Linkshänder(?:in)?|vegetarisch|laktoseintolerant|glutenunverträglich|farbenblind";
