//go:build wasip1

package host

import (
	"encoding/json"
	"strings"
)

type question struct {
	Op   string `json:"op"`
	Path string `json:"path"`
}

// Kind is "file", "folder" or, where nothing stands, "".
func Kind(path string) string {
	kind, _ := Stat(path)
	return kind
}

// Stat gives the kind, and the path to which the links on the way lead.
func Stat(path string) (kind, real string) {
	answer, err := Ask(question{"stat", path})
	if err != nil {
		return "", ""
	}
	kind, real, _ = strings.Cut(string(answer), " ")
	return kind, real
}

// Read gives the bytes of a file. Errors: fs.ErrNotExist, *Refusal.
func Read(path string) ([]byte, error) { return Ask(question{"read", path}) }

// Names gives what stands in a folder, sorted.
func Names(path string) ([]string, error) { return list("names", path) }

// Below gives every file below a folder, from there, sorted.
func Below(path string) ([]string, error) { return list("below", path) }

func list(op, path string) ([]string, error) {
	answer, err := Ask(question{op, path})
	if err != nil {
		return nil, err
	}
	var names []string
	return names, json.Unmarshal(answer, &names)
}

// Clone gives the folder where a repository's files are to be found from now on.
func Clone(url, ref string) (string, error) {
	folder, err := Ask(struct {
		Op  string `json:"op"`
		URL string `json:"url"`
		Ref string `json:"ref"`
	}{"clone", url, ref})
	return string(folder), err
}

// Chart gives the archive of a chart of a Helm repository or registry. Digest, where it is known, is checked by the host.
func Chart(repository, name, version string) ([]byte, error) {
	return Ask(struct {
		Op      string `json:"op"`
		Repo    string `json:"repo"`
		Chart   string `json:"chart"`
		Version string `json:"version"`
	}{"chart", repository, name, version})
}

// Lookup gives a live object, or a list where name is empty, as JSON. Errors: fs.ErrNotExist, *Refusal.
func Lookup(apiVersion, kind, namespace, name string) ([]byte, error) {
	return Ask(struct {
		Op         string `json:"op"`
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
		Namespace  string `json:"namespace"`
		Name       string `json:"name"`
	}{"lookup", apiVersion, kind, namespace, name})
}

// Get gives the content at a URL.
func Get(url string) ([]byte, error) {
	return Ask(struct {
		Op  string `json:"op"`
		URL string `json:"url"`
	}{"get", url})
}

// Capabilities gives the version of the destination, and the API versions that it serves, as JSON.
func Capabilities() ([]byte, error) {
	return Ask(struct {
		Op string `json:"op"`
	}{"capabilities"})
}
