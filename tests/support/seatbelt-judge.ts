/** What a sandboxed process asks of the kernel of macOS: an operation, and what it is about. */
export interface Request {
  operation: string;
  path?: string;
  vnodeType?: string;
  remote?: string;
  target?: "self" | "others";
  name?: string;
}

type Form = string | Form[];

/**
 * Judges requests by a Seatbelt profile as the kernel does: the last rule that matches decides. It knows the forms that
 * mh writes and no others, so that a typing error in a profile is a failure here and no rule that matches nothing.
 */
export function seatbeltJudge(profile: string): (request: Request) => "allow" | "deny" {
  const forms = parse(profile);
  if (JSON.stringify(forms[0]) !== '["version","1"]') throw new Error("The profile does not say its version.");
  const rules = forms.slice(1).map(ruleOf);
  return (request) => {
    const rule = rules.findLast(({ operations, filters }) => {
      const isMeant = operations.some((each) => covers(each, request.operation));
      return isMeant && (filters.length === 0 || filters.some((filter) => matches(filter, request)));
    });
    if (!rule) throw new Error("The profile has no default.");
    return rule.action;
  };
}

interface Rule {
  action: "allow" | "deny";
  operations: string[];
  filters: Form[][];
}

const operationsKnown =
  /^(default|file\*|file-read\*|file-read-metadata|file-map-executable|file-write-(create|data|mode|times|unlink|xattr)|process-exec|process-info\*|signal|sysctl-read|dynamic-code-generation)$/;

function ruleOf(form: Form): Rule {
  if (!Array.isArray(form)) throw new Error(`${form} is no rule.`);
  const [action, ...rest] = form;
  if (action === "when") return ruleOf(rest[1] ?? "");
  if (action !== "allow" && action !== "deny") throw new Error(`${String(action)} is no action.`);
  const operations = rest.filter((each) => typeof each === "string");
  const unknown = operations.find((each) => !operationsKnown.test(each));
  if (unknown !== undefined) throw new Error(`There is no operation ${unknown}.`);
  return { action, operations, filters: rest.filter((each) => Array.isArray(each)) };
}

const covers = (pattern: string, operation: string): boolean =>
  pattern === "default" || (pattern.endsWith("*") ? operation.startsWith(pattern.slice(0, -1)) : pattern === operation);

function matches([kind, ...values]: Form[], request: Request): boolean {
  const [value = ""] = values.map(String);
  switch (kind) {
    case "literal":
      return request.path === value;
    case "subpath":
      return request.path === value || (request.path ?? "").startsWith(`${value}/`);
    case "target":
      return request.target === value;
    case "sysctl-name":
      return request.name === value;
    case "sysctl-name-prefix":
      return (request.name ?? "").startsWith(value);
    case "vnode-type":
      return request.vnodeType === value;
    default:
      throw new Error(`There is no filter ${String(kind)}.`);
  }
}

function parse(text: string): Form[] {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[()]|'?[^\s()"]+/g) ?? [];
  const root: Form[] = [];
  const open: Form[][] = [root];
  for (const token of tokens) {
    const top = open.at(-1) as Form[];
    if (token === "(") {
      const list: Form[] = [];
      top.push(list);
      open.push(list);
    } else if (token === ")") {
      if (open.length === 1) throw new Error("A bracket closes that was not opened.");
      open.pop();
    } else top.push(token.startsWith('"') ? token.slice(1, -1).replace(/\\(.)/g, "$1") : token);
  }
  if (open.length > 1) throw new Error("A bracket is not closed.");
  return root;
}
