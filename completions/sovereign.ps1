# PowerShell completion for sovereign, made from its command model: sovereign completion powershell

Register-ArgumentCompleter -Native -CommandName sovereign -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $groups = @('rules', 'skill', 'store', 'key', 'peer', 'license', 'mesh', 'daemon', 'config')
    $first = @('query', 'why', 'whynot', 'relations', 'log', 'history', 'repl', 'assert', 'retract', 'import', 'export', 'rules', 'run', 'check', 'skill', 'store', 'key', 'peer', 'mesh', 'license', 'status', 'daemon', 'doctor', 'config', 'completion', 'version', 'help')
    $second = @{
        'rules' = @('add', 'list', 'show', 'remove', 'check', 'graph')
        'skill' = @('install', 'list', 'show', 'grant', 'revoke', 'run', 'remove', 'new', 'check')
        'store' = @('info', 'check', 'backup', 'restore', 'encrypt', 'decrypt', 'rekey', 'compact')
        'key' = @('new', 'show', 'rotate', 'id')
        'peer' = @('list', 'discover', 'map', 'add', 'remove', 'allow', 'deny', 'ping', 'show', 'perf')
        'license' = @('id', 'request', 'activate', 'status', 'verify', 'check', 'import', 'export', 'explain')
        'mesh' = @('run')
        'daemon' = @('start', 'stop', 'restart', 'run', 'logs', 'install', 'uninstall')
        'config' = @('list', 'get', 'set', 'unset', 'edit', 'path')
    }
    $globals = [ordered]@{
        '-q' = 'flag'
        '--quiet' = 'flag'
        '-v' = 'flag'
        '--verbose' = 'flag'
        '--timeout' = ''
        '--home' = 'file:'
        '--no-daemon-start' = 'flag'
        '--color' = 'always auto never'
        '--json' = 'flag'
        '--header' = 'flag'
        '-h' = 'flag'
        '--help' = 'flag'
    }
    $options = @{
        'query' = [ordered]@{
            '-f' = 'file:'
            '--file' = 'file:'
            '-I' = 'file:'
            '--include-dir' = 'file:'
            '--as-of' = ''
            '--limit' = ''
            '--format' = 'table tsv csv json jsonl'
            '--why' = 'flag'
            '--at' = 'ask:peers'
            '--explain-plan' = 'flag'
            '--max-tuples' = ''
            '--max-memory' = ''
            '--fuel' = ''
        }
        'why' = [ordered]@{
            '--format' = 'tree json dot mermaid'
            '--depth' = ''
            '--limit' = ''
            '--all' = 'flag'
            '-f' = 'file:'
            '--file' = 'file:'
            '-I' = 'file:'
            '--include-dir' = 'file:'
            '--as-of' = ''
            '--max-tuples' = ''
            '--max-memory' = ''
            '--fuel' = ''
            '--at' = ''
        }
        'whynot' = [ordered]@{
            '-f' = 'file:'
            '--file' = 'file:'
            '-I' = 'file:'
            '--include-dir' = 'file:'
            '--as-of' = ''
            '--max-tuples' = ''
            '--max-memory' = ''
            '--fuel' = ''
        }
        'relations' = [ordered]@{
        }
        'log' = [ordered]@{
            '--limit' = ''
            '--before' = ''
        }
        'history' = [ordered]@{
        }
        'repl' = [ordered]@{
        }
        'assert' = [ordered]@{
            '-f' = 'file:'
            '--file' = 'file:'
            '--reason' = ''
        }
        'retract' = [ordered]@{
            '-f' = 'file:'
            '--file' = 'file:'
            '--reason' = ''
            '--all-matching' = 'flag'
        }
        'import' = [ordered]@{
            '--into' = 'ask:relations'
            '--format' = 'csv tsv jsonl facts'
            '--columns' = ''
            '--dry-run' = 'flag'
            '--skip-bad-rows' = 'flag'
        }
        'export' = [ordered]@{
            '-o' = 'file:'
            '--output' = 'file:'
            '--format' = 'csv tsv jsonl json facts'
            '--as-of' = ''
        }
        'rules add' = [ordered]@{
        }
        'rules list' = [ordered]@{
        }
        'rules show' = [ordered]@{
        }
        'rules remove' = [ordered]@{
        }
        'rules check' = [ordered]@{
        }
        'rules graph' = [ordered]@{
            '--format' = 'tree dot mermaid svg'
        }
        'run' = [ordered]@{
            '-F' = 'file:'
            '--fact-dir' = 'file:'
            '-D' = 'file:'
            '--output-dir' = 'file:'
            '-I' = 'file:'
            '--include-dir' = 'file:'
            '-j' = ''
            '--jobs' = ''
            '--profile' = 'flag'
            '--profile-file' = 'file:'
            '--engine' = 'auto interpreter'
            '--explain-plan' = 'flag'
            '--max-tuples' = ''
            '--max-memory' = ''
            '--fuel' = ''
        }
        'check' = [ordered]@{
            '-I' = 'file:'
            '--include-dir' = 'file:'
        }
        'skill install' = [ordered]@{
            '--grant' = 'all none'
            '--force' = 'flag'
        }
        'skill list' = [ordered]@{
        }
        'skill show' = [ordered]@{
        }
        'skill grant' = [ordered]@{
        }
        'skill revoke' = [ordered]@{
        }
        'skill run' = [ordered]@{
            '--input' = ''
            '--invoke' = ''
            '--fuel' = ''
        }
        'skill remove' = [ordered]@{
        }
        'skill new' = [ordered]@{
            '--lang' = 'c rust go js'
        }
        'skill check' = [ordered]@{
        }
        'store info' = [ordered]@{
        }
        'store check' = [ordered]@{
        }
        'store backup' = [ordered]@{
        }
        'store restore' = [ordered]@{
        }
        'store encrypt' = [ordered]@{
        }
        'store decrypt' = [ordered]@{
        }
        'store rekey' = [ordered]@{
        }
        'store compact' = [ordered]@{
        }
        'key new' = [ordered]@{
            '--out' = 'file:'
        }
        'key show' = [ordered]@{
        }
        'key rotate' = [ordered]@{
            '--from' = 'file:'
        }
        'key id' = [ordered]@{
        }
        'peer list' = [ordered]@{
        }
        'peer discover' = [ordered]@{
            '--wait' = ''
        }
        'peer map' = [ordered]@{
            '--format' = 'tree dot mermaid'
        }
        'peer add' = [ordered]@{
        }
        'peer remove' = [ordered]@{
        }
        'peer allow' = [ordered]@{
            '--name' = ''
        }
        'peer deny' = [ordered]@{
        }
        'peer ping' = [ordered]@{
            '-c' = ''
            '--count' = ''
        }
        'peer show' = [ordered]@{
        }
        'peer perf' = [ordered]@{
            '--size' = ''
        }
        'mesh run' = [ordered]@{
            '--listen' = ''
            '--key' = 'file:'
            '--identity' = 'file:'
            '--connect' = ''
            '--allow' = ''
            '--max-connections' = ''
            '--test-protocols' = 'flag'
        }
        'license id' = [ordered]@{
            '--reveal' = 'flag'
        }
        'license request' = [ordered]@{
            '--address' = ''
            '--sats' = ''
            '--network' = 'mainnet testnet testnet4 signet regtest'
            '--confirmations' = ''
            '--qr' = 'always auto never'
        }
        'license activate' = [ordered]@{
            '--height' = ''
            '--no-wait' = 'flag'
        }
        'license status' = [ordered]@{
        }
        'license verify' = [ordered]@{
            '--address' = ''
            '--sats' = ''
            '--network' = 'mainnet testnet testnet4 signet regtest'
            '--confirmations' = ''
            '--machine-id' = ''
            '--payload' = ''
        }
        'license check' = [ordered]@{
            '--tx' = 'file:'
            '--address' = ''
            '--sats' = ''
            '--network' = 'mainnet testnet testnet4 signet regtest'
            '--confirmations' = ''
            '--machine-id' = ''
            '--payload' = ''
        }
        'license import' = [ordered]@{
        }
        'license export' = [ordered]@{
        }
        'license explain' = [ordered]@{
            '--address' = ''
            '--sats' = ''
            '--network' = 'mainnet testnet testnet4 signet regtest'
            '--confirmations' = ''
            '--machine-id' = ''
            '--payload' = ''
        }
        'status' = [ordered]@{
            '--watch' = 'flag'
            '--check' = 'flag'
            '--format' = 'text prometheus'
            '--at' = ''
        }
        'daemon start' = [ordered]@{
        }
        'daemon stop' = [ordered]@{
        }
        'daemon restart' = [ordered]@{
        }
        'daemon run' = [ordered]@{
            '--idle' = ''
        }
        'daemon logs' = [ordered]@{
            '-f' = 'flag'
            '--follow' = 'flag'
            '-n' = ''
            '--lines' = ''
        }
        'daemon install' = [ordered]@{
            '--system' = 'flag'
            '--as' = ''
            '--print' = 'flag'
            '--no-start' = 'flag'
        }
        'daemon uninstall' = [ordered]@{
            '--system' = 'flag'
        }
        'doctor' = [ordered]@{
        }
        'config list' = [ordered]@{
        }
        'config get' = [ordered]@{
        }
        'config set' = [ordered]@{
        }
        'config unset' = [ordered]@{
        }
        'config edit' = [ordered]@{
        }
        'config path' = [ordered]@{
        }
        'completion' = [ordered]@{
        }
        'version' = [ordered]@{
        }
        'help' = [ordered]@{
        }
    }
    $words = @{
        'query' = @('')
        'why' = @('')
        'whynot' = @('')
        'relations' = @('ask:relations')
        'log' = @()
        'history' = @('')
        'repl' = @()
        'assert' = @('')
        'retract' = @('')
        'import' = @('file:')
        'export' = @('ask:relations')
        'rules add' = @('ask:modules', 'file:')
        'rules list' = @()
        'rules show' = @('ask:modules')
        'rules remove' = @('ask:modules')
        'rules check' = @('ask:modules')
        'rules graph' = @('ask:modules')
        'run' = @('file:')
        'check' = @('file:')
        'skill install' = @('file:')
        'skill list' = @()
        'skill show' = @('ask:skills')
        'skill grant' = @('ask:skills', '')
        'skill revoke' = @('ask:skills', '')
        'skill run' = @('ask:skills', '')
        'skill remove' = @('ask:skills')
        'skill new' = @('')
        'skill check' = @('file:')
        'store info' = @()
        'store check' = @()
        'store backup' = @('file:')
        'store restore' = @('file:')
        'store encrypt' = @()
        'store decrypt' = @()
        'store rekey' = @()
        'store compact' = @()
        'key new' = @()
        'key show' = @()
        'key rotate' = @()
        'key id' = @()
        'peer list' = @()
        'peer discover' = @()
        'peer map' = @()
        'peer add' = @('', '')
        'peer remove' = @('ask:peers')
        'peer allow' = @('ask:peers')
        'peer deny' = @('ask:peers')
        'peer ping' = @('ask:peers')
        'peer show' = @('ask:peers')
        'peer perf' = @('ask:peers')
        'mesh run' = @()
        'license id' = @()
        'license request' = @()
        'license activate' = @('')
        'license status' = @()
        'license verify' = @('file:')
        'license check' = @()
        'license import' = @('file:')
        'license export' = @('file:')
        'license explain' = @('file:')
        'status' = @()
        'daemon start' = @()
        'daemon stop' = @()
        'daemon restart' = @()
        'daemon run' = @()
        'daemon logs' = @()
        'daemon install' = @()
        'daemon uninstall' = @()
        'doctor' = @()
        'config list' = @()
        'config get' = @('ask:keys')
        'config set' = @('ask:keys', '')
        'config unset' = @('ask:keys')
        'config edit' = @()
        'config path' = @()
        'completion' = @('bash zsh fish powershell')
        'version' = @()
        'help' = @('query why whynot relations log history repl assert retract import export rules run check skill store key peer mesh license status daemon doctor config completion version help datalog files policy language formats exit-status environment')
    }

    # What is known of a value: '' nothing, 'file:' files, 'ask:KIND' a running daemon's names, else words.
    function Expand([string] $kind) {
        if ($kind.StartsWith('ask:')) { return & $elements[0] '__complete' $kind.Substring(4) 2>$null }
        if ($kind.StartsWith('file:')) { return }
        return $kind.Split(' ', [StringSplitOptions]::RemoveEmptyEntries)
    }

    $elements = @($commandAst.CommandElements | ForEach-Object { $_.ToString() })
    $command = ''
    $count = 0
    $expects = $null
    $last = $elements.Count
    if ($wordToComplete -ne '') { $last-- }
    for ($i = 1; $i -lt $last; $i++) {
        $word = $elements[$i]
        $known = $options[$command]
        if ($null -ne $expects) { $expects = $null }
        elseif ($word.StartsWith('-') -and $word -ne '-') {
            $kind = if ($globals.Contains($word)) { $globals[$word] } elseif ($known -and $known.Contains($word)) { $known[$word] } else { 'flag' }
            if ($kind -ne 'flag') { $expects = $kind }
        }
        elseif ($command -eq '') { $command = $word }
        elseif ($groups -contains $command) { $command = "$command $word" }
        else { $count++ }
    }

    $found = if ($null -ne $expects) { Expand $expects }
    elseif ($wordToComplete.StartsWith('-')) {
        @($globals.Keys) + $(if ($options.ContainsKey($command)) { @($options[$command].Keys) } else { @() })
    }
    elseif ($command -eq '') { $first }
    elseif ($second.ContainsKey($command)) { $second[$command] }
    elseif ($words.ContainsKey($command) -and $words[$command].Count -gt 0) {
        $places = @($words[$command])
        Expand $places[[Math]::Min($count, $places.Count - 1)]
    }
    $found | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
    }
}
