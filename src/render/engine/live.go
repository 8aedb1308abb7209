//go:build wasip1

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand"
	"os"
	"slices"
	"text/template"
	"time"

	"github.com/Masterminds/sprig/v3"

	"plumbline.dev/render/host"
)

// volatile is set where a template asked for chance or for the time. Chance of the cryptographic kind the host sees by itself.
var volatile bool

// liveFunctions are the template functions that reach beyond the chart, or whose answer is another each time. Keys and values of a
// dictionary come in Go's order of the day; sorted, they do not make one chart render in two ways.
func liveFunctions() template.FuncMap {
	original := sprig.TxtFuncMap()
	shuffle, _ := original["shuffle"].(func(string) string)
	ago, _ := original["ago"].(func(any) string)
	return template.FuncMap{
		"lookup":  lookup,
		"now":     func() time.Time { volatile = true; return time.Now() },
		"ago":     func(date any) string { volatile = true; return ago(date) },
		"randInt": func(least, most int) int { volatile = true; return rand.Intn(most-least) + least },
		"shuffle": func(text string) string { volatile = true; return shuffle(text) },
		"keys":    sortedKeys,
		"values":  sortedValues,
	}
}

func sortedKeys(dictionaries ...map[string]any) []string {
	keys := []string{}
	for _, dictionary := range dictionaries {
		first := len(keys)
		for key := range dictionary {
			keys = append(keys, key)
		}
		slices.Sort(keys[first:])
	}
	return keys
}

func sortedValues(dictionary map[string]any) []any {
	values := []any{}
	for _, key := range sortedKeys(dictionary) {
		values = append(values, dictionary[key])
	}
	return values
}

// lookup gives a live object, a list where name is empty, and an empty map for what is not there or where there is no cluster.
func lookup(apiVersion, kind, namespace, name string) (map[string]any, error) {
	text, err := host.Lookup(apiVersion, kind, namespace, name)
	if errors.Is(err, fs.ErrNotExist) {
		return map[string]any{}, nil
	}
	if err != nil {
		return map[string]any{}, err
	}
	found := map[string]any{}
	return found, json.Unmarshal(text, &found)
}

// warn reaches the user through the module's standard error, as the engines' own notices do.
func warn(format string, arguments ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", arguments...)
}
