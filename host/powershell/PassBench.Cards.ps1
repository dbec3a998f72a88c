# What the graphics cards of a Windows host and their other functions say, as facts (see PassBench.Survey.ps1). Part of
# PassBench.psm1. Nothing is changed.

Set-Variable -Name PciProperties -Option Constant -Value '{3AB22E31-8264-4b4e-9AF5-A8D2D8E33E62}'
# The cards that NVIDIA has a mitigation driver for, by device id, as its INF names them.
Set-Variable -Name MitigatedModels -Option Constant -Value @{ '1eb8' = 'T4'; '25b6' = 'A2' }

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
