Deploy-Eflow -acceptEula Yes -acceptOptionalTelemetry No -cpuCount 4 -memoryInMB 8192 -vmDiskSize 29; Stop-EflowVm
Set-EflowVM -cpuCount 8 -memoryInMB 8192 -headless
Set-EflowVM -cpuCount 8 -memoryInMB 16384 -headless
Set-EflowVM -cpuCount 8 -memoryInMB 16384 -gpuName 'NVIDIA RTX A2000' -gpuPassthroughType ParaVirtualization -gpuCount 1 -headless
Start-EflowVm
