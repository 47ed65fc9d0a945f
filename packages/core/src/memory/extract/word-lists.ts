const set = (words: string): ReadonlySet<string> => new Set(words.split(" "));

/** Capitalised words that name nobody and nothing: greetings, kin, titles alone, feasts, months, days, languages. */
export const neverNames = set(
  "i i'm i'll i've i'd god lord mom mum mommy mummy dad daddy mama papa grandma grandpa granny nana auntie aunt uncle " +
    "sir madam ms mr mrs dr hey hi hello bye thanks thank dear cheers congrats congratulations please sorry wow oh ok " +
    "okay yeah yes yep yup nope no haha lol welcome sure cool nice great awesome absolutely totally definitely " +
    "january february march april may june july august september october november december jan feb mar apr jun jul " +
    "aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur " +
    "thurs fri sat sun spring summer autumn fall winter christmas xmas easter thanksgiving halloween hanukkah " +
    "ramadan diwali eid today tomorrow yesterday tonight english german french spanish italian chinese japanese " +
    "russian dutch swedish portuguese korean arabic american british european asian african internet",
);

/** Words that may stand at the beginning of a capitalised run without belonging to the name. */
export const leadingWords = set(
  "a an the this that these those my your his her our their its some any every each no all both and but or so if " +
    "when while since because as at by for from in into of on to with about after before during until i we you he " +
    "she it they there here what who where why how which is are was were am be been do does did have has had can " +
    "could will would shall should may might must let let's just also then now well met meet saw called asked told " +
    "got went love loved hey hi hello thanks thank dear good bye wow oh ok okay yeah yes sorry please congrats happy merry birthday good morning " +
    "evening night",
);

export const honorifics = set("dr mr mrs ms prof professor sir dame aunt auntie uncle grandma grandpa captain");

/** Words before a name that make it a person, and ones that make it a place. */
export const personCues = set(
  "with met called told asked invited thanked emailed texted phoned hugged dear hi hey hello thanks",
);
export const placeCues = set("visited visiting visit in near moved flew");

/** What a person does: after a name that no list knows, it makes the name a person's. */
export const personVerbs = set(
  "said says told asked thinks thought called emailed texted replied wants wanted suggested agreed",
);

/** Words that make a name an organisation's, at its beginning or end. */
export const organisationWords = set(
  "bank university college school hospital clinic inc ltd llc corp gmbh company foundation institute ministry council club",
);

/** Small words inside a name: "Bank of America", "Ludwig van Beethoven". */
export const connectors = set("of de del da di van von der den la le du al bin y e");
