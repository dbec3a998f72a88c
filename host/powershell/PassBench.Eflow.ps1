# Azure IoT Edge for Linux on Windows: its one virtual machine, by the functions of its own module (AzureEFLOW). Part of PassBench.psm1.
#
# Set-EflowVM resets what it is not given, so it is always given everything; it is called while the machine is off, for the documentation
# does not say when a change shows in one that runs. The machine is restarted by stopping and starting it, never from within. The names
# below VmConfiguration are those of EFLOW's own deployment file; a machine that tells other ones has no such facts here.
#
# A secret is read here from the environment, handed to the module in this process, and taken out of whatever it says.

Set-Variable -Name EflowTypes -Option Constant -Value @('DirectDeviceAssignment', 'ParaVirtualization')
Set-Variable -Name EflowProvisionings -Option Constant -Value @('ManualConnectionString', 'ManualX509', 'DpsSymmetricKey', 'DpsX509', 'DpsTPM')
# Of the container that the agent runs in: what the createOptions {"HostConfig":{"DeviceRequests":[{"Count":-1,"Capabilities":[["gpu"]]}]}}
# say, by the machine's own docker.
Set-Variable -Name EflowContainer -Option Constant -Value 'sudo docker run --detach --rm --name passbench --gpus all --env NVIDIA_DISABLE_REQUIRE=1 --volume /home/iotedge-user/passbench:/home/iotedge-user/passbench --entrypoint sleep'

function Test-EflowInstalled {
    @(Get-Module -Name AzureEFLOW -ListAvailable -ErrorAction SilentlyContinue).Count -gt 0
}

function Test-EflowDeployed {
    [bool](Verify-EflowVm -ErrorAction Stop)
}

# "running" or "off".
function Get-EflowPower {
    if ([string](Get-EflowVm -ErrorAction Stop).VmPowerState -eq 'Running') { 'running' } else { 'off' }
}

function Get-EflowGpu {
    param($configuration)
    $type = [string]$configuration.gpuPassthroughType
    if ($EflowTypes -cnotcontains $type) { return 'none' }
    "${type}:$([int64]$configuration.gpuCount):$([string]$configuration.gpuName)"
}

# From the lines of its settings that say how, and from no other: those hold secrets.
function Get-EflowProvisioning {
    $lines = @(Invoke-EflowVmCommand -command 'sudo grep -hE "^(source|method) *=" /etc/aziot/config.toml' -ignoreError -ErrorAction Stop)
    $text = ($lines -join ' ').ToLowerInvariant()
    if ($text -match 'source *= *"manual"') { if ($text -match 'method *= *"x509"') { 'ManualX509' } else { 'ManualConnectionString' }; return }
    if ($text -notmatch 'source *= *"dps"') { 'none'; return }
    if ($text -match 'method *= *"x509"') { 'DpsX509' } elseif ($text -match 'method *= *"tpm"') { 'DpsTPM' } else { 'DpsSymmetricKey' }
}

# The image of the container of ours that runs.
function Get-EflowContainer {
    $lines = @(Invoke-EflowVmCommand -command 'sudo docker ps --filter name=^passbench$ --format {{.Image}}' -ErrorAction Stop)
    $image = ([string]($lines | Select-Object -First 1)).Trim()
    if ($image -eq '') { 'none' } else { $image }
}

# Resource eflow, where EFLOW is installed. What only the guest tells is asked for where it is wanted, and where the machine runs.
function Get-PassBenchEflow {
    [CmdletBinding()]
    param([bool]$provisioning = $false, [bool]$container = $false)
    $resources = @{}
    if (Test-EflowInstalled) {
        $facts = @{ deployment = 'none' }
        if (Test-EflowDeployed) {
            $machine = Get-EflowVm -ErrorAction Stop
            $configuration = $machine.VmConfiguration
            $facts['deployment'] = 'deployed'
            $facts['power'] = if ([string]$machine.VmPowerState -eq 'Running') { 'running' } else { 'off' }
            Set-Fact $facts 'config.cpu_count' int { $configuration.cpuCount }
            Set-Fact $facts 'config.memory_mb' int { $configuration.memoryInMB }
            Set-Fact $facts 'config.gpu' text { Get-EflowGpu $configuration }
            $runs = $facts['power'] -eq 'running'
            if ($provisioning -and $runs) { $facts['provisioning_type'] = Get-EflowProvisioning }
            if ($container) { $facts['container'] = if ($runs) { Get-EflowContainer } else { 'none' } }
        }
        $resources['eflow'] = $facts
    }
    @{ resources = $resources }
}

function Set-PassBenchEflowPower {
    [CmdletBinding()]
    param([string]$power)
    Assert-Argument (@('running', 'off') -ccontains $power) "power can be 'running' or 'off', not '$power'."
    if ($power -ceq 'running') { Start-EflowVm -ErrorAction Stop | Out-Null } else { Stop-EflowVm -ErrorAction Stop | Out-Null }
}

function Assert-EflowSize {
    param([int]$cpu_count, [int]$memory_mb)
    Assert-Argument ($cpu_count -ge 1) 'cpu_count is 1 or more.'
    Assert-Argument ($memory_mb -ge 1024 -and $memory_mb % 2 -eq 0) 'memory_mb is an even number from 1024 on.'
}

# Makes the machine, without a card and turned off. There is no way back but the uninstallation of EFLOW.
function New-PassBenchEflowVm {
    [CmdletBinding()]
    param([int]$cpu_count, [int]$memory_mb, [int]$disk_gb, [string]$switch, [string]$switch_type)
    Assert-EflowSize $cpu_count $memory_mb
    Assert-Argument ($disk_gb -ge 21 -and $disk_gb -le 2048) 'disk_gb is a number from 21 to 2048.'
    if ($switch -ne '') {
        $answer = Deploy-Eflow -acceptEula 'Yes' -acceptOptionalTelemetry 'No' -cpuCount $cpu_count -memoryInMB $memory_mb -vmDiskSize $disk_gb -vswitchName $switch -vswitchType $switch_type -ErrorAction Stop
    } else {
        $answer = Deploy-Eflow -acceptEula 'Yes' -acceptOptionalTelemetry 'No' -cpuCount $cpu_count -memoryInMB $memory_mb -vmDiskSize $disk_gb -ErrorAction Stop
    }
    if ([string](@($answer) | Select-Object -Last 1) -ne 'OK') {
        throw (New-PassBenchError 'PassBench.NotDeployed' InvalidOperation "Deploy-Eflow answered: $(@($answer) -join ' ')")
    }
    Stop-EflowVm -ErrorAction Stop | Out-Null
}

# Its whole configuration; an empty gpu_type is a machine without a card.
function Set-PassBenchEflowVm {
    [CmdletBinding()]
    param([int]$cpu_count, [int]$memory_mb, [string]$gpu_type, [string]$gpu_name, [int]$gpu_count)
    Assert-EflowSize $cpu_count $memory_mb
    if ((Get-EflowPower) -eq 'running') {
        throw (New-PassBenchError 'PassBench.EflowRuns' InvalidOperation "EFLOW's virtual machine runs, and its settings are changed while it does not.")
    }
    if ($gpu_type -eq '') {
        Set-EflowVM -cpuCount $cpu_count -memoryInMB $memory_mb -headless -ErrorAction Stop | Out-Null
    } else {
        Assert-Word 'gpu_type' $gpu_type $EflowTypes
        Set-EflowVM -cpuCount $cpu_count -memoryInMB $memory_mb -gpuName $gpu_name -gpuPassthroughType $gpu_type -gpuCount $gpu_count -headless -ErrorAction Stop | Out-Null
    }
    if ((Get-EflowPower) -eq 'running') { Stop-EflowVm -ErrorAction Stop | Out-Null }
}

function Assert-GuestPath {
    param([string]$guest_path)
    Assert-Argument ($guest_path -match '\A/[A-Za-z0-9._/-]{1,1000}\z') "'$guest_path' is no path for a file of ours in the guest."
}

function Copy-PassBenchEflowFile {
    [CmdletBinding()]
    param([string]$file, [string]$guest_path)
    Assert-GuestPath $guest_path
    Copy-EflowVmFile -fromFile $file -toFile $guest_path -pushFile -ErrorAction Stop | Out-Null
}

# A piece of a file, as base64: where the copying of files does not work.
function Write-PassBenchEflowFile {
    [CmdletBinding()]
    param([string]$guest_path, [string]$content, [bool]$append)
    Assert-GuestPath $guest_path
    Assert-Argument ($content -match '\A[A-Za-z0-9+/]{0,24000}={0,2}\z') 'content is up to 24000 characters of base64.'
    $to = if ($append) { '>>' } else { '>' }
    Invoke-EflowVmCommand -command "printf %s '$content' | base64 -d $to $guest_path" -ErrorAction Stop | Out-Null
}

# Starts the container that the agent runs in, or ends it (image "none").
function Set-PassBenchEflowContainer {
    [CmdletBinding()]
    param([string]$image)
    Assert-Argument ($image -match '\A[A-Za-z0-9][A-Za-z0-9._/:@-]{0,300}\z') "'$image' is no name of an image."
    if ($image -ceq 'none') {
        Invoke-EflowVmCommand -command 'sudo docker rm --force passbench' -ErrorAction Stop | Out-Null
    } else {
        Invoke-EflowVmCommand -command "$EflowContainer $image infinity" -ErrorAction Stop | Out-Null
    }
}

# The value of the variable of this process, which is that of the one that started it.
function Get-Secret {
    param([string]$variable)
    Assert-Argument ($variable -match '\A[A-Za-z0-9_]{1,200}\z') 'secret_variable is the name of an environment variable.'
    $secret = Read-Guarded { [string](Get-Item -LiteralPath "Env:$variable" -ErrorAction Stop).Value }
    if (-not $secret) { throw (New-PassBenchError 'PassBench.NoSecret' ObjectNotFound "The environment variable $variable is not set where passbench runs.") }
    $secret
}

# The text without the secret, and without the key in a connection string.
function Hide-Secret {
    param([string]$text, [string]$secret)
    if ($secret -eq '') { return $text }
    $hidden = $text.Replace($secret, '***')
    foreach ($part in $secret -split ';') {
        if ($part -match '\ASharedAccessKey=(.+)\z') { $hidden = $hidden.Replace($Matches[1], '***') }
    }
    $hidden
}

# Registers the machine at a hub. There is no way back here.
function Set-PassBenchEflowProvisioning {
    [CmdletBinding()]
    param([string]$type, [string]$scope_id, [string]$registration_id, [string]$iot_hub, [string]$device_id, [string]$identity_cert, [string]$identity_key, [string]$secret_variable)
    Assert-Word 'type' $type $EflowProvisionings
    $secret = ''
    if (@('ManualConnectionString', 'DpsSymmetricKey') -ccontains $type) { $secret = Get-Secret $secret_variable }
    # All that it says goes nowhere: it may say what it was given.
    try {
        if ($type -ceq 'ManualConnectionString') {
            Provision-EflowVm -provisioningType $type -devConnString $secret -headless -ErrorAction Stop *>&1 | Out-Null
        } elseif ($type -ceq 'ManualX509') {
            Provision-EflowVm -provisioningType $type -iotHubHostname $iot_hub -deviceId $device_id -identityCertPath $identity_cert -identityPrivKeyPath $identity_key -headless -ErrorAction Stop *>&1 | Out-Null
        } elseif ($type -ceq 'DpsSymmetricKey') {
            Provision-EflowVm -provisioningType $type -scopeId $scope_id -registrationId $registration_id -symmKey $secret -headless -ErrorAction Stop *>&1 | Out-Null
        } elseif ($type -ceq 'DpsX509') {
            Provision-EflowVm -provisioningType $type -scopeId $scope_id -identityCertPath $identity_cert -identityPrivKeyPath $identity_key -headless -ErrorAction Stop *>&1 | Out-Null
        } elseif ($registration_id -ne '') {
            Provision-EflowVm -provisioningType $type -scopeId $scope_id -registrationId $registration_id -headless -ErrorAction Stop *>&1 | Out-Null
        } else {
            Provision-EflowVm -provisioningType $type -scopeId $scope_id -headless -ErrorAction Stop *>&1 | Out-Null
        }
    } catch {
        throw (New-PassBenchError (Hide-Secret ([string]$_.FullyQualifiedErrorId) $secret) $_.CategoryInfo.Category (Hide-Secret ([string]$_.Exception.Message) $secret))
    }
}
