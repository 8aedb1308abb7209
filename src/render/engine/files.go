//go:build wasip1

package main

import (
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/filesys"

	"plumbline.dev/render/host"
)

// files is the host's files as a kustomization reads them. One file, the kustomization that is built, may stand changed.
type files struct {
	changed string
	content []byte
}

var errReadOnly = errors.New("nothing is written here")

func (files) Create(string) (filesys.File, error)   { return nil, errReadOnly }
func (files) Mkdir(string) error                    { return errReadOnly }
func (files) MkdirAll(string) error                 { return errReadOnly }
func (files) RemoveAll(string) error                { return nil }
func (files) Open(string) (filesys.File, error)     { return nil, errors.New("files are read whole here") }
func (files) WriteFile(string, []byte) error        { return errReadOnly }
func (files) IsDir(name string) bool                { return host.Kind(clean(name)) == "folder" }
func (files) Exists(name string) bool               { return host.Kind(clean(name)) != "" }
func (files) ReadDir(name string) ([]string, error) { return host.Names(clean(name)) }
func (files) Glob(pattern string) ([]string, error) { return globbed(pattern) }

func (f files) ReadFile(name string) ([]byte, error) {
	name = clean(name)
	if name == f.changed {
		return f.content, nil
	}
	data, err := host.Read(name)
	if err != nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: err}
	}
	if len(data) > maxFileBytes {
		return nil, &Failure{Kind: "too-large", Message: "the file is larger than is read", File: name}
	}
	return data, nil
}

func (files) CleanedAbs(name string) (filesys.ConfirmedDir, string, error) {
	name = clean(name)
	kind, real := host.Stat(name)
	switch kind {
	case "folder":
		return filesys.ConfirmedDir(real), "", nil
	case "file":
		return filesys.ConfirmedDir(path.Dir(real)), path.Base(real), nil
	default:
		return "", "", &fs.PathError{Op: "find", Path: name, Err: fs.ErrNotExist}
	}
}

func (f files) Walk(name string, visit filepath.WalkFunc) error {
	name = clean(name)
	below, err := host.Below(name)
	if err != nil {
		return visit(name, nil, err)
	}
	for _, file := range below {
		if err := visit(path.Join(name, file), entry{path.Base(file), false}, nil); err != nil {
			return err
		}
	}
	return nil
}

func clean(name string) string { return path.Join("/", name) }

// globbed finds names in one folder: a pattern in a folder's own name is nothing that kustomizations use.
func globbed(pattern string) ([]string, error) {
	folder, last := path.Split(clean(pattern))
	if !strings.ContainsAny(last, "*?[") {
		if host.Kind(clean(pattern)) == "" {
			return nil, nil
		}
		return []string{pattern}, nil
	}
	names, err := host.Names(path.Clean(folder))
	if err != nil {
		return nil, nil
	}
	var found []string
	for _, name := range names {
		if fits, err := path.Match(last, name); err != nil {
			return nil, err
		} else if fits {
			found = append(found, path.Join(folder, name))
		}
	}
	return found, nil
}
