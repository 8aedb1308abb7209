//go:build wasip1

// Helm's and Kustomize's own engines as one WebAssembly reactor module. The host calls alloc(n), writes a request there as JSON,
// calls render(), and reads the answer, JSON too, at the address and length that are packed into the returned 64 bits. While
// render runs, package host asks for files and whatever else it needs. One request at a time; the host ends the instance when it
// takes too long or too much memory.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"os"
	"regexp"
	"runtime"
	"runtime/debug"
	"unsafe"

	"plumbline.dev/render/host"
)

// Request says what to render. Paths are the host's.
type Request struct {
	// "helm" or "kustomize"
	Kind string `json:"kind"`
	Path string `json:"path"`

	Helm HelmOptions `json:"helm"`
	// Changes to the kustomization at Path before it is built, in kustomization.yaml's own words.
	Edits json.RawMessage `json:"edits,omitempty"`
}

// Output is the text of one file that a template made, or of everything a kustomization made.
type Output struct {
	File string `json:"file"`
	Text string `json:"text"`
	// Not a template's, but as it stands in crds/.
	Crd bool `json:"crd,omitempty"`
}

// Answer has a Failure or Outputs.
type Answer struct {
	Outputs []Output `json:"outputs,omitempty"`
	Notes   string   `json:"notes,omitempty"`
	Failure *Failure `json:"failure,omitempty"`
	// Chance or the clock may have had a say.
	Volatile bool `json:"volatile,omitempty"`
	// Something was left half done: this instance renders no more.
	Spoilt bool `json:"spoilt,omitempty"`
}

var input, output []byte

//go:wasmexport alloc
func alloc(length uint32) uint32 {
	input = make([]byte, length)
	return uint32(uintptr(unsafe.Pointer(&input[0])))
}

//go:wasmexport render
func render() uint64 {
	volatile = false
	answer := answerTo(input)
	answer.Volatile = volatile
	input = nil
	body, err := json.Marshal(answer)
	if err != nil {
		body = []byte(`{"failure":{"kind":"internal","message":"the answer is no JSON"}}`)
	}
	output = body
	return uint64(uintptr(unsafe.Pointer(&output[0])))<<32 | uint64(len(output))
}

func answerTo(body []byte) (answer Answer) {
	var request Request
	defer func() {
		if fault := recover(); fault != nil {
			answer = Answer{Failure: panicked(fault, request.Kind), Spoilt: true}
		}
	}()
	host.Forget()
	if err := json.Unmarshal(body, &request); err != nil {
		return Answer{Failure: failureOf(err)}
	}
	answer, err := renderOne(request)
	if refused := host.Obstacle(); err == nil && refused != nil {
		return Answer{Failure: &Failure{Kind: "host", Message: refused.Message, Problem: refused.Problem}}
	}
	if err != nil {
		return Answer{Failure: failureOf(err)}
	}
	return answer
}

// panicked tells faults from what Kustomize has no error for: a schema that is no JSON, among others.
func panicked(fault any, kind string) *Failure {
	failure := &Failure{Kind: "internal", Message: fmt.Sprint(fault)}
	if _, isFault := fault.(runtime.Error); isFault {
		return failure
	}
	if failure.Kind = "template"; kind == "kustomize" {
		failure.Kind = "build"
	}
	return failure
}

func renderOne(request Request) (Answer, error) {
	switch request.Kind {
	case "helm":
		return renderChart(request.Path, request.Helm)
	case "kustomize":
		return renderKustomization(request)
	default:
		return Answer{}, fmt.Errorf("there is nothing that renders %q", request.Kind)
	}
}

// A render's garbage goes at once with its successor's: collecting half as often is a third faster, and the host bounds the memory.
const garbagePercent = 300

func init() {
	debug.SetGCPercent(garbagePercent)
	debug.SetMemoryLimit(64 << 20)
	debug.SetMaxStack(64 << 20)
	http.DefaultTransport = transport{}
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{
		Level: slog.LevelWarn,
		ReplaceAttr: func(_ []string, attribute slog.Attr) slog.Attr {
			if attribute.Key == slog.TimeKey || attribute.Key == slog.LevelKey {
				return slog.Attr{}
			}
			return attribute
		},
	})))
	// After slog, which would take package log's lines for information that nobody asked for.
	log.SetFlags(0)
	log.SetOutput(notices{})
}

// notices are what Helm says through package log: of values that do not fit it quotes all, and they may be secrets.
type notices struct{}

// Source: helm.sh/helm/v4, coalesceTables: "... non-table value (%v)".
var quotedValue = regexp.MustCompile(`(?s) \(.*\)\n?$`)

func (notices) Write(text []byte) (int, error) {
	line := bytes.TrimSuffix(quotedValue.ReplaceAll(text, nil), []byte("\n"))
	_, err := os.Stderr.Write(append(line, '\n'))
	return len(text), err
}

func main() {}
