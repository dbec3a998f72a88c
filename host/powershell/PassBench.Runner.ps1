# Answers the controller: one line of JSON in, one line of JSON out, until its input ends. Started as
#   powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File PassBench.Runner.ps1
# A line of ours begins with the sentinel; whatever else is on the output is noise to the controller. Only the functions below can be
# called, with the arguments below, which are handed over by splatting: no text that comes in is ever run.
#
# The streams are opened here, as UTF-8 without a byte order mark, because those of the console have its code page. This script
# must not name the automatic variable of pipeline input: PowerShell would read the input itself then.
#
# -Library: only defines what answers a request, for contract/run.ps1.
param([switch]$Library)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$sentinel = '##passbench '
$most_characters = 1048576

$functions = @{
    'Get-PassBenchHost' = @()
    'Get-PassBenchJobs' = @()
    'Set-PassBenchVmPower' = @('vm', 'power', 'how', 'timeout_s')
    'Set-PassBenchVmSetting' = @('vm', 'property', 'value')
    'Disable-PassBenchDevice' = @('instance_id')
    'Enable-PassBenchDevice' = @('instance_id')
    'Dismount-PassBenchDevice' = @('location', 'force')
    'Mount-PassBenchDevice' = @('location')
    'Add-PassBenchDevice' = @('location', 'vm')
    'Remove-PassBenchDevice' = @('location', 'vm')
    'Add-PassBenchGpuPartition' = @('vm', 'path')
    'Remove-PassBenchGpuPartition' = @('vm')
    'Set-PassBenchPolicy' = @('property', 'value')
    'Get-PassBenchGuest' = @('vm')
    'Get-PassBenchVmLog' = @('vm', 'minutes')
    'Get-PassBenchWsl' = @()
    'Set-PassBenchWslPower' = @('distribution', 'power')
    'Set-PassBenchWslSetting' = @('property', 'value')
    'Get-PassBenchEflow' = @('provisioning', 'container')
    'New-PassBenchEflowVm' = @('cpu_count', 'memory_mb', 'disk_gb', 'switch', 'switch_type')
    'Set-PassBenchEflowVm' = @('cpu_count', 'memory_mb', 'gpu_type', 'gpu_name', 'gpu_count')
    'Set-PassBenchEflowPower' = @('power')
    'Copy-PassBenchEflowFile' = @('file', 'guest_path')
    'Write-PassBenchEflowFile' = @('guest_path', 'content', 'append')
    'Set-PassBenchEflowContainer' = @('image')
    'Set-PassBenchEflowProvisioning' = @('type', 'scope_id', 'registration_id', 'iot_hub', 'device_id', 'identity_cert', 'identity_key', 'secret_variable')
}

# In ASCII alone: what JSON can escape is safe from whatever stands between.
function ConvertTo-Line {
    param($document)
    $json = ConvertTo-Json -InputObject $document -Depth 6 -Compress
    [regex]::Replace($json, '[^\x00-\x7F]', { param($found) '\u{0:x4}' -f [int][char]$found.Value })
}

function Write-Document {
    param($document)
    $writer.WriteLine($sentinel + (ConvertTo-Line $document))
    $writer.Flush()
}

function Stop-Request {
    param([string]$id, [string]$message)
    $exception = New-Object -TypeName System.ArgumentException -ArgumentList $message
    throw (New-Object -TypeName System.Management.Automation.ErrorRecord -ArgumentList $exception, $id, ([System.Management.Automation.ErrorCategory]::InvalidArgument), $null)
}

# The arguments that the function has, as a table to splat; numbers, truths and texts alone.
function Get-Arguments {
    param([string]$name, $given)
    $table = @{}
    if ($null -eq $given) { return $table }
    foreach ($argument in @($given.PSObject.Properties)) {
        if (-not ($functions[$name] -ccontains $argument.Name)) { Stop-Request 'PassBench.BadRequest' "$name has no argument '$($argument.Name)'." }
        $value = $argument.Value
        # A text that looks like a date is one to some versions of PowerShell, and no longer what was sent.
        if (-not ($value -is [string] -or $value -is [bool] -or $value -is [int] -or $value -is [long])) {
            Stop-Request 'PassBench.BadRequest' "The argument '$($argument.Name)' of $name is no text, whole number or truth."
        }
        $table[$argument.Name] = $value
    }
    $table
}

# The first code on the way to the cause that is not one of .NET's own (0x8013....).
function Get-ResultCode {
    param($exception)
    while ($null -ne $exception) {
        $code = '0x{0:X8}' -f $exception.HResult
        if ($exception.HResult -ne 0 -and $code -notlike '0x8013*') { return $code }
        $exception = $exception.InnerException
    }
}

function Get-Failure {
    param($record)
    $failure = @{
        message = [string]$record.Exception.Message
        id = [string]$record.FullyQualifiedErrorId
        category = [string]$record.CategoryInfo.Category
    }
    $code = Get-ResultCode $record.Exception
    if ($code) { $failure['hresult'] = $code }
    $failure
}

function Get-Reply {
    param([string]$line)
    $id = 0
    try {
        if ($line.Length -gt $most_characters) { Stop-Request 'PassBench.BadRequest' 'The request is too long.' }
        $request = ConvertFrom-Json -InputObject $line
        $id = [long]$request.id
        $name = [string]$request.function
        if (-not $functions.ContainsKey($name)) { Stop-Request 'PassBench.UnknownFunction' "There is no function '$name' here." }
        $command = $module.ExportedFunctions[$name]
        $table = Get-Arguments $name $request.arguments
        $value = & $command @table
        @{ id = $id; ok = $true; value = $value }
    } catch {
        @{ id = $id; ok = $false; error = (Get-Failure $_) }
    }
}

$module = Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath 'PassBench.psm1') -PassThru -Force -DisableNameChecking
if ($Library) { return }

$utf8 = New-Object -TypeName System.Text.UTF8Encoding -ArgumentList $false
$reader = New-Object -TypeName System.IO.StreamReader -ArgumentList ([Console]::OpenStandardInput()), $utf8
$writer = New-Object -TypeName System.IO.StreamWriter -ArgumentList ([Console]::OpenStandardOutput()), $utf8
$writer.NewLine = "`n"

$edition = if ($PSVersionTable.PSEdition) { [string]$PSVersionTable.PSEdition } else { 'Desktop' }
Write-Document ([ordered]@{ passbench = 1; interpreter = 'powershell'; version = [string]$PSVersionTable.PSVersion; edition = $edition; simulated = $false })
while ($null -ne ($line = $reader.ReadLine())) {
    if ($line.Trim() -ne '') { Write-Document (Get-Reply $line) }
}
