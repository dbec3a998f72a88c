Stop-EflowVm
Set-EflowVM -cpuCount 8 -memoryInMB 4096 -headless
Set-EflowVM -cpuCount 8 -memoryInMB 16384 -headless
Set-EflowVM -cpuCount 8 -memoryInMB 16384 -gpuName 'NVIDIA Tesla T4' -gpuPassthroughType DirectDeviceAssignment -gpuCount 1 -headless
Start-EflowVm
