# The Windows Subsystem for Linux of the user that asks: its distributions, whether they run, and what .wslconfig says of the one virtual
# machine that all of them share. Part of PassBench.psm1. WSL reads .wslconfig when that machine starts, so it is written here only while
# none runs.

Set-Variable -Name WslKey -Option Constant -Value 'HKCU:\SOFTWARE\Microsoft\Windows\CurrentVersion\Lxss'
Set-Variable -Name WslSettings -Option Constant -Value @{
    'config.gpu_support' = 'gpuSupport'
    'config.memory' = 'memory'
    'config.processors' = 'processors'
}

# Name, version and key of each distribution; none where there is no WSL.
function Get-WslDistributions {
    foreach ($entry in @(Read-Guarded { Get-ItemProperty -Path "$WslKey\*" -ErrorAction Stop })) {
        if ($entry.DistributionName) { $entry }
    }
}

# The names of those that run. The program writes UTF-16, which arrives with zeros in between; where none runs it says so in words, which are no
# name that anybody has.
function Get-WslRunning {
    foreach ($line in @(wsl.exe '--list' '--running' '--quiet')) {
        $name = ([string]$line).Replace("`0", '').Trim()
        if ($name -ne '') { $name }
    }
}

function Test-WslRuns {
    $names = @(Get-WslDistributions | ForEach-Object { [string]$_.DistributionName })
    @(Get-WslRunning | Where-Object { $names -ccontains $_ }).Count -gt 0
}

function Get-WslConfigPath {
    Join-Path -Path "$env:USERPROFILE" -ChildPath '.wslconfig'
}

function Get-WslConfigLines {
    $path = Get-WslConfigPath
    if (-not (Test-Path -LiteralPath $path)) { return }
    $text = [string](Get-Content -LiteralPath $path -Raw -Encoding UTF8 -ErrorAction Stop)
    ($text -replace '\r?\n\z', '') -split '\r?\n'
}

# The section of each line, or of those after it, in lower case; "" before the first.
function Get-WslSection {
    param([string]$line, [string]$current)
    if ($line -match '\A\s*\[([^\]]*)\]\s*\z') { $Matches[1].Trim().ToLowerInvariant() } else { $current }
}

# What stands below [wsl2] under this name; 'absent' where nothing does.
function Get-WslConfigText {
    param([string[]]$lines, [string]$name)
    $section = ''
    foreach ($line in $lines) {
        $section = Get-WslSection $line $section
        if ($section -eq 'wsl2' -and $line -match "\A\s*$name\s*=(.*)\z") { return $Matches[1].Trim() }
    }
    'absent'
}

# The lines with this value under the name; 'absent': without it. All others stay as they are.
function Edit-WslConfig {
    param([string[]]$lines, [string]$name, [string]$value)
    $is_new = (Get-WslConfigText $lines $name) -ceq 'absent'
    $is_written = $value -ceq 'absent'
    $section = ''
    foreach ($line in $lines) {
        $section = Get-WslSection $line $section
        $is_it = $section -eq 'wsl2' -and $line -match "\A\s*$name\s*="
        if (-not $is_it) { $line }
        $is_head = $is_new -and $line -match '\A\s*\[wsl2\]\s*\z'
        if (($is_it -or $is_head) -and -not $is_written) {
            "$name=$value"
            $is_written = $true
        }
    }
    if (-not $is_written) { '[wsl2]'; "$name=$value" }
}

# A section without a line has no meaning; one that was added here goes with its last line.
function Remove-EmptyWslSection {
    param([string[]]$lines)
    $kept = @($lines)
    while ($kept.Count -gt 0 -and $kept[-1].Trim() -eq '') { $kept = @($kept | Select-Object -First ($kept.Count - 1)) }
    if ($kept.Count -gt 0 -and $kept[-1].Trim() -eq '[wsl2]') { $kept = @($kept | Select-Object -First ($kept.Count - 1)) }
    $kept
}

# Resource wsl, and one for each distribution; none where there is no WSL.
function Get-PassBenchWsl {
    [CmdletBinding()]
    param()
    $resources = @{}
    $entries = @(Get-WslDistributions)
    if ($entries.Count -gt 0) {
        $lines = @(Get-WslConfigLines)
        $facts = @{}
        foreach ($property in @($WslSettings.Keys)) { $facts[$property] = Get-WslConfigText $lines $WslSettings[$property] }
        $resources['wsl'] = $facts
        $running = @(Get-WslRunning)
        $default = Read-Guarded { Get-RegistryValue $WslKey 'DefaultDistribution' }
        foreach ($entry in $entries) {
            $state = if ($running -ccontains [string]$entry.DistributionName) { 'running' } else { 'stopped' }
            $resources["wsl/$($entry.DistributionName)"] = @{
                version = [int64]$entry.Version
                default = [bool]([string]$entry.PSChildName -eq [string]$default)
                state = $state
            }
        }
    }
    @{ resources = $resources }
}

# Starts a distribution, or ends all that works in it. Where none runs, the machine of the last one may still be there for a minute, with the
# settings of then: it goes first.
function Set-PassBenchWslPower {
    [CmdletBinding()]
    param([string]$distribution, [string]$power)
    Assert-Argument (@('running', 'stopped') -ccontains $power) "power can be 'running' or 'stopped', not '$power'."
    $known = @(Get-WslDistributions | Where-Object { $_.DistributionName -ceq $distribution })
    if ($known.Count -eq 0 -or $distribution -notmatch '\A[A-Za-z0-9][A-Za-z0-9._-]*\z') {
        throw (New-PassBenchError 'PassBench.DistributionNotFound' ObjectNotFound "There is no distribution with the supplied name '$distribution'.")
    }
    if ($power -ceq 'stopped') {
        $words = wsl.exe '--terminate' $distribution
    } else {
        if (-not (Test-WslRuns)) { wsl.exe '--shutdown' | Out-Null }
        $words = wsl.exe '--distribution' $distribution '--exec' '/bin/true'
    }
    if ($LASTEXITCODE) {
        $said = (@($words) -join ' ').Replace("`0", '').Trim()
        throw (New-PassBenchError 'PassBench.WslFailed' InvalidOperation "wsl.exe ended with ${LASTEXITCODE}: $said")
    }
}

# One of three settings of .wslconfig, and no other.
function Set-PassBenchWslSetting {
    [CmdletBinding()]
    param([string]$property, [string]$value)
    Assert-Word 'property' $property @($WslSettings.Keys)
    Assert-Argument ($value -match '\A[\x21-\x7E]([\x20-\x7E]{0,98}[\x21-\x7E])?\z') "'$value' is no value of a setting of WSL."
    if (Test-WslRuns) {
        throw (New-PassBenchError 'PassBench.WslRuns' InvalidOperation 'A distribution of WSL runs, and its settings are read when none does.')
    }
    $lines = @(Edit-WslConfig @(Get-WslConfigLines) $WslSettings[$property] $value)
    if ($value -ceq 'absent') { $lines = @(Remove-EmptyWslSection $lines) }
    $path = Get-WslConfigPath
    if ($lines.Count -gt 0) {
        # Written as UTF-8 without a byte order mark, on all versions of PowerShell.
        New-Item -Path $path -ItemType File -Value (($lines -join "`r`n") + "`r`n") -Force -Confirm:$false -ErrorAction Stop | Out-Null
    } elseif (Test-Path -LiteralPath $path) {
        Remove-Item -LiteralPath $path -Force -Confirm:$false -ErrorAction Stop
    }
}
