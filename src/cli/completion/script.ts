/**
 * The script that a shell loads to complete `sglab …`. It calls `sglab complete`, so that it never has to be generated
 * again.
 */

export type ShellName = 'bash' | 'zsh';

/** The candidates are quoted because a security group's name may contain something that bash would run. */
const BASH = `# bash completion of sglab: source <(sglab completion bash)
_sglab() {
  local word lines
  mapfile -t lines < <("$1" complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  COMPREPLY=()
  for word in "\${lines[@]:1}"; do COMPREPLY+=("$(printf %q "$word")"); done
  if [[ \${lines[0]} == files ]]; then compopt -o default; fi
}
complete -F _sglab sglab
`;

const ZSH = `#compdef sglab
# zsh completion of sglab: source <(sglab completion zsh), or this text as a file _sglab in a folder of $fpath
_sglab() {
  local -a lines
  lines=("\${(@f)$("\${(Q)words[1]}" complete -- "\${(@Q)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)}")
  if (( $#lines > 1 )); then compadd -- "\${(@)lines[2,-1]}"; fi
  if [[ $lines[1] == files ]]; then _files; fi
}
if [[ $funcstack[1] == _sglab ]]; then _sglab "$@"; else compdef _sglab sglab; fi
`;

export function completionScript(shell: ShellName): string {
  return { bash: BASH, zsh: ZSH }[shell];
}
