import type { CompletionNode } from "./nodes.ts";
import { quoted, written } from "./shell-words.ts";

/** To be autoloaded from a folder in \`fpath\`, or sourced after \`compinit\`. */
export function zshScript(nodes: readonly CompletionNode[]): string {
  return `#compdef mh
# zsh completion for mh. Made by \`mh completion zsh\`.
_mh_node() {
  subs=() flags=() args=() taking=()
  case $1 in
${nodes.map(entry).join("\n")}
    (*) return 1 ;;
  esac
}

_mh_words() {
  if [[ $1 == @file ]]; then
    _files
  else
    compadd -- \${=1}
  fi
}

_mh() {
  local word at= prev= n count=0 cur=\${words[CURRENT]}
  local -a subs flags args
  local -A taking
  _mh_node ''
  for ((n = 2; n < CURRENT; n++)); do
    word=\${words[n]} prev=
    if [[ $word == -* ]]; then
      if ((\${+taking[$word]})); then
        prev=$word
        ((++n < CURRENT)) && prev=
      fi
    elif ((\${subs[(I)\${word}:*]})); then
      at=\${at:+$at }$word
      _mh_node $at
    else
      ((count++))
    fi
  done
  if [[ -n $prev ]]; then
    _mh_words \${taking[$prev]}
  elif [[ $cur == -* ]]; then
    _describe option flags
  elif ((\${#subs} && count == 0)); then
    _describe command subs
  elif ((\${#args})); then
    _mh_words \${args[count + 1]-\${args[-1]}}
  fi
}

if [[ $funcstack[1] == _mh ]]; then _mh "$@"; else compdef _mh mh; fi
`;
}

function entry({ path, subs, flags, args }: CompletionNode): string {
  const named = subs.map(({ name, summary }) => described(name, summary)).join(" ");
  const all = flags.map(({ flag, summary }) => described(flag, summary)).join(" ");
  const values = args.map((value) => quoted(written(value))).join(" ");
  const taking = flags.flatMap(({ flag, value }) => (value ? [`${quoted(flag)} ${quoted(written(value))}`] : []));
  return `    (${quoted(path)}) subs=(${named}) flags=(${all}) args=(${values}) taking=(${taking.join(" ")}) ;;`;
}

const described = (name: string, summary: string): string =>
  quoted(`${name.replaceAll(":", "\\:")}:${summary.replaceAll(":", "\\:")}`);
