// The index takes "walks" and "walked" for one word, but knows nothing of "met". Verbs of everyday notes; those whose other
// forms mean something else as well ("saw", "left", "found") are worth it all the same.
const verbs = `be was were been | become became | begin began begun | bite bit bitten | blow blew blown | break broke broken |
  bring brought | build built | buy bought | catch caught | choose chose chosen | come came | cost | cut | dig dug | do did
  done | draw drew drawn | drink drank drunk | drive drove driven | eat ate eaten | fall fell fallen | feed fed | feel felt |
  fight fought | find found | fly flew flown | forget forgot forgotten | freeze froze frozen | get got gotten | give gave
  given | go went gone | grow grew grown | hang hung | have had | hear heard | hide hid hidden | hold held | keep kept | know
  knew known | lead led | leave left | lend lent | lose lost | make made | mean meant | meet met | pay paid | ride rode
  ridden | ring rang rung | rise rose risen | run ran | say said | see saw seen | sell sold | send sent | sew sewn | shake
  shook shaken | shoot shot | show shown | sing sang sung | sink sank sunk | sit sat | sleep slept | speak spoke spoken |
  spend spent | stand stood | steal stole stolen | stick stuck | swim swam swum | take took taken | teach taught | tear tore
  torn | tell told | think thought | throw threw thrown | understand understood | wake woke woken | wear wore worn | win won |
  write wrote written`;

const all = verbs.split("|").map((verb) => verb.split(/\s+/).filter(Boolean));
const forms = new Map(
  all.flatMap((each) => each.map((form) => [form, each.filter((other) => other !== form)] as const)),
);

/** The other forms of an irregular English verb, lower case: of "meet", "met". */
export const otherForms = (word: string): readonly string[] => forms.get(word) ?? [];

/** What irregular English verbs are in the past: of "meet", "met". */
export const pastForms: readonly string[] = all.flatMap(([present, ...past]) =>
  past.filter((form) => form !== present),
);
