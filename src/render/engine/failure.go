//go:build wasip1

package main

import (
	"encoding/json"
	"errors"
	"regexp"
	"strconv"

	"sigs.k8s.io/kustomize/api/types"

	"plumbline.dev/render/host"
)

// Failure is an error with what the engine knows of its place.
type Failure struct {
	// What went wrong; the host has a code for each: chart, archive, dependency, lock, values, schema, kube-version, template, build,
	// plugin, host, internal.
	Kind    string `json:"kind"`
	Message string `json:"message"`
	Chart   string `json:"chart,omitempty"`
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	// Each violation of a chart's schema.
	Violations []Violation `json:"violations,omitempty"`
	// The host's own problem, as it gave it.
	Problem json.RawMessage `json:"problem,omitempty"`
}

// Violation is one value that a chart's schema does not allow. Path is a JSON pointer into the values of the application's chart.
type Violation struct {
	Chart   string `json:"chart"`
	Path    string `json:"path"`
	Message string `json:"message"`
}

// Error makes a Failure an error, so that the place of what went wrong is named where it went wrong.
func (f *Failure) Error() string { return f.Message }

func failed(kind string, err error) *Failure { return &Failure{Kind: kind, Message: err.Error()} }

func failureOf(err error) *Failure {
	if refused := host.FirstRefusal(); refused != nil {
		return &Failure{Kind: "host", Message: refused.Message, Problem: refused.Problem}
	}
	var known *Failure
	if errors.As(err, &known) {
		return known
	}
	if types.IsErrOnlyBuiltinPluginsAllowed(err) {
		return failed("plugin", err)
	}
	return failed("build", err)
}

// Source: text/template names a place as NAME:LINE:COLUMN (parse errors have no column), and Helm keeps it in what it makes of that.
var placeInTemplate = regexp.MustCompile(`(?m)(?:template: |error at \(|^)([^\s():]+):(\d+)(?::(\d+))?`)

// templateFailure finds the innermost place that the message names first.
func templateFailure(chart string, err error) *Failure {
	failure := failed("template", err)
	failure.Chart = chart
	if found := placeInTemplate.FindStringSubmatch(failure.Message); found != nil {
		failure.File = found[1]
		failure.Line, _ = strconv.Atoi(found[2])
		failure.Column, _ = strconv.Atoi(found[3])
	}
	return failure
}
