/**
 * Why a line of a file from elsewhere is none of the owner's persona: it is said to a machine, or would give something away.
 * `mayOrder`: it stands where owners write what to do, as among goals.
 */
export function reasonToLeave(text: string, mayOrder: boolean): string | undefined {
  const why = reasonToRefuse(text);
  if (why !== undefined) return why;
  if (technical.test(text)) return "it names commands or files";
  if (addressed.test(text)) return "it speaks to a machine";
  if (!mayOrder && imperative.test(text)) return "it is an order to a machine";
  return undefined;
}

/** Why a line has no place in any persona, also where it is meant for a machine. */
function reasonToRefuse(line: string): string | undefined {
  if (secret.test(line)) return "it seems to hold a secret";
  const text = bare(line);
  if (givesOrders(text)) return "it tries to give orders to its reader";
  if ((rights.test(text) && !narrows.test(text)) || germanRights.test(text))
    return "it speaks of what may be done: `mh grant`, `mh trust` and `mh policy` say that";
  return undefined;
}

/** Why lines that follow each other have no place in any persona: each by itself, or with the one before it that has. */
export function reasonsToRefuse(lines: readonly string[]): (string | undefined)[] {
  const reasons = lines.map(reasonToRefuse);
  const kept: number[] = [];
  for (const [n, line] of lines.entries()) {
    // An empty line parts nothing: what is above and below it is read on.
    if (reasons[n] !== undefined || bare(line).trim() === "") continue;
    const before = kept.at(-1);
    const across = before === undefined ? undefined : reasonAcross(lines[before] ?? "", line);
    if (before === undefined || across === undefined) kept.push(n);
    else {
      reasons[before] = across;
      reasons[n] = across;
      kept.pop();
    }
  }
  return reasons;
}

/** The reason, where two lines that follow each other say together what neither says alone. */
function reasonAcross(line: string, next: string): string | undefined {
  const isSaid = [line, next].map(bare).some((text) => givesOrders(text) || speaksOfRights(text));
  return isSaid ? undefined : reasonToRefuse(`${line} ${bare(next)}`);
}

const givesOrders = (text: string): boolean => orders.test(text) || germanOrders.test(text);
const speaksOfRights = (text: string): boolean => rights.test(text) || germanRights.test(text);

/** A line as it is read: without the signs of lists and emphasis, and what nobody sees. */
const bare = (line: string): string =>
  line
    .normalize("NFKC")
    .replace(/[\p{Cf}*_`~]+/gu, "")
    .replace(/\s+/g, " ")
    .replace(/^(?: |[-+>#|]|\d{1,9}[.)](?= )|\[[ xX]?\](?= ))+/, "");

/** Whether a text speaks to the one who reads it, and is no word about its owner. */
export const isAddressed = (text: string): boolean => addressed.test(text);

const secret =
  /(?:api[ _-]?key|pass(?:word|phrase)|secret|token|credential)s?\b[^\n]{0,20}[:=]\s*\S|\b(?:sk|ghp|xox[bp])[-_][\w-]{16}/i;
const orders =
  /\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:previous|prior|above|earlier|all|any|other|these|those|instructions?|rules?|polic\w+)\b|\b(?:system prompt|developer mode|jailbreak|new instructions?)\b/i;
const rights =
  /\b(?:allow(?:s|ed)?|permi(?:t|ts|tted|ssions?)|grant(?:s|ed)?|(?:auto-?)?approv(?:e|es|ed|al)|authori[sz]ed?|bypass|sudo|(?:full|root|unrestricted|unlimited) (?:access|rights?|control)|without (?:asking|approval|confirmation|permission|consent)|no (?:approval|confirmation|permission)|(?:don['’]t|never|do not) ask|trust (?:all|every\w*|any\w*))\b/i;
// In English alone, where the verb stands in front: a German line that speaks of rights is left out, whichever way it goes.
const narrows =
  /^(?:never|do not|don['’]t|must not) (?!(?:ask|need|require|wait|mind|hesitate|refuse|reject|den(?:y|ies)|block|stop|prevent|forget|fail|question|delay|decline|withhold|pause|hold|skip|avoid|worry|bother)\b)(?!.*[.;:!?,–—]\s*\S)(?!.*\b(?:and|but|then|just|instead|bypass|unrestricted|unlimited)\b)(?:(?:auto-?)?(?:approve|allow|permit|grant|authori[sz]e|trust|give any\w*)\b|.*\bwithout (?:(?:my|prior|explicit) )?(?:asking|approval|confirmation|permission|consent)\b)/i;
const germanOrders =
  /\b(?:ignorier|missacht|vergiss|vergesst|umgeh)\w*\b.{0,40}\b(?:alle[nrms]?|andere\w*|vorherige\w*|bisherige\w*|obige\w*|frühere\w*|anweisung\w*|anordnung\w*|regeln?|vorgaben?|richtlinien?)\b|\bneue anweisung(?:en)?\b/i;
const germanRights =
  /\b(?:erlaub|gestatt|genehmig|bewillig|berechtig|freigeb|freigegeben|bevollmächtig)\w*|\b(?:darfst|dürft|vollzugriff|volle[nr]? (?:zugriff|zugang|rechte|kontrolle)|uneingeschränkt\w*)\b|\bohne (?:\w+ )?(?:nachfrag|nachzufragen|rückfrag|zu fragen|zustimmung|bestätigung|einwilligung|freigabe)|\bkeine? (?:\w+ )?(?:nachfrag|rückfrag|zustimmung|bestätigung|einwilligung|freigabe)|\b(?:frage?t?|nachfragen) (?:mich |uns )?(?:nie|niemals|nicht)\b|\b(?:nie|niemals|nicht) (?:nach)?(?:zu)?fragen\b|\bvertrau\w* (?:alle[mnr]?|jede[mnr]?)\b/i;
const technical =
  /`[^`]+`|(?<![\w-])[\w-]+\.(?:md|ts|tsx|js|mjs|py|rs|go|sh|json|jsonl|ya?ml|toml|env|lock|sql|db)\b|(?:^|\s)(?:~|\.{1,2})?\/[\w.-]+\/[\w./-]*|(?:^|\s)--[a-z][\w-]+|\$\{?[A-Z_]{3,}|(?:https?|file|ssh):\/\/.*\b(?:curl|wget|fetch|download|install|send|post|upload)\b|\b(?:curl|wget|npm|npx|pip|git|docker|bash)\s+[\w-]+/i;
const addressed =
  /\b(?:you(?:['’](?:re|ll|ve|d))?|yourself|your (?:job|task|role|purpose|goal|memory|memories|tools?|skills?|workspace|context|output|answers?|responses?|human|user|owner|soul|identity|name|vibe|files?|session|instructions?))\b|\bthe (?:assistant|agent|model|ai|bot)\b/i;
const imperative =
  /^(?:(?:always|please|first|then|just|only|never|do not|don['’]t)[ ,]+)*(?:read|run|use|execute|install|call|fetch|open|send|post|write|edit|delete|remove|create|update|commit|push|load|check|search|reply|respond|answer|follow|obey|remember|save|store|log|report|return|output|respect|treat|assume|act|behave|visit|download|upload|learn|keep)\b/i;
