module example.org/skill

go 1.21
