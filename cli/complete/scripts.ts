/** What a shell has to be told, once, so that it asks us for completions. */
export const completionScripts: { readonly [shell in 'bash' | 'zsh' | 'fish']: string } = {
  bash: `# sweetspot completion bash: in ~/.bashrc, source <(sweetspot completion bash)
_sweetspot() {
  local value
  COMPREPLY=()
  compopt +o nospace 2> /dev/null
  while IFS= read -r value; do
    COMPREPLY+=("$value")
    # What goes on has no space after it.
    case $value in *[=,@/]) compopt -o nospace 2> /dev/null ;; esac
  done < <("$1" __complete bash -- "\${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2> /dev/null)
}
complete -F _sweetspot sweetspot
`,
  zsh: `#compdef sweetspot
# sweetspot completion zsh: as _sweetspot in a folder of $fpath, or, in ~/.zshrc after compinit,
# source <(sweetspot completion zsh)
_sweetspot() {
  local line value shown
  local -a ended endedShown going goingShown
  while IFS= read -r line; do
    value=\${line%%$'\\t'*}
    shown=$value
    [[ $line == *$'\\t'* ]] && shown="$value  -- \${line#*$'\\t'}"
    shown=\${shown[1,COLUMNS-2]}
    if [[ $value == *[=,@/] ]]; then going+=("$value") goingShown+=("$shown")
    else ended+=("$value") endedShown+=("$shown")
    fi
  done < <("\${words[1]}" __complete zsh -- "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2> /dev/null)
  (( $#ended )) && compadd -l -d endedShown -a ended
  (( $#going )) && compadd -l -S '' -d goingShown -a going
}
if [[ $funcstack[1] == _sweetspot ]]; then _sweetspot "$@"; else compdef _sweetspot sweetspot; fi
`,
  fish: `# sweetspot completion fish > ~/.config/fish/completions/sweetspot.fish
function __sweetspot_complete
    set -l words (commandline -opc)
    $words[1] __complete fish -- $words[2..-1] (commandline -ct) 2> /dev/null
end
complete -c sweetspot -f -a '(__sweetspot_complete)'
`,
};
