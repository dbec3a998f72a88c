# What passbench asks of a Windows host, and all that it ever does to one: fixed functions, each a thin sequence of cmdlets, whose
# arguments are data and never become script text. PassBench.Runner.ps1 calls them for the controller; a person may too
# (Import-Module .\PassBench.psm1). Windows PowerShell 5.1 and PowerShell 7.
#
# A virtual machine is found by its exact name and handed on as an object, because a cmdlet's -Name takes wildcards: 'lab*' is a
# name here. Locations and instance ids are checked for their form for the same reason. Every cmdlet is told -ErrorAction Stop,
# since functions of other modules do not see the preference of this one.

Set-Variable -Name PolicyKey -Option Constant -Value 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\HyperV'
Set-Variable -Name PolicyNames -Option Constant -Value @('RequireSecureDeviceAssignment', 'RequireSupportedDeviceAssignment')
# From Windows 11 and Server 2022 on a guest's GPU can be chosen by its path.
Set-Variable -Name FirstBuildThatChoosesGpus -Option Constant -Value 20348

. (Join-Path -Path $PSScriptRoot -ChildPath 'PassBench.Survey.ps1')
. (Join-Path -Path $PSScriptRoot -ChildPath 'PassBench.Cards.ps1')
. (Join-Path -Path $PSScriptRoot -ChildPath 'PassBench.Wsl.ps1')
. (Join-Path -Path $PSScriptRoot -ChildPath 'PassBench.Eflow.ps1')

# An error of our own; its id begins with "PassBench.".
function New-PassBenchError {
    param([string]$id, [System.Management.Automation.ErrorCategory]$category, [string]$message)
    $exception = New-Object -TypeName System.InvalidOperationException -ArgumentList $message
    New-Object -TypeName System.Management.Automation.ErrorRecord -ArgumentList $exception, $id, $category, $null
}

function Assert-Argument {
    param([bool]$holds, [string]$message)
    if (-not $holds) { throw (New-PassBenchError 'PassBench.BadArgument' InvalidArgument $message) }
}

function Assert-Location {
    param([string]$location)
    Assert-Argument ($location -match '\APCIROOT\([0-9A-Fa-f]+\)(#PCI\([0-9A-Fa-f]{4}\))+\z') "'$location' is no location path of a PCI device."
}

function Assert-InstanceId {
    param([string]$instance_id)
    Assert-Argument ($instance_id -match '\APCIP?\\[A-Za-z0-9_&]+\\[A-Za-z0-9_&]+\z') "'$instance_id' is no instance id of a PCI device."
}

# The one virtual machine of exactly this name.
function Get-ExactVm {
    param([string]$vm)
    $found = @(Get-VM -ErrorAction Stop | Where-Object { $_.Name -ceq $vm })
    if ($found.Count -eq 0) {
        throw (New-PassBenchError 'PassBench.VmNotFound' ObjectNotFound "Hyper-V was unable to find a virtual machine with name `"$vm`".")
    }
    if ($found.Count -gt 1) {
        throw (New-PassBenchError 'PassBench.VmAmbiguous' InvalidArgument "This host has $($found.Count) virtual machines named '$vm'.")
    }
    $found[0]
}

function Get-OsBuild {
    [int64](Get-CimInstance -ClassName Win32_OperatingSystem -ErrorAction Stop).BuildNumber
}

# The host's own jobs that are at work: they outlive the call that began them.
function Get-PassBenchJobs {
    [CmdletBinding()]
    param()
    $jobs = @()
    # A host without the service has no Hyper-V, and no jobs of it.
    if (@(Get-Service -Name vmms -ErrorAction SilentlyContinue).Count -gt 0) {
        # JobState: 2 new, 3 starting, 4 running, 5 suspended, 6 shutting down; above that it is over.
        foreach ($job in @(Get-CimInstance -Namespace 'root\virtualization\v2' -ClassName Msvm_ConcreteJob -ErrorAction Stop)) {
            if ($job.JobState -ge 2 -and $job.JobState -le 6) { $jobs += "$($job.Caption) ($($job.InstanceID))" }
        }
        foreach ($machine in @(Get-VM -ErrorAction Stop)) {
            if (@('Starting', 'Stopping', 'Saving', 'Pausing', 'Resuming') -contains [string]$machine.State) {
                $jobs += "$($machine.State) $($machine.Name)"
            }
        }
    }
    @{ jobs = @($jobs) }
}

# Starts, turns off, or shuts down through the guest, which may take timeout_s seconds.
function Set-PassBenchVmPower {
    [CmdletBinding()]
    param([string]$vm, [string]$power, [string]$how = 'turn_off', [int]$timeout_s = 300)
    Assert-Argument (@('running', 'off') -ccontains $power) "power can be 'running' or 'off', not '$power'."
    Assert-Argument (@('turn_off', 'shut_down') -ccontains $how) "how can be 'turn_off' or 'shut_down', not '$how'."
    Assert-Argument ($timeout_s -ge 1) 'timeout_s is a positive number of seconds.'
    $machine = Get-ExactVm $vm
    if ($power -ceq 'running') {
        Start-VM -VM $machine -Confirm:$false -ErrorAction Stop
    } elseif ($how -ceq 'turn_off') {
        Stop-VM -VM $machine -TurnOff -Force -Confirm:$false -ErrorAction Stop
    } else {
        $job = Stop-VM -VM $machine -AsJob -Confirm:$false -ErrorAction Stop
        if ($null -eq (Wait-Job -Job $job -Timeout $timeout_s -ErrorAction Stop)) {
            throw (New-PassBenchError 'PassBench.ShutDownTimedOut' OperationTimeout "The guest of '$vm' did not shut down within $timeout_s s; it may still do so.")
        }
        Receive-Job -Job $job -ErrorAction Stop | Out-Null
    }
}

function ConvertTo-Truth {
    param([string]$property, [string]$value)
    Assert-Argument (@('true', 'false') -ccontains $value) "$property can be 'true' or 'false', not '$value'."
    $value -ceq 'true'
}

function ConvertTo-Count {
    param([string]$property, [string]$value, [int64]$most)
    $count = [int64]0
    $is_count = $value -match '\A[0-9]{1,18}\z' -and [int64]::TryParse($value, [ref]$count) -and $count -le $most
    Assert-Argument $is_count "$property is a whole number up to $most, not '$value'."
    $count
}

function Assert-Word {
    param([string]$property, [string]$value, [string[]]$words)
    Assert-Argument ($words -ccontains $value) "$property can be $($words -join ', '), not '$value'."
}

# Sets one property of a virtual machine; names and values are as Get-PassBenchHost shows them.
function Set-PassBenchVmSetting {
    [CmdletBinding()]
    param([string]$vm, [string]$property, [string]$value)
    $machine = Get-ExactVm $vm
    switch -CaseSensitive ($property) {
        'automatic_stop_action' {
            Assert-Word $property $value @('TurnOff', 'Save', 'ShutDown')
            Set-VM -VM $machine -AutomaticStopAction $value -Confirm:$false -ErrorAction Stop
        }
        'guest_controlled_cache_types' {
            Set-VM -VM $machine -GuestControlledCacheTypes (ConvertTo-Truth $property $value) -Confirm:$false -ErrorAction Stop
        }
        'low_mmio_bytes' {
            $bytes = [uint32](ConvertTo-Count $property $value 4294967295)
            Set-VM -VM $machine -LowMemoryMappedIoSpace $bytes -Confirm:$false -ErrorAction Stop
        }
        'high_mmio_bytes' {
            $bytes = [uint64](ConvertTo-Count $property $value 281474976710656)
            Set-VM -VM $machine -HighMemoryMappedIoSpace $bytes -Confirm:$false -ErrorAction Stop
        }
        'dynamic_memory' {
            Set-VMMemory -VM $machine -DynamicMemoryEnabled (ConvertTo-Truth $property $value) -Confirm:$false -ErrorAction Stop
        }
        'memory_bytes' {
            $bytes = ConvertTo-Count $property $value 281474976710656
            Set-VMMemory -VM $machine -StartupBytes $bytes -Confirm:$false -ErrorAction Stop
        }
        'processors' {
            $count = ConvertTo-Count $property $value 4096
            Set-VMProcessor -VM $machine -Count $count -Confirm:$false -ErrorAction Stop
        }
        'checkpoint_type' {
            Assert-Word $property $value @('Disabled', 'Standard', 'Production', 'ProductionOnly')
            Set-VM -VM $machine -CheckpointType $value -Confirm:$false -ErrorAction Stop
        }
        'secure_boot' {
            $switch_word = if (ConvertTo-Truth $property $value) { 'On' } else { 'Off' }
            Set-VMFirmware -VM $machine -EnableSecureBoot $switch_word -Confirm:$false -ErrorAction Stop
        }
        default {
            Assert-Argument $false "'$property' is no property of a virtual machine that is set here."
        }
    }
}

function Disable-PassBenchDevice {
    [CmdletBinding()]
    param([string]$instance_id)
    Assert-InstanceId $instance_id
    Disable-PnpDevice -InstanceId $instance_id -Confirm:$false -ErrorAction Stop
}

# The device may take half a minute to work again after this has returned.
function Enable-PassBenchDevice {
    [CmdletBinding()]
    param([string]$instance_id)
    Assert-InstanceId $instance_id
    Enable-PnpDevice -InstanceId $instance_id -Confirm:$false -ErrorAction Stop
}

# force: also where no driver says how the device is reset and secured, which only a trusted guest may have.
function Dismount-PassBenchDevice {
    [CmdletBinding()]
    param([string]$location, [bool]$force = $false)
    Assert-Location $location
    Dismount-VMHostAssignableDevice -LocationPath $location -Force:$force -Confirm:$false -ErrorAction Stop
}

function Mount-PassBenchDevice {
    [CmdletBinding()]
    param([string]$location)
    Assert-Location $location
    Mount-VMHostAssignableDevice -LocationPath $location -ErrorAction Stop
}

function Add-PassBenchDevice {
    [CmdletBinding()]
    param([string]$location, [string]$vm)
    Assert-Location $location
    $machine = Get-ExactVm $vm
    Add-VMAssignableDevice -VM $machine -LocationPath $location -ErrorAction Stop
}

function Remove-PassBenchDevice {
    [CmdletBinding()]
    param([string]$location, [string]$vm)
    Assert-Location $location
    $machine = Get-ExactVm $vm
    $device = @(Get-VMAssignableDevice -VM $machine -ErrorAction Stop | Where-Object { $_.LocationPath -eq $location })
    if ($device.Count -eq 0) {
        throw (New-PassBenchError 'PassBench.DeviceNotInVm' ObjectNotFound "The virtual machine '$vm' has no device of $location.")
    }
    Remove-VMAssignableDevice -VMAssignableDevice $device[0] -Confirm:$false -ErrorAction Stop
}

# Windows 10 cannot choose among several GPUs, so there has to be one alone, and it the one that is asked for.
function Add-PassBenchGpuPartition {
    [CmdletBinding()]
    param([string]$vm, [string]$path)
    $machine = Get-ExactVm $vm
    if ((Get-OsBuild) -ge $FirstBuildThatChoosesGpus) {
        Add-VMGpuPartitionAdapter -VM $machine -InstancePath $path -ErrorAction Stop
        return
    }
    $names = @(Get-VMPartitionableGpu -ErrorAction Stop | ForEach-Object { [string]$_.Name })
    if ($names.Count -ne 1 -or $names[0] -ne $path) {
        throw (New-PassBenchError 'PassBench.CannotChooseGpu' NotImplemented "This Windows shares a GPU of its own choice, and '$path' is not the only one of $($names.Count).")
    }
    Add-VMGpuPartitionAdapter -VM $machine -ErrorAction Stop
}

# All of them: a stale one keeps the machine from starting as well.
function Remove-PassBenchGpuPartition {
    [CmdletBinding()]
    param([string]$vm)
    $machine = Get-ExactVm $vm
    foreach ($adapter in @(Get-VMGpuPartitionAdapter -VM $machine -ErrorAction Stop)) {
        Remove-VMGpuPartitionAdapter -VMGpuPartitionAdapter $adapter -Confirm:$false -ErrorAction Stop
    }
}

# One of two values of one key, and no other.
function Set-PassBenchPolicy {
    [CmdletBinding()]
    param([string]$property, [string]$value)
    Assert-Word 'property' $property $PolicyNames
    if ($value -ceq 'absent') {
        if ((Get-PolicyText $property) -ne 'absent') {
            Remove-ItemProperty -LiteralPath $PolicyKey -Name $property -Confirm:$false -ErrorAction Stop
        }
        return
    }
    $number = [int](ConvertTo-Count $property $value 2147483647)
    if (-not (Test-Path -LiteralPath $PolicyKey)) { New-Item -Path $PolicyKey -Force -Confirm:$false -ErrorAction Stop | Out-Null }
    New-ItemProperty -LiteralPath $PolicyKey -Name $property -PropertyType DWord -Value $number -Force -Confirm:$false -ErrorAction Stop | Out-Null
}

# What the guest's integration services say of it.
function Get-PassBenchGuest {
    [CmdletBinding()]
    param([string]$vm)
    $machine = Get-ExactVm $vm
    $addresses = @()
    foreach ($adapter in @(Get-VMNetworkAdapter -VM $machine -ErrorAction Stop)) {
        foreach ($address in @($adapter.IPAddresses)) {
            if ($address) { $addresses += [string]$address }
        }
    }
    @{ addresses = @($addresses); heartbeat = [string]$machine.Heartbeat }
}

# The newest events of the last minutes that name this machine, oldest first.
function Get-PassBenchVmLog {
    [CmdletBinding()]
    param([string]$vm, [int]$minutes)
    Assert-Argument ($minutes -ge 1 -and $minutes -le 10080) 'minutes is a number from 1 to 10080.'
    $machine = Get-ExactVm $vm
    $identity = [string]$machine.Id
    $levels = @{ 1 = 'critical'; 2 = 'error'; 3 = 'warning'; 4 = 'information'; 5 = 'verbose' }
    $since = (Get-Date).AddMinutes(-$minutes)
    $events = @()
    foreach ($log in @('Microsoft-Windows-Hyper-V-Worker-Admin', 'Microsoft-Windows-Hyper-V-VMMS-Admin')) {
        try {
            $events += @(Get-WinEvent -FilterHashtable @{ LogName = $log; StartTime = $since } -MaxEvents 500 -ErrorAction Stop)
        } catch {
            # No event in that time is an error there.
            if ($_.FullyQualifiedErrorId -notlike 'NoMatchingEventsFound*') { throw }
        }
    }
    $shown = @()
    foreach ($entry in @($events | Sort-Object -Property TimeCreated)) {
        $text = [string]$entry.Message
        if (-not ($text.Contains($vm) -or ($identity -and $text.Contains($identity)))) { continue }
        if ($text.Length -gt 4000) { $text = $text.Substring(0, 4000) }
        $level = $levels[[int]$entry.Level]
        if (-not $level) { $level = 'information' }
        $shown += @{
            at = ([datetime]$entry.TimeCreated).ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ss.fffZ', [Globalization.CultureInfo]::InvariantCulture)
            source = [string]$entry.ProviderName
            id = [int64]$entry.Id
            level = $level
            text = $text
        }
    }
    @{ events = @($shown | Select-Object -Last 200) }
}

Export-ModuleMember -Function @(
    'Get-PassBenchHost', 'Get-PassBenchJobs', 'Set-PassBenchVmPower', 'Set-PassBenchVmSetting',
    'Disable-PassBenchDevice', 'Enable-PassBenchDevice', 'Dismount-PassBenchDevice', 'Mount-PassBenchDevice',
    'Add-PassBenchDevice', 'Remove-PassBenchDevice', 'Add-PassBenchGpuPartition', 'Remove-PassBenchGpuPartition',
    'Set-PassBenchPolicy', 'Get-PassBenchGuest', 'Get-PassBenchVmLog',
    'Get-PassBenchWsl', 'Set-PassBenchWslPower', 'Set-PassBenchWslSetting',
    'Get-PassBenchEflow', 'New-PassBenchEflowVm', 'Set-PassBenchEflowVm', 'Set-PassBenchEflowPower', 'Copy-PassBenchEflowFile',
    'Write-PassBenchEflowFile', 'Set-PassBenchEflowContainer', 'Set-PassBenchEflowProvisioning')
