Stop-VM -Name 'lab-guest'
Set-ItemProperty -Path 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\HyperV' -Name RequireSecureDeviceAssignment -Type DWord -Value 0
Set-ItemProperty -Path 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\HyperV' -Name RequireSupportedDeviceAssignment -Type DWord -Value 0
Set-VMFirmware -VMName 'lab-guest' -EnableSecureBoot Off
Set-VM -Name 'lab-guest' -GuestControlledCacheTypes $true
Set-VM -Name 'lab-guest' -LowMemoryMappedIoSpace 1073741824
Set-VM -Name 'lab-guest' -HighMemoryMappedIoSpace 34359738368
Set-VMMemory -VMName 'lab-guest' -DynamicMemoryEnabled $false
Set-VMMemory -VMName 'lab-guest' -StartupBytes 17179869184
Set-VMProcessor -VMName 'lab-guest' -Count 8
Set-VM -Name 'lab-guest' -CheckpointType Disabled
Add-VMGpuPartitionAdapter -VMName 'lab-guest' -InstancePath '\\?\PCI#VEN_10DE&DEV_2531&SUBSYS_151D103C&REV_A1#4&1A2B3C4D&0&0018#{064092b3-625e-43bf-9eb5-dc845897dd59}\GPUPARAV'
Start-VM -Name 'lab-guest'
