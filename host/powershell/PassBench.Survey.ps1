# What a Windows host says of itself, as facts: the resources and keys of host/survey/host_keys.hpp. Part of PassBench.psm1. Each
# fact is asked for by itself, and one that this host cannot tell is left out: no value here is ever made up. Nothing is changed.
#
# Not asked here, because no cmdlet tells it: cpu.physical_address_bits, hcs.schema and hns.version.

Set-Variable -Name PciProperties -Option Constant -Value '{3AB22E31-8264-4b4e-9AF5-A8D2D8E33E62}'
# The cards that NVIDIA has a mitigation driver for, by device id, as its INF names them.
Set-Variable -Name MitigatedModels -Option Constant -Value @{ '1eb8' = 'T4'; '25b6' = 'A2' }
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

function Get-DeviceProperty {
    param([string]$id, [string]$key)
    (Get-PnpDeviceProperty -InstanceId $id -KeyName $key -ErrorAction Stop).Data
}

# Of its PCI class code; nothing where the device does not tell.
function Get-BaseClass {
    param($device)
    foreach ($id in @($device.HardwareID) + @($device.CompatibleID)) {
        if ("$id" -match 'CC_([0-9A-Fa-f]{2})') { return [Convert]::ToInt32($Matches[1], 16) }
    }
}

# The PCI devices that matter: graphics cards, and the other functions of the same cards.
function Get-CardDevices {
    $found = @()
    $vendors = @()
    $devices = @(Get-CimInstance -ClassName Win32_PnPEntity -Filter "PNPDeviceID LIKE 'PCI%'" -ErrorAction Stop | Where-Object { $_.Present -ne $false })
    foreach ($device in $devices) {
        if (-not ([string]$device.PNPDeviceID -match '\A(PCIP?)\\VEN_([0-9A-Fa-f]{4})&DEV_')) { continue }
        $bus = $Matches[1]
        $vendor = $Matches[2].ToLowerInvariant()
        $class = Get-BaseClass $device
        # A dismounted device has no driver of its class; NVIDIA's are all of graphics cards.
        $is_candidate = $class -eq 3 -or ($null -eq $class -and $bus -eq 'PCIP' -and $vendor -eq '10de')
        if ($is_candidate) { $vendors += $vendor }
        $found += @{ device = $device; vendor = $vendor; class = $class; is_candidate = $is_candidate; location = '' }
    }
    # Intel's other devices are the chipset.
    $siblings = @($vendors | Where-Object { $_ -ne '8086' })
    $located = @()
    foreach ($entry in $found) {
        if (-not $entry.is_candidate -and -not ($siblings -contains $entry.vendor)) { continue }
        $path = Read-Guarded { @(Get-DeviceProperty $entry.device.PNPDeviceID 'DEVPKEY_Device_LocationPaths')[0] }
        if ("$path" -match '\APCIROOT\(') { $entry.location = [string]$path; $located += $entry }
    }
    $cards = @($located | Where-Object { $_.is_candidate -and ($null -ne $_.class -or $_.location -match '0\)\z') } | ForEach-Object { $_.location })
    foreach ($entry in $located) {
        if ($cards -contains $entry.location) {
            @{ resource = "gpu/$($entry.location)"; location = $entry.location; device = $entry.device; class = $entry.class; card = '' }
            continue
        }
        # PCI(0301) is function 1 of the device of PCI(0300).
        $slot = $entry.location.Substring(0, $entry.location.Length - 2)
        $card = @($cards | Where-Object { $_.Substring(0, $_.Length - 2) -eq $slot })
        if ($card.Count -gt 0) {
            @{ resource = "function/$($entry.location)"; location = $entry.location; device = $entry.device; class = $entry.class; card = $card[0] }
        }
    }
}

# All that is told of every function of a card. assigned: who has which location, nothing where that is not known.
function Get-FunctionFacts {
    param([hashtable]$entry, $assigned)
    $facts = @{}
    $device = $entry.device
    $id = [string]$device.PNPDeviceID
    $location = $entry.location
    $is_dismounted = $id -like 'PCIP\*'
    $code = $device.ConfigManagerErrorCode
    Set-Fact $facts 'name' text { $device.Name }
    Set-Fact $facts 'instance_id' text { $id }
    if ($id -match '\APCIP?\\VEN_(?<vendor>[0-9A-Fa-f]{4})&DEV_(?<device>[0-9A-Fa-f]{4})(&SUBSYS_(?<subsystem>[0-9A-Fa-f]{8}))?(&REV_(?<revision>[0-9A-Fa-f]{2}))?') {
        $parts = $Matches
        Set-Fact $facts 'vendor_id' text { "$($parts['vendor'])".ToLowerInvariant() }
        Set-Fact $facts 'device_id' text { "$($parts['device'])".ToLowerInvariant() }
        Set-Fact $facts 'subsystem_id' text { "$($parts['subsystem'])".ToLowerInvariant() }
        Set-Fact $facts 'revision' text { "$($parts['revision'])".ToLowerInvariant() }
    }
    Set-Fact $facts 'base_class' int { $entry.class }
    Set-Fact $facts 'problem_code' int { $code }
    Set-Fact $facts 'card' text { $entry.card }
    Set-Fact $facts 'state' text {
        if (-not $is_dismounted) { if ($code -eq 22) { 'disabled' } elseif ($null -ne $code) { 'host' } }
        elseif ($null -eq $assigned) { $null }
        elseif ($assigned.ContainsKey($location)) { 'vm:' + $assigned[$location] }
        else { 'dismounted' }
    }
    Set-Fact $facts 'driver.version' text { if (-not $is_dismounted) { Get-DeviceProperty $id 'DEVPKEY_Device_DriverVersion' } }
    if (-not $is_dismounted -and $code -ne 22) { Add-AssignabilityFacts $facts $device }
    $facts
}

# What Microsoft's SurveyDDA.ps1 looks at; a disabled or dismounted device does not tell.
function Add-AssignabilityFacts {
    param([hashtable]$facts, $device)
    $id = [string]$device.PNPDeviceID
    Set-Fact $facts 'pci.device_type' int { Get-DeviceProperty $id "$PciProperties  1" }
    Set-Fact $facts 'pci.acs_up_hierarchy' int { Get-DeviceProperty $id "$PciProperties  31" }
    Set-Fact $facts 'pci.reserved_memory_region' bool {
        $needed = Get-DeviceProperty $id "$PciProperties  34"
        if ($null -ne $needed) { [int64]$needed -ne 0 }
    }
    Set-Fact $facts 'pci.interrupts' text {
        $lines = @(Get-CimAssociatedInstance -InputObject $device -Association Win32_PnPAllocatedResource -ResultClassName Win32_IRQResource -ErrorAction Stop)
        # Message-signaled interrupts have numbers that are negative as 32 bits.
        if ($lines.Count -eq 0) { 'none' } elseif (@($lines | Where-Object { "$($_.IRQNumber)" -like '42949*' }).Count -gt 0) { 'message' } else { 'line' }
    }
    $ranges = Read-Guarded { , @(Get-CimAssociatedInstance -InputObject $device -Association Win32_PnPAllocatedResource -ResultClassName Win32_DeviceMemoryAddress -ErrorAction Stop) }
    if ($null -eq $ranges) { return }
    $below = [uint64]0
    $above = [uint64]0
    foreach ($range in @($ranges)) {
        $size = [uint64]$range.EndingAddress - [uint64]$range.StartingAddress + 1
        if ([uint64]$range.StartingAddress -lt 4294967296) { $below += $size } else { $above += $size }
    }
    Set-Fact $facts 'mmio.below_4g_bytes' int { $below }
    Set-Fact $facts 'mmio.above_4g_bytes' int { $above }
}

# What is told of a graphics card alone. host_wide: what is asked once for all cards.
function Add-CardFacts {
    param([hashtable]$facts, [hashtable]$entry, [hashtable]$host_wide)
    $id = [string]$entry.device.PNPDeviceID
    Set-Fact $facts 'driver.mitigation' bool {
        $model = $MitigatedModels["$($facts['device_id'])"]
        if ($facts['vendor_id'] -ne '10de' -or -not $model) { $false }
        elseif ($null -ne $host_wide.driver_packages) { [bool]($host_wide.driver_packages -match "nvidia_azure_stack_$($model)_base\.inf") }
    }
    Set-Fact $facts 'vram_bytes' int {
        $driver_key = Get-DeviceProperty $id 'DEVPKEY_Device_Driver'
        if ($driver_key) { Get-RegistryValue "HKLM:\SYSTEM\CurrentControlSet\Control\Class\$driver_key" 'HardwareInformation.qwMemorySize' }
    }
    # \\?\PCI#VEN_...#4&...#{...}\GPUPARAV is of the device PCI\VEN_...\4&...
    $interface = '\' + $id.Replace('\', '#').ToUpperInvariant() + '#'
    Set-Fact $facts 'partitionable_path' text {
        @($host_wide.partitionable | Where-Object { ([string]$_).ToUpperInvariant().Contains($interface) })[0]
    }
    if ($null -eq $host_wide.controllers) { return }
    $controller = @($host_wide.controllers | Where-Object { $_.PNPDeviceID -eq $id })
    $lit = @($host_wide.controllers | Where-Object { $null -ne $_.CurrentHorizontalResolution })
    $is_lit = @($lit | Where-Object { $_.PNPDeviceID -eq $id }).Count -gt 0
    Set-Fact $facts 'display.attached' bool { $is_lit }
    Set-Fact $facts 'display.boot' bool { $is_lit -and $lit.Count -eq 1 }
    # The folder of the driver package, with the library of CUDA that guests are given.
    Set-Fact $facts 'driver.wsl_cuda' bool {
        if ($controller.Count -gt 0 -and $controller[0].InstalledDisplayDrivers) {
            $file = (([string]$controller[0].InstalledDisplayDrivers) -split ',')[0]
            $folder = Split-Path -Path $file -Parent
            Test-Path -LiteralPath (Join-Path -Path $folder -ChildPath 'libcuda.so.1.1')
        }
    }
    # nvidia-smi lists cards in an order of its own, so that it is asked where there is one alone.
    Set-Fact $facts 'driver.model' text {
        if ($facts['vendor_id'] -eq '10de' -and $facts.ContainsKey('driver.version') -and $host_wide.nvidia_cards -eq 1) {
            $model = ([string]@(nvidia-smi.exe '--query-gpu=driver_model.current' '--format=csv,noheader')[0]).Trim()
            if (@('WDDM', 'TCC', 'MCDM') -contains $model) { $model }
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
