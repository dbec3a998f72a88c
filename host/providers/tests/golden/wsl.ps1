wsl.exe --terminate 'Debian'
wsl.exe --terminate 'Ubuntu-22.04'
notepad.exe "$env:USERPROFILE\.wslconfig"  # below [wsl2]: gpuSupport=true
notepad.exe "$env:USERPROFILE\.wslconfig"  # below [wsl2]: memory=17179869184
notepad.exe "$env:USERPROFILE\.wslconfig"  # below [wsl2]: processors=8
wsl.exe --distribution 'Ubuntu-22.04' --exec /bin/true
