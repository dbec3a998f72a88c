# Holds PassBench.psm1 and its runner to the transcripts of this folder (README.md), with all cmdlets that touch a host mocked from
# the same files: nothing of this machine is asked or changed. One command, on Windows PowerShell 5.1 or PowerShell 7 of any system:
#   powershell.exe -NoProfile -ExecutionPolicy Bypass -File run.ps1
# Exit code 0: all hold. It has not been run by those who wrote it, who have no PowerShell: what fails in this file itself is a fault of
# this file. A case that says "held": ["simulated"] is left out.
param([string]$Folder = $PSScriptRoot)

$ErrorActionPreference = 'Stop'
. (Join-Path -Path $PSScriptRoot -ChildPath '../PassBench.Runner.ps1') -Library

$global:MockedCalls = @()
$global:MockedNext = 0
$global:MockedProblems = @()

# The value as a text that two equal values share.
function global:ConvertTo-Comparable {
    param($value)
    if ($null -eq $value) { return 'null' }
    if ($value -is [datetime]) { return $value.ToUniversalTime().ToString('o', [Globalization.CultureInfo]::InvariantCulture) }
    if ($value -is [bool]) { return ([string]$value).ToLowerInvariant() }
    [string]$value
}

# A pattern where * stands for any text and nothing else is special.
function global:Test-Like {
    param([string]$pattern, [string]$text)
    $parts = @($pattern -split '\*' | ForEach-Object { [regex]::Escape($_) })
    $text -cmatch ('\A(?s)' + ($parts -join '.*') + '\z')
}

function global:Test-Kind {
    param([string]$kind, $value)
    switch ($kind) {
        'text' { return $value -is [string] }
        'int' { return $value -is [int] -or $value -is [long] -or $value -is [uint32] -or $value -is [uint64] }
        'bool' { return $value -is [bool] }
        'list' { return $value -is [array] }
        'null' { return $null -eq $value }
        'anything' { return $true }
    }
    $false
}

function global:Get-MemberValue {
    param($value, [string]$name)
    if ($value -is [System.Collections.IDictionary]) { return $value[$name] }
    $value.$name
}

# Whether the value is what the transcript expects; the forms "any", "like" and "some" are in README.md.
function global:Test-Expected {
    param($expected, $value)
    if ($null -eq $expected) { return $null -eq $value }
    if ($expected -is [array]) {
        $values = @($value)
        if ($values.Count -ne $expected.Count) { return $false }
        for ($index = 0; $index -lt $expected.Count; $index++) {
            if (-not (Test-Expected $expected[$index] $values[$index])) { return $false }
        }
        return $true
    }
    if ($expected -is [System.Management.Automation.PSCustomObject]) {
        $names = @($expected.PSObject.Properties | ForEach-Object { $_.Name })
        if ($names.Count -eq 1 -and $names[0] -ceq 'any') { return Test-Kind $expected.any $value }
        if ($names.Count -eq 1 -and $names[0] -ceq 'like') { return Test-Like $expected.like ([string]$value) }
        $is_some = $names.Count -eq 1 -and $names[0] -ceq 'some'
        if ($is_some) { $expected = $expected.some; $names = @($expected.PSObject.Properties | ForEach-Object { $_.Name }) }
        if ($null -eq $value) { return $false }
        foreach ($name in $names) {
            if (-not (Test-Expected $expected.$name (Get-MemberValue $value $name))) { return $false }
        }
        if ($is_some -or -not ($value -is [System.Management.Automation.PSCustomObject])) { return $true }
        return @($value.PSObject.Properties).Count -eq $names.Count
    }
    (ConvertTo-Comparable $expected) -ceq (ConvertTo-Comparable $value)
}

# The arguments of a mocked command as a table: "-VM", object, "-Force:", true; a program's as one list.
function global:ConvertTo-ArgumentTable {
    param([object[]]$given)
    $table = @{}
    $rest = @()
    for ($index = 0; $index -lt $given.Count; $index++) {
        $word = $given[$index]
        if (-not ($word -is [string] -and $word -cmatch '\A-[A-Za-z]+:?\z')) { $rest += $word; continue }
        $name = $word.Trim('-', ':')
        $is_last = $index + 1 -ge $given.Count
        $is_switch = $is_last -or ($given[$index + 1] -is [string] -and $given[$index + 1] -cmatch '\A-[A-Za-z]+:?\z' -and -not $word.EndsWith(':'))
        if ($is_switch) { $table[$name] = $true } else { $index++; $table[$name] = $given[$index] }
    }
    if ($rest.Count -gt 0) { $table['words'] = $rest }
    $table.Remove('ErrorAction')
    $table.Remove('Confirm')
    # A switch that is off is one that was not given.
    foreach ($name in @($table.Keys)) {
        if ($name -ceq 'Force' -and $table[$name] -eq $false) { $table.Remove($name) }
    }
    $table
}

function global:Test-Arguments {
    param($expected, [hashtable]$given)
    $names = @()
    if ($null -ne $expected) { $names = @($expected.PSObject.Properties | ForEach-Object { $_.Name }) }
    # Not $given.Count: a parameter may have that name.
    if ($names.Count -ne @($given.Keys).Count) { return $false }
    foreach ($name in $names) {
        if (-not $given.ContainsKey($name)) { return $false }
        if (-not (Test-Expected $expected.$name $given[$name])) { return $false }
    }
    $true
}

function global:Stop-Mocked {
    param($failure)
    $message = [string]$failure.message
    if ($failure.hresult) {
        $code = [Convert]::ToInt32([string]$failure.hresult, 16)
        $exception = New-Object -TypeName System.Runtime.InteropServices.COMException -ArgumentList $message, $code
    } else {
        $exception = New-Object -TypeName System.InvalidOperationException -ArgumentList $message
    }
    throw (New-Object -TypeName System.Management.Automation.ErrorRecord -ArgumentList $exception, ([string]$failure.id), ([System.Management.Automation.ErrorCategory]$failure.category), $null)
}

# What every mocked command does: looks its call up, notes it, and answers or fails as the transcript says.
function global:Invoke-Mocked {
    param([string]$name, [object[]]$given)
    $table = ConvertTo-ArgumentTable $given
    foreach ($call in $global:MockedCalls) {
        if ($call.cmdlet -cne $name -or -not (Test-Arguments $call.parameters $table)) { continue }
        if ($call.acts) {
            if ($call.order -ne $global:MockedNext) { $global:MockedProblems += "$name acts out of its order" }
            $global:MockedNext = $call.order + 1
        }
        $call.used = $true
        if ($call.missing) {
            Stop-Mocked ([pscustomobject]@{ message = "The term '$name' is not recognized."; id = 'CommandNotFoundException'; category = 'ObjectNotFound'; hresult = $null })
        }
        if ($null -ne $call.error) { Stop-Mocked $call.error }
        foreach ($object in @($call.answer)) { if ($null -ne $object) { $object } }
        return
    }
    $words = @($table.Keys | Sort-Object | ForEach-Object { "-$_ $($table[$_])" }) -join ' '
    $global:MockedProblems += "a call that is in no transcript: $name $words"
    Stop-Mocked ([pscustomobject]@{ message = "not expected: $name $words"; id = 'NotExpected'; category = 'NotSpecified'; hresult = $null })
}

# The calls of a request, with what is noted of each.
function Get-Calls {
    param($request)
    $order = 0
    foreach ($call in @($request.calls | Where-Object { $null -ne $_ })) {
        $acts = [bool]$call.acts
        [pscustomobject]@{
            cmdlet = [string]$call.cmdlet; parameters = $call.parameters; answer = $call.answer; error = $call.error
            missing = [bool]$call.missing; acts = $acts; order = $order; used = $false
        }
        if ($acts) { $order++ }
    }
}

$known = [System.IO.File]::ReadAllText((Join-Path -Path $PSScriptRoot -ChildPath '../cmdlets.json')) | ConvertFrom-Json
foreach ($property in @($known.cmdlets.PSObject.Properties)) {
    # A function is found before a cmdlet or a program of its name.
    if ($property.Value.host) { Set-Item -LiteralPath "function:global:$($property.Name)" -Value { Invoke-Mocked $MyInvocation.MyCommand.Name $args } }
}

$held = 0
$failed = 0
foreach ($file in @(Get-ChildItem -LiteralPath $Folder -Filter '*.json' | Sort-Object -Property Name)) {
    $transcript = [System.IO.File]::ReadAllText($file.FullName) | ConvertFrom-Json
    foreach ($case in @($transcript.cases)) {
        if ($case.held -and -not (@($case.held) -ccontains 'module')) { continue }
        $problems = @()
        $number = 0
        foreach ($request in @($case.requests)) {
            $number++
            $global:MockedCalls = @(Get-Calls $request)
            $global:MockedNext = 0
            $global:MockedProblems = @()
            $name = if ($request.function) { $request.function } else { $transcript.function }
            $line = ConvertTo-Json -InputObject @{ id = $number; function = $name; arguments = $request.arguments } -Depth 6 -Compress
            $reply = ConvertTo-Line (Get-Reply $line) | ConvertFrom-Json
            $problems += $global:MockedProblems
            $problems += @($global:MockedCalls | Where-Object { -not $_.used } | ForEach-Object { "$($_.cmdlet) was not called" })
            if ($reply.id -ne $number) { $problems += "the reply has the id $($reply.id)" }
            if ($null -ne $reply.error) { $reply.error.id = ([string]$reply.error.id -split ',')[0] }
            $wanted = $request.reply
            $is_met = $reply.ok -eq $wanted.ok
            if ($is_met -and $wanted.ok) { $is_met = Test-Expected $wanted.value $reply.value }
            if ($is_met -and -not $wanted.ok) { $is_met = Test-Expected ([pscustomobject]@{ some = $wanted.error }) $reply.error }
            if (-not $is_met) { $problems += "request $number was answered: $(ConvertTo-Line $reply)" }
        }
        if ($problems.Count -eq 0) { $held++; continue }
        $failed++
        Write-Host "FAILED $($file.Name): $($case.name)"
        foreach ($problem in $problems) { Write-Host "  $problem" }
    }
}
Write-Host "$held cases held, $failed failed"
if ($failed -gt 0 -or $held -eq 0) { exit 1 }
