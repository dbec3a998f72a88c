# What a Windows host says of itself, as facts: the resources and keys of host/survey/host_keys.hpp. Part of PassBench.psm1; what
# graphics cards say is in PassBench.Cards.ps1. Each fact is asked for by itself, and one that this host cannot tell is left out: no
# value here is ever made up. Nothing is changed.
#
# Not asked here, because no cmdlet tells it: cpu.physical_address_bits, hcs.schema and hns.version.

Set-Variable -Name PowerPlans -Option Constant -Value @{
    '381b4222-f694-41f0-9685-ff5bb260df2e' = 'Balanced'
    '8c5e7fda-e8bf-4a96-9a85-a6e23a8c635c' = 'High performance'
    'a1841308-3541-4fab-bc81-f71556f20b4a' = 'Power saver'
    'e9a42b02-d5df-448d-aa00-03f14749eb61' = 'Ultimate Performance'
}

# What the block gives, nothing where it fails.
function Read-Guarded {
    param([scriptblock]$read)
    try { & $read } catch { Write-Debug -Message "$_" }
}

# Sets the fact that the block gives, as a whole number, a truth or a text; none where it fails or gives nothing.
function Set-Fact {
    param([hashtable]$facts, [string]$key, [string]$kind, [scriptblock]$read)
    try {
        $found = & $read
        if ($null -eq $found) { return }
        if ($kind -eq 'int') { $facts[$key] = [int64]$found; return }
        if ($kind -eq 'bool') { $facts[$key] = [bool]$found; return }
        $words = ([string]$found).Trim()
        if ($words -ne '') { $facts[$key] = $words }
    } catch {
        Write-Debug -Message "$key is not told: $_"
    }
}

function Get-RegistryValue {
    param([string]$path, [string]$name)
    (Get-ItemProperty -LiteralPath $path -Name $name -ErrorAction Stop).$name
}

# "absent", or the number as text.
function Get-PolicyText {
    param([string]$name)
    if (-not (Test-Path -LiteralPath $PolicyKey)) { return 'absent' }
    $values = Get-ItemProperty -LiteralPath $PolicyKey -ErrorAction Stop
    if ($null -eq $values -or $null -eq $values.$name) { return 'absent' }
    [string]$values.$name
}

function Get-SystemFacts {
    $facts = @{}
    $system = Read-Guarded { Get-CimInstance -ClassName Win32_OperatingSystem -ErrorAction Stop }
    $computer = Read-Guarded { Get-CimInstance -ClassName Win32_ComputerSystem -ErrorAction Stop }
    $version_key = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion'
    Set-Fact $facts 'os.product_type' int { $system.ProductType }
    Set-Fact $facts 'os.caption' text { $system.Caption }
    Set-Fact $facts 'os.build' int { $system.BuildNumber }
    Set-Fact $facts 'os.edition' text { Get-RegistryValue $version_key 'EditionID' }
    Set-Fact $facts 'os.ubr' int { Get-RegistryValue $version_key 'UBR' }
    # Before 20H2 Windows called it so.
    Set-Fact $facts 'os.display_version' text { Get-RegistryValue $version_key 'ReleaseId' }
    Set-Fact $facts 'os.display_version' text { Get-RegistryValue $version_key 'DisplayVersion' }
    Set-Fact $facts 'os.insider_channel' text { Get-RegistryValue 'HKLM:\SOFTWARE\Microsoft\WindowsSelfHost\UI\Selection' 'UIBranch' }
    Set-Fact $facts 'computer.model' text { $computer.Model }
    Set-Fact $facts 'hypervisor.present' bool { $computer.HypervisorPresent }
    Set-Fact $facts 'hypervisor.nested' bool {
        if ($null -ne $computer) { "$($computer.Manufacturer) $($computer.Model)" -match 'Virtual Machine|VMware|VirtualBox|QEMU|KVM|Xen|HVM domU' }
    }
    Set-Fact $facts 'memory_bytes' int { $computer.TotalPhysicalMemory }
    # The integrity level of the process: high or that of the system.
    Set-Fact $facts 'elevated' bool { [bool](@(whoami.exe /groups /fo csv /nh) -match 'S-1-16-(12288|16384)') }
    $vm_host = Read-Guarded { Get-VMHost -ErrorAction Stop }
    Set-Fact $facts 'iov.support' bool { $vm_host.IovSupport }
    Set-Fact $facts 'iov.reasons' text { if ($null -ne $vm_host) { @($vm_host.IovSupportReasons) -join '; ' } }
    Set-Fact $facts 'iommu.policy' text { Get-IommuPolicy }
    $facts
}

# Where the entry is not told at all there is no line of its device either, which is not translated as others are.
function Get-IommuPolicy {
    $lines = @(bcdedit.exe /enum '{current}')
    if (-not ($lines -match '\A(os)?device\s')) { return }
    $line = @($lines -match '\Ahypervisoriommupolicy\s')
    if ($line.Count -eq 0) { return 'default' }
    (([string]$line[0]) -split '\s+')[1].ToLowerInvariant()
}

function Add-SoftwareFacts {
    param([hashtable]$facts)
    Set-Fact $facts 'wsl.version' text { Get-RegistryValue 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Lxss\MSI' 'Version' }
    Set-Fact $facts 'eflow.version' text {
        Get-ItemProperty -Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\*' -ErrorAction Stop |
            Where-Object { $_.DisplayName -like 'Azure IoT Edge *' } | Select-Object -First 1 | ForEach-Object { $_.DisplayVersion }
    }
    $ssh = Join-Path -Path "$env:SystemRoot" -ChildPath 'System32\OpenSSH\ssh.exe'
    Set-Fact $facts 'openssh.version' text {
        if ((Get-Item -LiteralPath $ssh -ErrorAction Stop).VersionInfo.FileVersion -match '\A(\d+\.\d+)') { $Matches[1] }
    }
    Set-Fact $facts 'feature.openssh_client' bool { Test-Path -LiteralPath $ssh }
    Set-Fact $facts 'power.plan' text {
        $plan = Get-CimInstance -Namespace 'root\cimv2\power' -ClassName Win32_PowerPlan -ErrorAction Stop | Where-Object { $_.IsActive } | Select-Object -First 1
        if ("$($plan.InstanceID)" -match '\{([0-9a-fA-F-]{36})\}' -and $PowerPlans.ContainsKey($Matches[1])) { $PowerPlans[$Matches[1]] } else { $plan.ElementName }
    }
    Set-Fact $facts 'gpu.hags' text {
        $mode = Get-RegistryValue 'HKLM:\SYSTEM\CurrentControlSet\Control\GraphicsDrivers' 'HwSchMode'
        if ($mode -eq 2) { 'on' } elseif ($mode -eq 1) { 'off' }
    }
    foreach ($name in @('vmms', 'vmcompute', 'hvhost', 'wssdagent')) {
        Set-Fact $facts "service.$name" text {
            $service = Get-Service -Name $name -ErrorAction Stop
            if ($null -ne $service) { if ([string]$service.Status -eq 'Running') { 'running' } else { 'stopped' } }
        }
    }
    $features = @{ hyperv = 'Microsoft-Hyper-V'; hyperv_powershell = 'Microsoft-Hyper-V-Management-PowerShell'; vm_platform = 'VirtualMachinePlatform' }
    $optional = @(Read-Guarded { Get-CimInstance -ClassName Win32_OptionalFeature -ErrorAction Stop })
    foreach ($name in @($features.Keys)) {
        # InstallState: 1 enabled, 2 disabled, 3 absent.
        Set-Fact $facts "feature.$name" bool {
            $feature = @($optional | Where-Object { $_.Name -eq $features[$name] })
            if ($feature.Count -gt 0) { $feature[0].InstallState -eq 1 }
        }
    }
}

function Get-VmFacts {
    param($machine, $settings, [string[]]$partitionable)
    $facts = @{}
    Set-Fact $facts 'generation' int { $machine.Generation }
    Set-Fact $facts 'config_version' text { $machine.Version }
    Set-Fact $facts 'checkpoints' int { @(Get-VMSnapshot -VM $machine -ErrorAction Stop).Count }
    Set-Fact $facts 'state' text { ([string]$machine.State).ToLowerInvariant() }
    Set-Fact $facts 'automatic_stop_action' text { $machine.AutomaticStopAction }
    Set-Fact $facts 'guest_controlled_cache_types' bool { $machine.GuestControlledCacheTypes }
    Set-Fact $facts 'low_mmio_bytes' int { $machine.LowMemoryMappedIoSpace }
    Set-Fact $facts 'high_mmio_bytes' int { $machine.HighMemoryMappedIoSpace }
    Set-Fact $facts 'high_mmio_base_bytes' int {
        $setting = @($settings | Where-Object { $_.VirtualSystemIdentifier -eq [string]$machine.Id })
        if ($setting.Count -eq 1 -and $setting[0].HighMmioGapBase) { [int64]$setting[0].HighMmioGapBase * 1048576 }
    }
    Set-Fact $facts 'dynamic_memory' bool { $machine.DynamicMemoryEnabled }
    Set-Fact $facts 'memory_bytes' int { $machine.MemoryStartup }
    Set-Fact $facts 'processors' int { $machine.ProcessorCount }
    Set-Fact $facts 'checkpoint_type' text { $machine.CheckpointType }
    Set-Fact $facts 'secure_boot' bool { if ($machine.Generation -eq 2) { [string](Get-VMFirmware -VM $machine -ErrorAction Stop).SecureBoot -eq 'On' } }
    Set-Fact $facts 'gpu_partition' text {
        $adapters = @(Get-VMGpuPartitionAdapter -VM $machine -ErrorAction Stop)
        if ($adapters.Count -eq 0) { 'none' }
        elseif ($adapters[0].InstancePath) { $adapters[0].InstancePath }
        elseif (@($partitionable).Count -eq 1) { @($partitionable)[0] }
    }
    $facts
}

# The names of the GPUs that can be shared with guests; the cmdlet has two names.
function Get-PartitionableNames {
    if ((Get-OsBuild) -ge $FirstBuildThatChoosesGpus) {
        Get-VMHostPartitionableGpu -ErrorAction Stop | ForEach-Object { [string]$_.Name }
    } else {
        Get-VMPartitionableGpu -ErrorAction Stop | ForEach-Object { [string]$_.Name }
    }
}

# Who has which device; nothing where that cannot be told, for a device must not look free that is not.
function Get-Assignments {
    param($machines)
    $assigned = @{}
    foreach ($machine in $machines) {
        foreach ($device in @(Get-VMAssignableDevice -VM $machine -ErrorAction Stop)) { $assigned[[string]$device.LocationPath] = [string]$machine.Name }
    }
    $assigned
}

# All facts of this host.
function Get-PassBenchHost {
    [CmdletBinding()]
    param()
    $resources = @{}
    $system = Get-SystemFacts
    Add-SoftwareFacts $system
    $resources['host'] = $system
    $policies = @{}
    foreach ($name in $PolicyNames) { Set-Fact $policies $name text { Get-PolicyText $name } }
    $resources['registry'] = $policies

    $machines = Read-Guarded { , @(Get-VM -ErrorAction Stop) }
    $assigned = $null
    if ($null -ne $machines) { $assigned = Read-Guarded { Get-Assignments $machines } }
    $partitionable = @(Read-Guarded { Get-PartitionableNames })
    $entries = @(Read-Guarded { Get-CardDevices })
    $host_wide = @{
        partitionable = $partitionable
        controllers = Read-Guarded { , @(Get-CimInstance -ClassName Win32_VideoController -ErrorAction Stop) }
        driver_packages = Read-Guarded { , @(pnputil.exe /enum-drivers) }
        nvidia_cards = @($entries | Where-Object { $_.card -eq '' -and ([string]$_.device.PNPDeviceID) -like 'PCI\VEN_10DE*' }).Count
    }
    foreach ($entry in $entries) {
        $facts = Get-FunctionFacts $entry $assigned
        if ($entry.card -eq '') { Add-CardFacts $facts $entry $host_wide }
        $resources[$entry.resource] = $facts
    }

    $settings = @(Read-Guarded {
            Get-CimInstance -Namespace 'root\virtualization\v2' -ClassName Msvm_VirtualSystemSettingData -Filter "VirtualSystemType = 'Microsoft:Hyper-V:System:Realized'" -ErrorAction Stop
        })
    foreach ($group in @($machines | Where-Object { $null -ne $_ } | Group-Object -Property Name)) {
        # Of two machines of one name nothing can be said by that name.
        if ($group.Count -eq 1) { $resources["vm/$($group.Name)"] = Get-VmFacts $group.Group[0] $settings $partitionable }
    }
    @{ resources = $resources }
}
