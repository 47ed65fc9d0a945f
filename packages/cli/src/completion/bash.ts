import type { CompletionNode } from "./nodes.ts";
import { quoted, written } from "./shell-words.ts";

/** Needs bash 3.2, and no bash-completion. */
export function bashScript(nodes: readonly CompletionNode[]): string {
  return `# bash completion for mh. Made by \`mh completion bash\`.
_mh_node() {
  subs= flags= args=() taking=
  case $1 in
${nodes.map(entry).join("\n")}
    *) return 1 ;;
  esac
}

_mh_value() {
  case $1 in
${valueEntries(nodes).join("\n")}
    *) return 1 ;;
  esac
}

_mh() {
  local cur prev word path= n=1 count=0 subs flags taking wanted
  local -a args
  COMPREPLY=()
  cur=\${COMP_WORDS[COMP_CWORD]} prev=
  _mh_node ''
  for ((; n < COMP_CWORD; n++)); do
    word=\${COMP_WORDS[n]} prev=
    case $word in
      -*) case " $taking " in *" $word "*) prev=$word; ((++n < COMP_CWORD)) && prev= ;; esac ;;
      *) if [[ -n $word && " $subs " == *" $word "* ]]; then path=\${path:+$path }$word; _mh_node "$path"; else ((count++)); fi ;;
    esac
  done
  if [[ -n $prev ]]; then
    wanted=$(_mh_value "$path $prev")
  elif [[ $cur == -* ]]; then
    wanted=$flags
  elif [[ -n $subs && $count == 0 ]]; then
    wanted=$subs
  else
    ((\${#args[@]} > 0 && count >= \${#args[@]})) && count=$((\${#args[@]} - 1))
    wanted=\${args[count]-}
  fi
  if [[ $wanted == @file ]]; then
    type compopt &>/dev/null && compopt -o filenames
    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$cur")
  else
    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$wanted" -- "$cur")
    [[ \${#COMPREPLY[@]} == 1 && \${COMPREPLY[0]} == *: ]] && type compopt &>/dev/null && compopt -o nospace
  fi
}

complete -F _mh mh
`;
}

function entry({ path, subs, flags, args }: CompletionNode): string {
  const names = subs.map(({ name }) => name).join(" ");
  const all = flags.map(({ flag }) => flag).join(" ");
  const taking = flags.filter(({ value }) => value).map(({ flag }) => flag);
  const values = args.map((value) => quoted(written(value))).join(" ");
  return `    ${quoted(path)}) subs=${quoted(names)} flags=${quoted(all)} args=(${values}) taking=${quoted(taking.join(" "))} ;;`;
}

function valueEntries(nodes: readonly CompletionNode[]): string[] {
  return nodes.flatMap(({ path, flags }) =>
    flags.flatMap(({ flag, value }) =>
      value && written(value) !== "" ? [`    ${quoted(`${path} ${flag}`)}) echo ${quoted(written(value))} ;;`] : [],
    ),
  );
}
