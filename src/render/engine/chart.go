//go:build wasip1

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"helm.sh/helm/v4/pkg/chart/loader/archive"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/ignore"

	"plumbline.dev/render/host"
)

var utf8Mark = []byte{0xEF, 0xBB, 0xBF}

// loadChart reads a chart's folder or archive, with all its dependencies.
func loadChart(at string) (*chart.Chart, error) { return loadChartAt(at, 0) }

func loadChartAt(at string, depth int) (*chart.Chart, error) {
	if host.Kind(at) == "file" {
		data, err := host.Read(at)
		if err != nil {
			return nil, err
		}
		return unpackChart(at, data)
	}
	files, err := chartFiles(at)
	if err != nil {
		return nil, err
	}
	loaded, err := loader.LoadFiles(files)
	if err != nil {
		return nil, chartFailure(at, err)
	}
	return loaded, completeDependencies(loaded, at, depth)
}

func unpackChart(name string, data []byte) (*chart.Chart, error) {
	if err := checkArchive(name, data); err != nil {
		return nil, err
	}
	loaded, err := loader.LoadArchive(bytes.NewReader(data))
	if err != nil {
		return nil, chartFailure(name, err)
	}
	return loaded, completeDependencies(loaded, "", 0)
}

func chartFailure(at string, err error) *Failure {
	failure := failed("chart", err)
	failure.Chart = at
	return failure
}

// chartFiles gives what Helm would load from the folder: .helmignore honoured, byte order marks taken off.
func chartFiles(at string) ([]*archive.BufferedFile, error) {
	names, err := host.Below(at)
	if err != nil {
		return nil, chartFailure(at, fmt.Errorf("the chart's folder cannot be read: %w", err))
	}
	rules, err := ignoreRules(at)
	if err != nil {
		return nil, chartFailure(at, err)
	}
	var files []*archive.BufferedFile
	total := 0
	for _, name := range names {
		if ignored(rules, name) {
			continue
		}
		data, err := readBounded(path.Join(at, name))
		if err != nil {
			return nil, err
		}
		if total += len(data); total > maxChartBytes {
			return nil, chartTooLarge(at, "more than %d bytes", maxChartBytes)
		}
		if packedChart.MatchString("./" + name) {
			if err := checkArchive(path.Join(at, name), data); err != nil {
				return nil, err
			}
		}
		if len(files) >= maxEntries {
			return nil, chartTooLarge(at, "more than %d files", maxEntries)
		}
		files = append(files, &archive.BufferedFile{Name: name, Data: bytes.TrimPrefix(data, utf8Mark)})
	}
	return files, nil
}

func chartTooLarge(at, format string, arguments ...any) *Failure {
	return &Failure{Kind: "too-large", Message: fmt.Sprintf("the chart has "+format, arguments...), Chart: at}
}

func readBounded(at string) ([]byte, error) {
	data, err := host.Read(at)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is not there", at)
	}
	if len(data) > maxFileBytes && !strings.HasSuffix(at, ".tgz") {
		return nil, &Failure{Kind: "too-large", Message: fmt.Sprintf("the file has %d bytes; at most %d are read", len(data), maxFileBytes), File: at}
	}
	return data, err
}

func ignoreRules(at string) (*ignore.Rules, error) {
	rules := ignore.Empty()
	text, err := host.Read(path.Join(at, ignore.HelmIgnore))
	if err == nil {
		rules, err = ignore.Parse(bytes.NewReader(text))
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	rules.AddDefaults()
	return rules, nil
}

// A folder that is ignored takes everything below it along.
func ignored(rules *ignore.Rules, name string) bool {
	for end := 0; ; {
		slash := strings.IndexByte(name[end:], '/')
		if slash < 0 {
			return rules.Ignore(name, entry{path.Base(name), false})
		}
		end += slash
		if rules.Ignore(name[:end], entry{path.Base(name[:end]), true}) {
			return true
		}
		end++
	}
}

// entry is as much of a file's description as ignore rules look at.
type entry struct {
	name   string
	folder bool
}

func (e entry) Name() string       { return e.name }
func (e entry) IsDir() bool        { return e.folder }
func (e entry) Size() int64        { return 0 }
func (e entry) ModTime() time.Time { return time.Time{} }
func (e entry) Sys() any           { return nil }
func (e entry) Mode() fs.FileMode {
	if e.folder {
		return fs.ModeDir
	}
	return 0
}
