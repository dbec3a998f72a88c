Stop-VM -Name 'lab-guest'
Set-VM -Name 'lab-guest' -AutomaticStopAction TurnOff
Set-VM -Name 'lab-guest' -GuestControlledCacheTypes $true
Set-VM -Name 'lab-guest' -LowMemoryMappedIoSpace 167772160
Set-VM -Name 'lab-guest' -HighMemoryMappedIoSpace 34896609280
Set-VMMemory -VMName 'lab-guest' -DynamicMemoryEnabled $false
Set-VMMemory -VMName 'lab-guest' -StartupBytes 17179869184
Set-VMProcessor -VMName 'lab-guest' -Count 8
Set-VM -Name 'lab-guest' -CheckpointType Disabled
Disable-PnpDevice -InstanceId 'PCI\VEN_10DE&DEV_228E&SUBSYS_151D103C&REV_A1\4&1A2B3C4D&0&0118' -Confirm:$false
Dismount-VMHostAssignableDevice -LocationPath 'PCIROOT(0)#PCI(0300)#PCI(0001)' -Force
Disable-PnpDevice -InstanceId 'PCI\VEN_10DE&DEV_2531&SUBSYS_151D103C&REV_A1\4&1A2B3C4D&0&0018' -Confirm:$false
Dismount-VMHostAssignableDevice -LocationPath 'PCIROOT(0)#PCI(0300)#PCI(0000)' -Force
Add-VMAssignableDevice -LocationPath 'PCIROOT(0)#PCI(0300)#PCI(0000)' -VMName 'lab-guest'
Start-VM -Name 'lab-guest'
