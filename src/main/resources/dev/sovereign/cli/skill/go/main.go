package main

import (
	"bufio"
	"os"
	"strings"
)

// The host calls of docs/skills.md are imported like this:
// //go:wasmimport sovereign assert
// func assert(facts unsafe.Pointer, length uint32) int32

func main() {
	name, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if err != nil && name == "" {
		os.Stderr.WriteString("nobody to greet\n")
		os.Exit(1)
	}
	os.Stdout.WriteString("{\"greeting\":\"hello " + strings.TrimSpace(name) + "\"}\n")
}
