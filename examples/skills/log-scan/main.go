// log-scan counts the lines of the files below a granted folder that hold a word, and says which
// files hold it. The folder is the first argument after the tool, the word the second.
package main

import (
	"bufio"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
)

func main() {
	if len(os.Args) != 4 {
		os.Stderr.WriteString("usage: log-scan scan FOLDER WORD\n")
		os.Exit(2)
	}
	counts := map[string]int{}
	walk(os.Args[2], os.Args[3], counts)
	names := make([]string, 0, len(counts))
	total := 0
	for name, count := range counts {
		names = append(names, name)
		total += count
	}
	sort.Strings(names)
	out := bufio.NewWriter(os.Stdout)
	out.WriteString("{\"lines\":" + strconv.Itoa(total) + ",\"files\":[")
	for i, name := range names {
		if i > 0 {
			out.WriteString(",")
		}
		out.WriteString(strconv.Quote(name))
	}
	out.WriteString("]}\n")
	out.Flush()
}

// walk looks into plain files and folders; links are nobody's business here.
func walk(folder, word string, counts map[string]int) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		os.Stderr.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
	for _, entry := range entries {
		path := filepath.Join(folder, entry.Name())
		if entry.IsDir() {
			walk(path, word, counts)
		} else if entry.Type().IsRegular() {
			scan(path, word, counts)
		}
	}
}

func scan(path, word string, counts map[string]int) {
	file, err := os.Open(path)
	if err != nil {
		os.Stderr.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(make([]byte, 64<<10), 1<<20)
	for lines.Scan() {
		if strings.Contains(lines.Text(), word) {
			counts[path]++
		}
	}
}
