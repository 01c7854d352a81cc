# Starts Sovereign where there is no POSIX shell: what the script `sovereign` does, without start-up caches, which only that one makes.
# In a clone it first builds what is missing or stale; in an installed tree (bin\, lib\, share\) it only runs.
#
#   SOVEREIGN_JAVA_HOME  the JDK (25 or newer) to use; otherwise it is looked for: JAVA_HOME, the usual places, PATH
#   SOVEREIGN_JAVA_OPTS  further options for the JVM, split at spaces
#   SOVEREIGN_MANIFEST   set by a client that starts its daemon: exactly this build, no look at the sources
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 2

function Stop-Launch([string]$message, [string]$code) {
  [Console]::Error.WriteLine("sovereign: error: $message [launcher.$code]")
  exit 3
}

# --- where we are ---
$here = Split-Path -Parent $MyInvocation.MyCommand.Path
$launcher = if ($env:SOVEREIGN_LAUNCHER) { $env:SOVEREIGN_LAUNCHER } else { Join-Path $here 'sovereign.cmd' }
$top = $null
if ($env:SOVEREIGN_MANIFEST) {
  $manifest = $env:SOVEREIGN_MANIFEST
} elseif (Test-Path (Join-Path $here 'pom.xml')) {
  $top = $here
  $manifest = Join-Path $here 'target/dist/lib/current.env'
} else {
  $manifest = Join-Path $here '../lib/current.env'
}

# --- the JDK ---
function Test-Jdk([string]$folder) {
  $release = Join-Path $folder 'release'
  if (-not (Test-Path $release)) { return $false }
  $line = Get-Content $release | Where-Object { $_ -match '^JAVA_VERSION="(\d+)' } | Select-Object -First 1
  return $line -and ($line -match '^JAVA_VERSION="(\d+)') -and ([int]$Matches[1] -ge 25)
}

function Find-Jdk {
  if ($env:SOVEREIGN_JAVA_HOME) {
    if (Test-Jdk $env:SOVEREIGN_JAVA_HOME) { return $env:SOVEREIGN_JAVA_HOME }
    Stop-Launch "SOVEREIGN_JAVA_HOME is `"$env:SOVEREIGN_JAVA_HOME`", which is not a JDK 25 or newer; unset it or set it to one" 'no-jdk'
  }
  $places = @((Join-Path $here '../runtime'), $env:JAVA_HOME)
  foreach ($root in @($env:ProgramFiles, $env:LOCALAPPDATA)) {
    if ($root) {
      foreach ($vendor in @('Eclipse Adoptium', 'Java', 'Microsoft', 'Zulu', 'Amazon Corretto', 'Programs/Eclipse Adoptium')) {
        $folder = Join-Path $root $vendor
        if (Test-Path $folder) { $places += Get-ChildItem $folder -Directory | ForEach-Object { $_.FullName } }
      }
    }
  }
  $java = Get-Command java -ErrorAction SilentlyContinue | Select-Object -First 1
  if ($java) { $places += Split-Path -Parent (Split-Path -Parent $java.Source) }
  foreach ($place in $places) {
    if ($place -and (Test-Jdk $place)) { return $place }
  }
  Stop-Launch 'Java 25 or newer is needed and none was found: install one (winget install EclipseAdoptium.Temurin.25.JDK; others: https://adoptium.net) or set SOVEREIGN_JAVA_HOME' 'no-jdk'
}

$jdk = Find-Jdk

# --- building in a clone ---
if ($top) {
  $stale = -not (Test-Path $manifest)
  if (-not $stale) {
    $built = (Get-Item $manifest).LastWriteTimeUtc
    $stale = [bool](Get-ChildItem (Join-Path $top 'src/main'), (Join-Path $top 'src/build'), (Join-Path $top 'pom.xml') -Recurse |
        Where-Object { $_.LastWriteTimeUtc -gt $built } | Select-Object -First 1)
  }
  if ($stale) {
    [Console]::Error.WriteLine('sovereign: building')
    $log = Join-Path $top 'target/launcher-build.log'
    New-Item -ItemType Directory -Force (Join-Path $top 'target') | Out-Null
    $mvn = if (Get-Command mvn -ErrorAction SilentlyContinue) { 'mvn' } else { Join-Path $top 'mvnw.cmd' }
    $env:JAVA25_HOME = $jdk
    if (-not $env:JAVA_HOME) { $env:JAVA_HOME = $jdk }
    Push-Location $top
    & $mvn -B -Plauncher package > $log 2>&1
    $status = $LASTEXITCODE
    Pop-Location
    if ($status -ne 0) { Stop-Launch "the build failed; all of it is in `"$log`"" 'no-build' }
  }
}

# --- what was built ---
if (-not (Test-Path $manifest)) { Stop-Launch "`"$manifest`" is missing; this installation is not whole" 'no-place' }
$lib = Split-Path -Parent (Resolve-Path $manifest).Path
$values = @{}
foreach ($line in Get-Content $manifest) {
  if ($line -match '^([a-z_]+)=(.*)$') { $values[$Matches[1]] = $Matches[2].Trim('"') }
}
# a group is written for the shell, ":$lib/one.jar:$lib/two.jar"
function Get-Group([string]$name) {
  if (-not $values.ContainsKey($name)) { return @() }
  return $values[$name].Split(':') | Where-Object { $_ } | ForEach-Object { Join-Path $lib ($_ -replace '^\$lib/', '') }
}

# --- which JVM: the first word that is not an option decides, as in `sovereign` ---
$words = @()
$skip = $false
foreach ($argument in $args) {
  if ($skip) { $skip = $false; continue }
  if (@('--home', '--timeout', '--color') -ccontains $argument) { $skip = $true }
  elseif (-not $argument.StartsWith('-')) { $words += $argument }
}
$first = if ($words.Count -gt 0) { $words[0] } else { '' }
$second = if ($words.Count -gt 1) { $words[1] } else { '' }
$third = if ($words.Count -gt 2) { $words[2] } else { '' }
$mode = 'client'
if ($first -ceq 'repl' -or ($args.Count -eq 0 -and -not [Console]::IsInputRedirected -and -not [Console]::IsOutputRedirected)) { $mode = 'repl' }
elseif (@('run', 'check', 'mesh') -ccontains $first) { $mode = 'engine' }
elseif ($first -ceq 'daemon' -and $second -ceq 'run') { $mode = 'node' }
elseif ($first -ceq 'license' -and @('id', 'request', 'check', 'verify', 'explain') -ccontains $second) { $mode = 'finance' }
elseif ($first -ceq 'skill' -and ($second -ceq 'check' -or ($second -ceq 'run' -and $third -clike '*.wasm'))) { $mode = 'skill' }

$path = @(Join-Path $lib $values['client_jar'])
$options = @('-XX:-UsePerfData', '-XX:+UseSerialGC', '-Xlog:disable')
$wasm = @('-XX:-DontCompileHugeMethods', '-XX:-ClipInlining')
switch ($mode) {
  'client' { $options += '-XX:TieredStopAtLevel=1' }
  'repl' { $options += @('-XX:TieredStopAtLevel=1', '--enable-native-access=ALL-UNNAMED'); $path += (Get-Group 'repl_cp') + (Get-Group 'finance_cp') }
  'engine' { $options += $wasm + @('-Xmn8m', '--enable-native-access=ALL-UNNAMED'); $path += (Get-Group 'sqlite_cp') + (Get-Group 'skill_cp') }
  'finance' { $path += Get-Group 'finance_cp' }
  'skill' { $options += $wasm + @('-Xmn8m', '--enable-native-access=ALL-UNNAMED'); $path += Get-Group 'skill_cp' }
  'node' { $options += $wasm; foreach ($group in @('store_cp', 'finance_cp', 'skill_cp', 'sqlite_cp', 'machine_cp')) { $path += Get-Group $group } }
}
if ($env:SOVEREIGN_JAVA_OPTS) { $options += $env:SOVEREIGN_JAVA_OPTS.Split(' ') | Where-Object { $_ } }
# which streams are a console: Java knows only whether all are
$terminals = ''
if (-not [Console]::IsInputRedirected) { $terminals += '0' }
if (-not [Console]::IsOutputRedirected) { $terminals += '1' }
if (-not [Console]::IsErrorRedirected) { $terminals += '2' }
$options += @("-Dsovereign.build=$($values['build'])", "-Dsovereign.version=$($values['version'])", "-Dsovereign.launcher=$launcher",
  "-Dsovereign.manifest=$(Join-Path $lib ($values['build'] + '.env'))", "-Dsovereign.terminals=$terminals",
  '-Dstdout.encoding=UTF-8', '-Dstderr.encoding=UTF-8')

# --- go ---
Remove-Item Env:SOVEREIGN_MANIFEST, Env:SOVEREIGN_DETACH, Env:SOVEREIGN_LAUNCHER -ErrorAction SilentlyContinue
try { [Console]::OutputEncoding = [Text.UTF8Encoding]::new($false) } catch { } # no console: a task, a pipe
& (Join-Path $jdk 'bin/java') @options -cp ($path -join [IO.Path]::PathSeparator) dev.sovereign.Main @args
exit $LASTEXITCODE
