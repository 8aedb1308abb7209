//go:build wasip1

package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"

	"helm.sh/helm/v4/pkg/chart/loader/archive"
)

// Far above the largest charts that are published, far below what would hurt: Helm's own limit is 100 MiB.
const (
	maxChartBytes   = 24 << 20
	maxFileBytes    = 5 << 20
	maxEntries      = 10_000
	maxFolderDepth  = 32
	maxArchiveDepth = 8
)

func init() { archive.MaxDecompressedChartSize = maxChartBytes }

// checkArchive refuses an archive that is too large, too deep or leads out of itself, before anything of it is kept; archives inside
// it are looked into as well, and count for the same sums.
func checkArchive(name string, data []byte) error { return (&archiveCheck{}).archive(name, data, 0) }

type archiveCheck struct {
	entries int
	bytes   int64
}

func (c *archiveCheck) archive(name string, data []byte, depth int) error {
	if depth > maxArchiveDepth {
		return archiveFailure(name, "holds archives more than %d levels deep", maxArchiveDepth)
	}
	unzipped, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return archiveFailure(name, "is no gzip archive: %v", err)
	}
	defer unzipped.Close()
	entries := tar.NewReader(unzipped)
	for {
		header, err := entries.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return archiveFailure(name, "cannot be read: %v", err)
		}
		if err := c.entry(name, header); err != nil {
			return err
		}
		if !packedChart.MatchString(strings.ReplaceAll(header.Name, "\\", "/")) {
			continue
		}
		inner, err := io.ReadAll(io.LimitReader(entries, maxChartBytes))
		if err != nil {
			return archiveFailure(name, "cannot be read: %v", err)
		}
		if err := c.archive(name+"/"+header.Name, inner, depth+1); err != nil {
			return err
		}
	}
}

// packedChart is what Helm takes for a chart below the one that it stands in. In an archive all is below the chart's name.
var packedChart = regexp.MustCompile(`^([^/]+/)?(charts/[^/]+/)*charts/[^/]+\.tgz$`)

var drive = regexp.MustCompile(`^[A-Za-z]:`)

func (c *archiveCheck) entry(archiveName string, header *tar.Header) error {
	c.entries++
	c.bytes += header.Size
	name := strings.ReplaceAll(header.Name, "\\", "/")
	switch {
	case c.entries > maxEntries:
		return archiveFailure(archiveName, "has more than %d entries", maxEntries)
	case c.bytes > maxChartBytes:
		return archiveFailure(archiveName, "has more than %d bytes when it is unpacked", int64(maxChartBytes))
	case header.Size > maxFileBytes && !strings.HasSuffix(name, ".tgz"):
		return archiveFailure(archiveName, "holds %q with %d bytes; at most %d are read", name, header.Size, int64(maxFileBytes))
	case path.IsAbs(name) || drive.MatchString(name) || strings.Contains("/"+name+"/", "/../"):
		return archiveFailure(archiveName, "holds %q, which leads out of it", name)
	case header.Typeflag == tar.TypeSymlink || header.Typeflag == tar.TypeLink:
		return archiveFailure(archiveName, "holds the link %q", name)
	case strings.Count(name, "/") > maxFolderDepth:
		return archiveFailure(archiveName, "holds %q, more than %d folders deep", name, maxFolderDepth)
	}
	return nil
}

func archiveFailure(name, format string, arguments ...any) *Failure {
	return &Failure{Kind: "archive", Message: fmt.Sprintf("the archive "+format, arguments...), File: name}
}
