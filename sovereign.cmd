@echo off
rem Starts Sovereign on Windows: cmd.exe finds this file, PowerShell does the work. See sovereign.ps1 beside it.
setlocal
set "SOVEREIGN_LAUNCHER=%~f0"
powershell.exe -NoLogo -NoProfile -ExecutionPolicy Bypass -File "%~dp0sovereign.ps1" %*
exit /b %ERRORLEVEL%
