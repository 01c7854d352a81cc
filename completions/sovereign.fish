# fish completion for sovereign, made from its command model: sovereign completion fish

# Whether the words before the cursor name the command $argv[1]; with $argv[2], that so
# many words follow it.
function __sovereign_at
    set -l command
    set -l count 0
    set -l expects 0
    set -l ended 0
    set -l words (commandline -opc)
    for word in $words[2..-1]
        if test $expects = 1
            set expects 0
        else if test $ended = 0 -a "$word" = --
            set ended 1
        else if test $ended = 0; and string match -q -- '-?*' $word
            if contains -- "$command $word" $__sovereign_valued; or contains -- $word $__sovereign_valued
                set expects 1
            end
        else if test -z "$command"
            set command $word
        else if contains -- "$command" $__sovereign_groups
            set command "$command $word"
        else
            set count (math $count + 1)
        end
    end
    test "$command" = "$argv[1]"; or return 1
    test (count $argv) -lt 2; and return 0
    test "$argv[2]" = any; or test $count = $argv[2]
end

# Names that only a running daemon knows; without one there are none.
function __sovereign_ask
    set -l words (commandline -opc)
    set -l home (string match -- '--home=*' $words)
    if set -l at (contains -i -- --home $words); and test $at -lt (count $words)
        set home --home $words[(math $at + 1)]
    end
    $words[1] $home __complete $argv[1] 2>/dev/null </dev/null
end

set -g __sovereign_groups rules skill store key peer license mesh daemon config
set -g __sovereign_valued \
    '--timeout' \
    '--home' \
    '--color' \
    'query -f' \
    'query --file' \
    'query -I' \
    'query --include-dir' \
    'query --as-of' \
    'query --limit' \
    'query --format' \
    'query --at' \
    'query --max-tuples' \
    'query --max-memory' \
    'query --fuel' \
    'why --format' \
    'why --depth' \
    'why --limit' \
    'why -f' \
    'why --file' \
    'why -I' \
    'why --include-dir' \
    'why --as-of' \
    'why --max-tuples' \
    'why --max-memory' \
    'why --fuel' \
    'why --at' \
    'whynot -f' \
    'whynot --file' \
    'whynot -I' \
    'whynot --include-dir' \
    'whynot --as-of' \
    'whynot --max-tuples' \
    'whynot --max-memory' \
    'whynot --fuel' \
    'log --limit' \
    'log --before' \
    'assert -f' \
    'assert --file' \
    'assert --reason' \
    'retract -f' \
    'retract --file' \
    'retract --reason' \
    'import --into' \
    'import --format' \
    'import --columns' \
    'export -o' \
    'export --output' \
    'export --format' \
    'export --as-of' \
    'rules graph --format' \
    'run -F' \
    'run --fact-dir' \
    'run -D' \
    'run --output-dir' \
    'run -I' \
    'run --include-dir' \
    'run -j' \
    'run --jobs' \
    'run --profile-file' \
    'run --engine' \
    'run --max-tuples' \
    'run --max-memory' \
    'run --fuel' \
    'check -I' \
    'check --include-dir' \
    'skill install --grant' \
    'skill run --input' \
    'skill run --invoke' \
    'skill run --fuel' \
    'skill new --lang' \
    'key new --out' \
    'key rotate --from' \
    'peer discover --wait' \
    'peer map --format' \
    'peer allow --name' \
    'peer ping -c' \
    'peer ping --count' \
    'peer perf --size' \
    'mesh run --listen' \
    'mesh run --key' \
    'mesh run --identity' \
    'mesh run --connect' \
    'mesh run --allow' \
    'mesh run --max-connections' \
    'license request --address' \
    'license request --sats' \
    'license request --network' \
    'license request --confirmations' \
    'license request --qr' \
    'license activate --height' \
    'license verify --address' \
    'license verify --sats' \
    'license verify --network' \
    'license verify --confirmations' \
    'license verify --machine-id' \
    'license verify --payload' \
    'license check --tx' \
    'license check --address' \
    'license check --sats' \
    'license check --network' \
    'license check --confirmations' \
    'license check --machine-id' \
    'license check --payload' \
    'license explain --address' \
    'license explain --sats' \
    'license explain --network' \
    'license explain --confirmations' \
    'license explain --machine-id' \
    'license explain --payload' \
    'status --format' \
    'status --at' \
    'daemon run --idle' \
    'daemon logs -n' \
    'daemon logs --lines' \
    'daemon install --as'

complete -c sovereign -f
complete -c sovereign -s q -l quiet -d 'say nothing but errors'
complete -c sovereign -s v -l verbose -d 'say more: every warning with its place, failures with their cause'
complete -c sovereign -l timeout -x -d 'give up after this long, such as 250ms, 10s or 2m'
complete -c sovereign -l home -x -a '(__fish_complete_directories)' -d 'keep everything in DIR, as SOVEREIGN_HOME does'
complete -c sovereign -l no-daemon-start -d 'fail when no daemon runs instead of starting one'
complete -c sovereign -l color -x -a 'always auto never' -d 'color the output: always, auto or never'
complete -c sovereign -l json -d 'print JSON: one object, or one a line; errors too'
complete -c sovereign -l header -d 'begin rows in a pipe, or a file that is read, with column names'
complete -c sovereign -s h -l help -d 'show this help'
complete -c sovereign -n '__sovereign_at ""' -l version -d 'show the version'
complete -c sovereign -n '__sovereign_at ""' -a query -d 'ask what this node knows'
complete -c sovereign -n '__sovereign_at ""' -a why -d 'show the proof of something that holds'
complete -c sovereign -n '__sovereign_at ""' -a whynot -d 'show which premise of something fails'
complete -c sovereign -n '__sovereign_at ""' -a relations -d 'list relations with types and counts'
complete -c sovereign -n '__sovereign_at ""' -a log -d 'list transactions, newest first'
complete -c sovereign -n '__sovereign_at ""' -a history -d 'show when a fact was asserted and retracted'
complete -c sovereign -n '__sovereign_at ""' -a repl -d 'ask and change at a prompt'
complete -c sovereign -n '__sovereign_at ""' -a assert -d 'add facts'
complete -c sovereign -n '__sovereign_at ""' -a retract -d 'remove facts'
complete -c sovereign -n '__sovereign_at ""' -a import -d 'add the rows of files'
complete -c sovereign -n '__sovereign_at ""' -a export -d 'write a relation or an answer to a file'
complete -c sovereign -n '__sovereign_at ""' -a rules -d 'modules of rules'
complete -c sovereign -n '__sovereign_at ""' -a run -d 'run a program as souffle does'
complete -c sovereign -n '__sovereign_at ""' -a check -d 'report everything that is wrong with programs'
complete -c sovereign -n '__sovereign_at ""' -a skill -d 'programs of other people, on a leash'
complete -c sovereign -n '__sovereign_at ""' -a store -d 'the files that hold what the node knows'
complete -c sovereign -n '__sovereign_at ""' -a key -d 'keys of the node and its network'
complete -c sovereign -n '__sovereign_at ""' -a peer -d 'the other machines of the network'
complete -c sovereign -n '__sovereign_at ""' -a mesh -d 'the private network of one\'s own machines'
complete -c sovereign -n '__sovereign_at ""' -a license -d 'licenses proven by Bitcoin'
complete -c sovereign -n '__sovereign_at ""' -a status -d 'show how the node is doing'
complete -c sovereign -n '__sovereign_at ""' -a daemon -d 'the process that answers'
complete -c sovereign -n '__sovereign_at ""' -a doctor -d 'find what is wrong with this installation'
complete -c sovereign -n '__sovereign_at ""' -a config -d 'settings'
complete -c sovereign -n '__sovereign_at ""' -a completion -d 'print completion for a shell'
complete -c sovereign -n '__sovereign_at ""' -a version -d 'show the version'
complete -c sovereign -n '__sovereign_at ""' -a help -d 'show help on a command or topic'
complete -c sovereign -n '__sovereign_at "rules"' -a add -d 'store a module of rules'
complete -c sovereign -n '__sovereign_at "rules"' -a list -d 'list the modules'
complete -c sovereign -n '__sovereign_at "rules"' -a show -d 'print the program of a module'
complete -c sovereign -n '__sovereign_at "rules"' -a remove -d 'remove a module'
complete -c sovereign -n '__sovereign_at "rules"' -a check -d 'check modules again'
complete -c sovereign -n '__sovereign_at "rules"' -a graph -d 'draw which relation depends on which'
complete -c sovereign -n '__sovereign_at "skill"' -a install -d 'install a skill and say what it may do'
complete -c sovereign -n '__sovereign_at "skill"' -a list -d 'list installed skills'
complete -c sovereign -n '__sovereign_at "skill"' -a show -d 'show what a skill is, asks for and holds'
complete -c sovereign -n '__sovereign_at "skill"' -a grant -d 'give a skill what it asks for'
complete -c sovereign -n '__sovereign_at "skill"' -a revoke -d 'take from a skill what it holds'
complete -c sovereign -n '__sovereign_at "skill"' -a run -d 'run a skill, or call an export of a module'
complete -c sovereign -n '__sovereign_at "skill"' -a remove -d 'remove a skill'
complete -c sovereign -n '__sovereign_at "skill"' -a new -d 'begin a skill of your own'
complete -c sovereign -n '__sovereign_at "skill"' -a check -d 'say what a WebAssembly module is, or why it is refused'
complete -c sovereign -n '__sovereign_at "store"' -a info -d 'show where the store is and what it holds'
complete -c sovereign -n '__sovereign_at "store"' -a check -d 'verify the whole store'
complete -c sovereign -n '__sovereign_at "store"' -a backup -d 'write a backup while work goes on'
complete -c sovereign -n '__sovereign_at "store"' -a restore -d 'put a backup in the place of the store'
complete -c sovereign -n '__sovereign_at "store"' -a encrypt -d 'encrypt the store under store.key'
complete -c sovereign -n '__sovereign_at "store"' -a decrypt -d 'write the store without encryption'
complete -c sovereign -n '__sovereign_at "store"' -a rekey -d 'encrypt the store under a new key'
complete -c sovereign -n '__sovereign_at "store"' -a compact -d 'give back space that is not needed'
complete -c sovereign -n '__sovereign_at "key"' -a new -d 'make a swarm key'
complete -c sovereign -n '__sovereign_at "key"' -a show -d 'show the fingerprint of the swarm key'
complete -c sovereign -n '__sovereign_at "key"' -a rotate -d 'change the swarm key without downtime'
complete -c sovereign -n '__sovereign_at "key"' -a id -d 'print the PeerId of this node'
complete -c sovereign -n '__sovereign_at "peer"' -a list -d 'list the peers and how they are connected'
complete -c sovereign -n '__sovereign_at "peer"' -a discover -d 'ask the LAN who is of this network'
complete -c sovereign -n '__sovereign_at "peer"' -a map -d 'draw this node and its peers'
complete -c sovereign -n '__sovereign_at "peer"' -a add -d 'add a peer and keep it connected'
complete -c sovereign -n '__sovereign_at "peer"' -a remove -d 'forget a peer'
complete -c sovereign -n '__sovereign_at "peer"' -a allow -d 'let a peer stay'
complete -c sovereign -n '__sovereign_at "peer"' -a deny -d 'refuse a peer'
complete -c sovereign -n '__sovereign_at "peer"' -a ping -d 'measure round trips to a peer'
complete -c sovereign -n '__sovereign_at "peer"' -a show -d 'show all that is known about a peer'
complete -c sovereign -n '__sovereign_at "peer"' -a perf -d 'measure throughput to a peer'
complete -c sovereign -n '__sovereign_at "license"' -a id -d 'show what binds a license to this machine'
complete -c sovereign -n '__sovereign_at "license"' -a request -d 'print what to pay, and how'
complete -c sovereign -n '__sovereign_at "license"' -a activate -d 'find the payment, and follow it until it is confirmed'
complete -c sovereign -n '__sovereign_at "license"' -a status -d 'judge the license of this node anew'
complete -c sovereign -n '__sovereign_at "license"' -a verify -d 'verify a proof file, without a network'
complete -c sovereign -n '__sovereign_at "license"' -a check -d 'judge one raw transaction by the rule alone'
complete -c sovereign -n '__sovereign_at "license"' -a import -d 'verify a proof file and store it'
complete -c sovereign -n '__sovereign_at "license"' -a export -d 'write the license as a proof file'
complete -c sovereign -n '__sovereign_at "license"' -a explain -d 'show each check of a proof with its bytes'
complete -c sovereign -n '__sovereign_at "mesh"' -a run -d 'run on the private network alone, in the foreground'
complete -c sovereign -n '__sovereign_at "daemon"' -a start -d 'start the daemon when none runs'
complete -c sovereign -n '__sovereign_at "daemon"' -a stop -d 'stop the daemon'
complete -c sovereign -n '__sovereign_at "daemon"' -a restart -d 'stop the daemon and start it again'
complete -c sovereign -n '__sovereign_at "daemon"' -a run -d 'run the daemon in the foreground'
complete -c sovereign -n '__sovereign_at "daemon"' -a logs -d 'print the log of the daemon'
complete -c sovereign -n '__sovereign_at "daemon"' -a install -d 'make the daemon permanent'
complete -c sovereign -n '__sovereign_at "daemon"' -a uninstall -d 'undo `daemon install`'
complete -c sovereign -n '__sovereign_at "config"' -a list -d 'list all settings and where they come from'
complete -c sovereign -n '__sovereign_at "config"' -a get -d 'print one setting'
complete -c sovereign -n '__sovereign_at "config"' -a set -d 'change a setting'
complete -c sovereign -n '__sovereign_at "config"' -a unset -d 'remove a setting'
complete -c sovereign -n '__sovereign_at "config"' -a edit -d 'open the configuration in an editor'
complete -c sovereign -n '__sovereign_at "config"' -a path -d 'print where the configuration is'

complete -c sovereign -n '__sovereign_at "query"' -s f -l file -r -F -d 'a program for this question only; its .input and .include are relative to its folder'
complete -c sovereign -n '__sovereign_at "query"' -s I -l include-dir -x -a '(__fish_complete_directories)' -d 'look here for .include files that do not lie beside the file that includes them'
complete -c sovereign -n '__sovereign_at "query"' -l as-of -x -d 'ask the facts of that moment: a transaction or an RFC 3339 time'
complete -c sovereign -n '__sovereign_at "query"' -l limit -x -d 'print at most N rows of each query'
complete -c sovereign -n '__sovereign_at "query"' -l format -x -a 'table tsv csv json jsonl' -d 'print rows as table, tsv, csv, json or jsonl; a table in a pipe is tab-separated'
complete -c sovereign -n '__sovereign_at "query"' -l why -d 'print the proof of each row instead of the rows, as why does'
complete -c sovereign -n '__sovereign_at "query"' -l at -x -a '(__sovereign_ask peers)' -d 'ask a peer instead of this node, as far as its policy allows'
complete -c sovereign -n '__sovereign_at "query"' -l explain-plan -d 'print how the query is carried out, after the answer'
complete -c sovereign -n '__sovereign_at "query"' -l max-tuples -x -d 'stop after N derived tuples'
complete -c sovereign -n '__sovereign_at "query"' -l max-memory -x -d 'stop when derived relations hold more than SIZE, such as 500m'
complete -c sovereign -n '__sovereign_at "query"' -l fuel -x -d 'stop after N counted joins: the same on every machine'

complete -c sovereign -n '__sovereign_at "why"' -l format -x -a 'tree json dot mermaid' -d 'print a tree, json, or a graph for dot or mermaid'
complete -c sovereign -n '__sovereign_at "why"' -l depth -x -d 'show N steps from the atom'
complete -c sovereign -n '__sovereign_at "why"' -l limit -x -d 'prove at most N rows of a question'
complete -c sovereign -n '__sovereign_at "why"' -l all -d 'every way in which a rule derives it, instead of the lowest proof'
complete -c sovereign -n '__sovereign_at "why"' -s f -l file -r -F -d 'a program for this question only, as in query'
complete -c sovereign -n '__sovereign_at "why"' -s I -l include-dir -x -a '(__fish_complete_directories)' -d 'look here for .include files that do not lie beside the file that includes them'
complete -c sovereign -n '__sovereign_at "why"' -l as-of -x -d 'ask the facts of that moment: a transaction or an RFC 3339 time'
complete -c sovereign -n '__sovereign_at "why"' -l max-tuples -x -d 'stop after N derived tuples'
complete -c sovereign -n '__sovereign_at "why"' -l max-memory -x -d 'stop when derived relations hold more than SIZE, such as 500m'
complete -c sovereign -n '__sovereign_at "why"' -l fuel -x -d 'stop after N counted joins: the same on every machine'
complete -c sovereign -n '__sovereign_at "why"' -l at -x -d 'ask a peer instead of this node, as far as its policy allows'

complete -c sovereign -n '__sovereign_at "whynot"' -s f -l file -r -F -d 'a program for this question only, as in query'
complete -c sovereign -n '__sovereign_at "whynot"' -s I -l include-dir -x -a '(__fish_complete_directories)' -d 'look here for .include files that do not lie beside the file that includes them'
complete -c sovereign -n '__sovereign_at "whynot"' -l as-of -x -d 'ask the facts of that moment: a transaction or an RFC 3339 time'
complete -c sovereign -n '__sovereign_at "whynot"' -l max-tuples -x -d 'stop after N derived tuples'
complete -c sovereign -n '__sovereign_at "whynot"' -l max-memory -x -d 'stop when derived relations hold more than SIZE, such as 500m'
complete -c sovereign -n '__sovereign_at "whynot"' -l fuel -x -d 'stop after N counted joins: the same on every machine'

complete -c sovereign -n '__sovereign_at "relations" 0' -a '(__sovereign_ask relations)'

complete -c sovereign -n '__sovereign_at "log"' -l limit -x -d 'at most N transactions'
complete -c sovereign -n '__sovereign_at "log"' -l before -x -d 'only transactions before TX'



complete -c sovereign -n '__sovereign_at "assert"' -s f -l file -r -F -d 'the facts of a file'
complete -c sovereign -n '__sovereign_at "assert"' -l reason -x -d 'why; kept with the transaction'

complete -c sovereign -n '__sovereign_at "retract"' -s f -l file -r -F -d 'the facts of a file'
complete -c sovereign -n '__sovereign_at "retract"' -l reason -x -d 'why; kept with the transaction'
complete -c sovereign -n '__sovereign_at "retract"' -l all-matching -d 'remove every fact that matches; needed for variables'

complete -c sovereign -n '__sovereign_at "import"' -l into -x -a '(__sovereign_ask relations)' -d 'the relation that takes the rows'
complete -c sovereign -n '__sovereign_at "import"' -l format -x -a 'csv tsv jsonl facts' -d 'read csv, tsv, jsonl or facts; otherwise each file\'s ending decides'
complete -c sovereign -n '__sovereign_at "import"' -l columns -x -d 'columns to take, in the relation\'s order, with commas between'
complete -c sovereign -n '__sovereign_at "import"' -l dry-run -d 'read and check everything, write nothing'
complete -c sovereign -n '__sovereign_at "import"' -l skip-bad-rows -d 'report rows that do not fit and go on'
complete -c sovereign -n '__sovereign_at "import" any' -F

complete -c sovereign -n '__sovereign_at "export"' -s o -l output -r -F -d 'the file to write, whole or not at all; - is standard output'
complete -c sovereign -n '__sovereign_at "export"' -l format -x -a 'csv tsv jsonl json facts' -d 'write csv, tsv, jsonl, json or facts; otherwise the file\'s ending decides, else tsv'
complete -c sovereign -n '__sovereign_at "export"' -l as-of -x -d 'the facts of that moment: a transaction or an RFC 3339 time'
complete -c sovereign -n '__sovereign_at "export" 0' -a '(__sovereign_ask relations)'

complete -c sovereign -n '__sovereign_at "rules add" 0' -a '(__sovereign_ask modules)'
complete -c sovereign -n '__sovereign_at "rules add" 1' -F


complete -c sovereign -n '__sovereign_at "rules show" 0' -a '(__sovereign_ask modules)'

complete -c sovereign -n '__sovereign_at "rules remove" 0' -a '(__sovereign_ask modules)'

complete -c sovereign -n '__sovereign_at "rules check" 0' -a '(__sovereign_ask modules)'

complete -c sovereign -n '__sovereign_at "rules graph"' -l format -x -a 'tree dot mermaid svg' -d 'draw a tree or a picture (svg), or for dot or mermaid'
complete -c sovereign -n '__sovereign_at "rules graph" 0' -a '(__sovereign_ask modules)'

complete -c sovereign -n '__sovereign_at "run"' -s F -l fact-dir -x -a '(__fish_complete_directories)' -d 'where .input finds its files'
complete -c sovereign -n '__sovereign_at "run"' -s D -l output-dir -x -a '(__fish_complete_directories)' -d 'where .output puts its files; - prints them all'
complete -c sovereign -n '__sovereign_at "run"' -s I -l include-dir -x -a '(__fish_complete_directories)' -d 'look here for .include files that do not lie beside the file that includes them'
complete -c sovereign -n '__sovereign_at "run"' -s j -l jobs -x -d 'threads; 0 is one less than the processors'
complete -c sovereign -n '__sovereign_at "run"' -l profile -d 'print what each rule cost, on standard error'
complete -c sovereign -n '__sovereign_at "run"' -l profile-file -r -F -d 'write what each rule cost to FILE, as JSON'
complete -c sovereign -n '__sovereign_at "run"' -l engine -x -a 'auto interpreter' -d 'how to evaluate: auto or interpreter'
complete -c sovereign -n '__sovereign_at "run"' -l explain-plan -d 'print how the program is carried out instead of running it'
complete -c sovereign -n '__sovereign_at "run"' -l max-tuples -x -d 'stop after N derived tuples'
complete -c sovereign -n '__sovereign_at "run"' -l max-memory -x -d 'stop when derived relations hold more than SIZE, such as 500m'
complete -c sovereign -n '__sovereign_at "run"' -l fuel -x -d 'stop after N counted joins: the same on every machine'
complete -c sovereign -n '__sovereign_at "run" 0' -F

complete -c sovereign -n '__sovereign_at "check"' -s I -l include-dir -x -a '(__fish_complete_directories)' -d 'look here for .include files that do not lie beside the file that includes them'
complete -c sovereign -n '__sovereign_at "check" any' -F

complete -c sovereign -n '__sovereign_at "skill install"' -l grant -x -a 'all none' -d 'agree to this: all, none, or one as it is shown, such as write=alert; may be repeated'
complete -c sovereign -n '__sovereign_at "skill install"' -l force -d 'replace a newer version, the same version with other bytes, or another publisher\'s skill; asks for everything anew'
complete -c sovereign -n '__sovereign_at "skill install" 0' -F


complete -c sovereign -n '__sovereign_at "skill show" 0' -a '(__sovereign_ask skills)'

complete -c sovereign -n '__sovereign_at "skill grant" 0' -a '(__sovereign_ask skills)'

complete -c sovereign -n '__sovereign_at "skill revoke" 0' -a '(__sovereign_ask skills)'

complete -c sovereign -n '__sovereign_at "skill run"' -l input -x -d 'what the skill reads; - is standard input'
complete -c sovereign -n '__sovereign_at "skill run"' -l invoke -x -d 'call this function of a module, which gets no capabilities, without a daemon'
complete -c sovereign -n '__sovereign_at "skill run"' -l fuel -x -d 'stop after N units of fuel'
complete -c sovereign -n '__sovereign_at "skill run" 0' -a '(__sovereign_ask skills)'

complete -c sovereign -n '__sovereign_at "skill remove" 0' -a '(__sovereign_ask skills)'

complete -c sovereign -n '__sovereign_at "skill new"' -l lang -x -a 'c rust go js' -d 'c, rust, go or js'

complete -c sovereign -n '__sovereign_at "skill check" 0' -F



complete -c sovereign -n '__sovereign_at "store backup" 0' -F

complete -c sovereign -n '__sovereign_at "store restore" 0' -F





complete -c sovereign -n '__sovereign_at "key new"' -l out -r -F -d 'write the key to FILE instead of the node\'s own place'


complete -c sovereign -n '__sovereign_at "key rotate"' -l from -r -F -d 'take the key in FILE instead of a fresh one'



complete -c sovereign -n '__sovereign_at "peer discover"' -l wait -x -d 'listen for answers that long, at most 1m; 2s when not said'

complete -c sovereign -n '__sovereign_at "peer map"' -l format -x -a 'tree dot mermaid' -d 'draw a tree, or text for Graphviz or Mermaid'


complete -c sovereign -n '__sovereign_at "peer remove" 0' -a '(__sovereign_ask peers)'

complete -c sovereign -n '__sovereign_at "peer allow"' -l name -x -d 'what to call it'
complete -c sovereign -n '__sovereign_at "peer allow" 0' -a '(__sovereign_ask peers)'

complete -c sovereign -n '__sovereign_at "peer deny" 0' -a '(__sovereign_ask peers)'

complete -c sovereign -n '__sovereign_at "peer ping"' -s c -l count -x -d 'ask N times; 5 when not said'
complete -c sovereign -n '__sovereign_at "peer ping" 0' -a '(__sovereign_ask peers)'

complete -c sovereign -n '__sovereign_at "peer show" 0' -a '(__sovereign_ask peers)'

complete -c sovereign -n '__sovereign_at "peer perf"' -l size -x -d 'send SIZE each way; 64m when not said'
complete -c sovereign -n '__sovereign_at "peer perf" 0' -a '(__sovereign_ask peers)'

complete -c sovereign -n '__sovereign_at "mesh run"' -l listen -x -d 'listen there, such as /ip4/0.0.0.0/tcp/4747; port 0 is any free one'
complete -c sovereign -n '__sovereign_at "mesh run"' -l key -r -F -d 'the swarm key'
complete -c sovereign -n '__sovereign_at "mesh run"' -l identity -r -F -d 'the identity, made when it is missing; without it a new one for this run'
complete -c sovereign -n '__sovereign_at "mesh run"' -l connect -x -d 'dial this peer, and again when it is lost'
complete -c sovereign -n '__sovereign_at "mesh run"' -l allow -x -d 'let this peer stay; without it every holder of the key may'
complete -c sovereign -n '__sovereign_at "mesh run"' -l max-connections -x -d 'connections at once, 256 by default'
complete -c sovereign -n '__sovereign_at "mesh run"' -l test-protocols -d 'serve echo, digest, sink and perf for tests'

complete -c sovereign -n '__sovereign_at "license id"' -l reveal -d 'print the machine id itself, which is confidential'

complete -c sovereign -n '__sovereign_at "license request"' -l address -x -d 'in place of license.address'
complete -c sovereign -n '__sovereign_at "license request"' -l sats -x -d 'in place of license.sats'
complete -c sovereign -n '__sovereign_at "license request"' -l network -x -a 'mainnet testnet testnet4 signet regtest' -d 'in place of license.network'
complete -c sovereign -n '__sovereign_at "license request"' -l confirmations -x -d 'in place of license.confirmations'
complete -c sovereign -n '__sovereign_at "license request"' -l qr -x -a 'always auto never' -d 'draw a QR code of the payment: always, auto (on a terminal) or never'

complete -c sovereign -n '__sovereign_at "license activate"' -l height -x -d 'the height of its block, where servers keep no history, or only peers are asked'
complete -c sovereign -n '__sovereign_at "license activate"' -l no-wait -d 'look once, and leave the rest to the daemon'


complete -c sovereign -n '__sovereign_at "license verify"' -l address -x -d 'in place of license.address'
complete -c sovereign -n '__sovereign_at "license verify"' -l sats -x -d 'in place of license.sats'
complete -c sovereign -n '__sovereign_at "license verify"' -l network -x -a 'mainnet testnet testnet4 signet regtest' -d 'in place of license.network'
complete -c sovereign -n '__sovereign_at "license verify"' -l confirmations -x -d 'in place of license.confirmations'
complete -c sovereign -n '__sovereign_at "license verify"' -l machine-id -x -d 'another machine\'s id'
complete -c sovereign -n '__sovereign_at "license verify"' -l payload -x -d 'another machine\'s payload'
complete -c sovereign -n '__sovereign_at "license verify" 0' -F

complete -c sovereign -n '__sovereign_at "license check"' -l tx -r -F -d 'the raw transaction: hex, or a file of hex or bytes; - is standard input'
complete -c sovereign -n '__sovereign_at "license check"' -l address -x -d 'in place of license.address'
complete -c sovereign -n '__sovereign_at "license check"' -l sats -x -d 'in place of license.sats'
complete -c sovereign -n '__sovereign_at "license check"' -l network -x -a 'mainnet testnet testnet4 signet regtest' -d 'in place of license.network'
complete -c sovereign -n '__sovereign_at "license check"' -l confirmations -x -d 'in place of license.confirmations'
complete -c sovereign -n '__sovereign_at "license check"' -l machine-id -x -d 'another machine\'s id'
complete -c sovereign -n '__sovereign_at "license check"' -l payload -x -d 'another machine\'s payload'

complete -c sovereign -n '__sovereign_at "license import" 0' -F

complete -c sovereign -n '__sovereign_at "license export" 0' -F

complete -c sovereign -n '__sovereign_at "license explain"' -l address -x -d 'in place of license.address'
complete -c sovereign -n '__sovereign_at "license explain"' -l sats -x -d 'in place of license.sats'
complete -c sovereign -n '__sovereign_at "license explain"' -l network -x -a 'mainnet testnet testnet4 signet regtest' -d 'in place of license.network'
complete -c sovereign -n '__sovereign_at "license explain"' -l confirmations -x -d 'in place of license.confirmations'
complete -c sovereign -n '__sovereign_at "license explain"' -l machine-id -x -d 'another machine\'s id'
complete -c sovereign -n '__sovereign_at "license explain"' -l payload -x -d 'another machine\'s payload'
complete -c sovereign -n '__sovereign_at "license explain" 0' -F

complete -c sovereign -n '__sovereign_at "status"' -l watch -d 'show it live, with what changes as curves, until Ctrl-C'
complete -c sovereign -n '__sovereign_at "status"' -l check -d 'for a monitor: start nothing; exit 0 when ready, 1 when degraded, 3 when none runs'
complete -c sovereign -n '__sovereign_at "status"' -l format -x -a 'text prometheus' -d 'print text, or what prometheus reads'
complete -c sovereign -n '__sovereign_at "status"' -l at -x -d 'ask a peer instead of this node, as far as its policy allows'




complete -c sovereign -n '__sovereign_at "daemon run"' -l idle -x -d 'end after so long with nothing to do; 0 is never (default: daemon.idle)'

complete -c sovereign -n '__sovereign_at "daemon logs"' -s f -l follow -d 'go on with what is added, until Ctrl-C'
complete -c sovereign -n '__sovereign_at "daemon logs"' -s n -l lines -x -d 'only the last N lines'

complete -c sovereign -n '__sovereign_at "daemon install"' -l system -d 'install for the whole system, to run without a login (systemd)'
complete -c sovereign -n '__sovereign_at "daemon install"' -l as -x -d 'with --system: whose daemon it is (default: who called sudo)'
complete -c sovereign -n '__sovereign_at "daemon install"' -l print -d 'print the files and change nothing'
complete -c sovereign -n '__sovereign_at "daemon install"' -l no-start -d 'write the files, start nothing'

complete -c sovereign -n '__sovereign_at "daemon uninstall"' -l system -d 'uninstall what `install --system` made'



complete -c sovereign -n '__sovereign_at "config get" 0' -a '(__sovereign_ask keys)'

complete -c sovereign -n '__sovereign_at "config set" 0' -a '(__sovereign_ask keys)'

complete -c sovereign -n '__sovereign_at "config unset" 0' -a '(__sovereign_ask keys)'



complete -c sovereign -n '__sovereign_at "completion" 0' -a 'bash zsh fish powershell'


complete -c sovereign -n '__sovereign_at "help" any' -a 'query why whynot relations log history repl assert retract import export rules run check skill store key peer mesh license status daemon doctor config completion version help datalog files policy language formats exit-status environment'
