module example.org/log-scan

go 1.21
