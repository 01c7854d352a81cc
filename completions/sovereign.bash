# bash completion for sovereign, made from its command model: sovereign completion bash
# shellcheck shell=bash disable=SC2207

_sovereign_words() { COMPREPLY=($(compgen -W "$1" -- "$cur")); }

_sovereign_files() {
  local IFS=$'\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen "$1" -- "$cur"))
}

# Names that only a running daemon knows; without one there are none. They are somebody's
# data: compgen -W would expand them.
_sovereign_ask() {
  local name
  while IFS= read -r name; do
    [[ $name == "$cur"* ]] && printf -v name %q "$name" && COMPREPLY+=("$name")
  done < <("$program" ${home:+--home "$home"} __complete "$1" ${cur:+"$cur"} 2>/dev/null </dev/null)
}

# Whether option $2 of command $1 is followed by a value.
_sovereign_takes() {
  case "$1 $2" in
    *' --timeout' | \
      *' --home' | \
      *' --color' | \
      'query -f' | \
      'query --file' | \
      'query -I' | \
      'query --include-dir' | \
      'query --as-of' | \
      'query --limit' | \
      'query --format' | \
      'query --at' | \
      'query --max-tuples' | \
      'query --max-memory' | \
      'query --fuel' | \
      'why --format' | \
      'why --depth' | \
      'why --limit' | \
      'why -f' | \
      'why --file' | \
      'why -I' | \
      'why --include-dir' | \
      'why --as-of' | \
      'why --max-tuples' | \
      'why --max-memory' | \
      'why --fuel' | \
      'why --at' | \
      'whynot -f' | \
      'whynot --file' | \
      'whynot -I' | \
      'whynot --include-dir' | \
      'whynot --as-of' | \
      'whynot --max-tuples' | \
      'whynot --max-memory' | \
      'whynot --fuel' | \
      'log --limit' | \
      'log --before' | \
      'assert -f' | \
      'assert --file' | \
      'assert --reason' | \
      'retract -f' | \
      'retract --file' | \
      'retract --reason' | \
      'import --into' | \
      'import --format' | \
      'import --columns' | \
      'export -o' | \
      'export --output' | \
      'export --format' | \
      'export --as-of' | \
      'rules graph --format' | \
      'run -F' | \
      'run --fact-dir' | \
      'run -D' | \
      'run --output-dir' | \
      'run -I' | \
      'run --include-dir' | \
      'run -j' | \
      'run --jobs' | \
      'run --profile-file' | \
      'run --engine' | \
      'run --max-tuples' | \
      'run --max-memory' | \
      'run --fuel' | \
      'check -I' | \
      'check --include-dir' | \
      'skill install --grant' | \
      'skill run --input' | \
      'skill run --invoke' | \
      'skill run --fuel' | \
      'skill new --lang' | \
      'key new --out' | \
      'key rotate --from' | \
      'peer discover --wait' | \
      'peer map --format' | \
      'peer allow --name' | \
      'peer ping -c' | \
      'peer ping --count' | \
      'peer perf --size' | \
      'mesh run --listen' | \
      'mesh run --key' | \
      'mesh run --identity' | \
      'mesh run --connect' | \
      'mesh run --allow' | \
      'mesh run --max-connections' | \
      'license request --address' | \
      'license request --sats' | \
      'license request --network' | \
      'license request --confirmations' | \
      'license request --qr' | \
      'license activate --height' | \
      'license verify --address' | \
      'license verify --sats' | \
      'license verify --network' | \
      'license verify --confirmations' | \
      'license verify --machine-id' | \
      'license verify --payload' | \
      'license check --tx' | \
      'license check --address' | \
      'license check --sats' | \
      'license check --network' | \
      'license check --confirmations' | \
      'license check --machine-id' | \
      'license check --payload' | \
      'license explain --address' | \
      'license explain --sats' | \
      'license explain --network' | \
      'license explain --confirmations' | \
      'license explain --machine-id' | \
      'license explain --payload' | \
      'status --format' | \
      'status --at' | \
      'daemon run --idle' | \
      'daemon logs -n' | \
      'daemon logs --lines' | \
      'daemon install --as') return 0 ;;
  esac
  return 1
}

_sovereign() {
  local cur=${COMP_WORDS[COMP_CWORD]} program=${COMP_WORDS[0]}
  local command='' count=0 expects='' ended='' home='' i word
  COMPREPLY=()
  [[ $cur == = ]] && cur=''
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    [[ $word == = ]] && continue
    if [[ $expects ]]; then
      [[ $expects == --home ]] && home=$word
      expects=''
    elif [[ $word == -- && ! $ended ]]; then
      ended=1
    elif [[ $word == -?* && ! $ended ]]; then
      _sovereign_takes "$command" "$word" && expects=$word
    elif [[ ! $command ]]; then
      command=$word
    else
      case $command in
        rules | skill | store | key | peer | license | mesh | daemon | config) command="$command $word" ;;
        *) count=$((count + 1)) ;;
      esac
    fi
  done

  if [[ $expects ]]; then
    case "$command $expects" in
      *' --home') _sovereign_files -d ;;
      *' --color') _sovereign_words 'always auto never' ;;
      'query -f' | 'query --file') _sovereign_files -f ;;
      'query -I' | 'query --include-dir') _sovereign_files -d ;;
      'query --format') _sovereign_words 'table tsv csv json jsonl' ;;
      'query --at') _sovereign_ask peers ;;
      'why --format') _sovereign_words 'tree json dot mermaid' ;;
      'why -f' | 'why --file') _sovereign_files -f ;;
      'why -I' | 'why --include-dir') _sovereign_files -d ;;
      'whynot -f' | 'whynot --file') _sovereign_files -f ;;
      'whynot -I' | 'whynot --include-dir') _sovereign_files -d ;;
      'assert -f' | 'assert --file') _sovereign_files -f ;;
      'retract -f' | 'retract --file') _sovereign_files -f ;;
      'import --into') _sovereign_ask relations ;;
      'import --format') _sovereign_words 'csv tsv jsonl facts' ;;
      'export -o' | 'export --output') _sovereign_files -f ;;
      'export --format') _sovereign_words 'csv tsv jsonl json facts' ;;
      'rules graph --format') _sovereign_words 'tree dot mermaid svg' ;;
      'run -F' | 'run --fact-dir') _sovereign_files -d ;;
      'run -D' | 'run --output-dir') _sovereign_files -d ;;
      'run -I' | 'run --include-dir') _sovereign_files -d ;;
      'run --profile-file') _sovereign_files -f ;;
      'run --engine') _sovereign_words 'auto interpreter' ;;
      'check -I' | 'check --include-dir') _sovereign_files -d ;;
      'skill install --grant') _sovereign_words 'all none' ;;
      'skill new --lang') _sovereign_words 'c rust go js' ;;
      'key new --out') _sovereign_files -f ;;
      'key rotate --from') _sovereign_files -f ;;
      'peer map --format') _sovereign_words 'tree dot mermaid' ;;
      'mesh run --key') _sovereign_files -f ;;
      'mesh run --identity') _sovereign_files -f ;;
      'license request --network') _sovereign_words 'mainnet testnet testnet4 signet regtest' ;;
      'license request --qr') _sovereign_words 'always auto never' ;;
      'license verify --network') _sovereign_words 'mainnet testnet testnet4 signet regtest' ;;
      'license check --tx') _sovereign_files -f ;;
      'license check --network') _sovereign_words 'mainnet testnet testnet4 signet regtest' ;;
      'license explain --network') _sovereign_words 'mainnet testnet testnet4 signet regtest' ;;
      'status --format') _sovereign_words 'text prometheus' ;;
    esac
    return
  fi

  if [[ $cur == -* && ! $ended ]]; then
    local options='-q --quiet -v --verbose --timeout --home --no-daemon-start --color --json --header -h --help'
    case $command in
      '') options+=' --version' ;;
      'query') options+=' -f --file -I --include-dir --as-of --limit --format --why --at --explain-plan --max-tuples --max-memory --fuel' ;;
      'why') options+=' --format --depth --limit --all -f --file -I --include-dir --as-of --max-tuples --max-memory --fuel --at' ;;
      'whynot') options+=' -f --file -I --include-dir --as-of --max-tuples --max-memory --fuel' ;;
      'log') options+=' --limit --before' ;;
      'assert') options+=' -f --file --reason' ;;
      'retract') options+=' -f --file --reason --all-matching' ;;
      'import') options+=' --into --format --columns --dry-run --skip-bad-rows' ;;
      'export') options+=' -o --output --format --as-of' ;;
      'rules graph') options+=' --format' ;;
      'run') options+=' -F --fact-dir -D --output-dir -I --include-dir -j --jobs --profile --profile-file --engine --explain-plan --max-tuples --max-memory --fuel' ;;
      'check') options+=' -I --include-dir' ;;
      'skill install') options+=' --grant --force' ;;
      'skill run') options+=' --input --invoke --fuel' ;;
      'skill new') options+=' --lang' ;;
      'key new') options+=' --out' ;;
      'key rotate') options+=' --from' ;;
      'peer discover') options+=' --wait' ;;
      'peer map') options+=' --format' ;;
      'peer allow') options+=' --name' ;;
      'peer ping') options+=' -c --count' ;;
      'peer perf') options+=' --size' ;;
      'mesh run') options+=' --listen --key --identity --connect --allow --max-connections --test-protocols' ;;
      'license id') options+=' --reveal' ;;
      'license request') options+=' --address --sats --network --confirmations --qr' ;;
      'license activate') options+=' --height --no-wait' ;;
      'license verify') options+=' --address --sats --network --confirmations --machine-id --payload' ;;
      'license check') options+=' --tx --address --sats --network --confirmations --machine-id --payload' ;;
      'license explain') options+=' --address --sats --network --confirmations --machine-id --payload' ;;
      'status') options+=' --watch --check --format --at' ;;
      'daemon run') options+=' --idle' ;;
      'daemon logs') options+=' -f --follow -n --lines' ;;
      'daemon install') options+=' --system --as --print --no-start' ;;
      'daemon uninstall') options+=' --system' ;;
    esac
    _sovereign_words "$options"
    return
  fi

  case "$command $count" in
    ' 0') _sovereign_words 'query why whynot relations log history repl assert retract import export rules run check skill store key peer mesh license status daemon doctor config completion version help' ;;
    'rules 0') _sovereign_words 'add list show remove check graph' ;;
    'skill 0') _sovereign_words 'install list show grant revoke run remove new check' ;;
    'store 0') _sovereign_words 'info check backup restore encrypt decrypt rekey compact' ;;
    'key 0') _sovereign_words 'new show rotate id' ;;
    'peer 0') _sovereign_words 'list discover map add remove allow deny ping show perf' ;;
    'license 0') _sovereign_words 'id request activate status verify check import export explain' ;;
    'mesh 0') _sovereign_words 'run' ;;
    'daemon 0') _sovereign_words 'start stop restart run logs install uninstall' ;;
    'config 0') _sovereign_words 'list get set unset edit path' ;;
    'relations 0') _sovereign_ask relations ;;
    'import '*) _sovereign_files -f ;;
    'export 0') _sovereign_ask relations ;;
    'rules add 0') _sovereign_ask modules ;;
    'rules add 1') _sovereign_files -f ;;
    'rules show 0') _sovereign_ask modules ;;
    'rules remove 0') _sovereign_ask modules ;;
    'rules check 0') _sovereign_ask modules ;;
    'rules graph 0') _sovereign_ask modules ;;
    'run 0') _sovereign_files -f ;;
    'check '*) _sovereign_files -f ;;
    'skill install 0') _sovereign_files -f ;;
    'skill show 0') _sovereign_ask skills ;;
    'skill grant 0') _sovereign_ask skills ;;
    'skill revoke 0') _sovereign_ask skills ;;
    'skill run 0') _sovereign_ask skills ;;
    'skill remove 0') _sovereign_ask skills ;;
    'skill check 0') _sovereign_files -f ;;
    'store backup 0') _sovereign_files -f ;;
    'store restore 0') _sovereign_files -f ;;
    'peer remove 0') _sovereign_ask peers ;;
    'peer allow 0') _sovereign_ask peers ;;
    'peer deny 0') _sovereign_ask peers ;;
    'peer ping 0') _sovereign_ask peers ;;
    'peer show 0') _sovereign_ask peers ;;
    'peer perf 0') _sovereign_ask peers ;;
    'license verify 0') _sovereign_files -f ;;
    'license import 0') _sovereign_files -f ;;
    'license export 0') _sovereign_files -f ;;
    'license explain 0') _sovereign_files -f ;;
    'config get 0') _sovereign_ask keys ;;
    'config set 0') _sovereign_ask keys ;;
    'config unset 0') _sovereign_ask keys ;;
    'completion 0') _sovereign_words 'bash zsh fish powershell' ;;
    'help '*) _sovereign_words 'query why whynot relations log history repl assert retract import export rules run check skill store key peer mesh license status daemon doctor config completion version help datalog files policy language formats exit-status environment' ;;
  esac
}

complete -F _sovereign sovereign ./sovereign
