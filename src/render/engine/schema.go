//go:build wasip1

package main

import (
	"bytes"
	"errors"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	chart "helm.sh/helm/v4/pkg/chart/v2"

	"plumbline.dev/render/host"
)

// checkSchemas holds the values to the schemas of the chart and of those below it, as Helm does, and names every violation.
func checkSchemas(loaded *chart.Chart, values map[string]any) error {
	violations, err := schemaViolations(loaded, values, "")
	if err != nil || len(violations) == 0 {
		return err
	}
	first := violations[0]
	return &Failure{Kind: "schema", Chart: first.Chart, Message: first.Path + ": " + first.Message, Violations: violations}
}

func schemaViolations(loaded *chart.Chart, values map[string]any, above string) ([]Violation, error) {
	found, err := ownViolations(loaded, values, above)
	if err != nil {
		return nil, err
	}
	for _, below := range loaded.Dependencies() {
		given, present := values[below.Name()]
		if !present || given == nil {
			continue
		}
		place := above + "/" + below.Name()
		table, isTable := given.(map[string]any)
		if !isTable {
			found = append(found, Violation{below.Name(), place, "the values of a chart are a mapping"})
			continue
		}
		more, err := schemaViolations(below, table, place)
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
	}
	return found, nil
}

const schemaURL = "file:///values.schema.json"

func ownViolations(loaded *chart.Chart, values map[string]any, above string) ([]Violation, error) {
	if loaded.Schema == nil {
		return nil, nil
	}
	schema, err := compileSchema(loaded.Schema)
	if err != nil {
		failure := failed("chart", err)
		failure.Chart, failure.File = loaded.Name(), "values.schema.json"
		return nil, failure
	}
	var invalid *jsonschema.ValidationError
	if !errors.As(schema.Validate(values), &invalid) {
		return nil, nil
	}
	var found []Violation
	collect(invalid, func(leaf *jsonschema.ValidationError) {
		place := above
		for _, name := range leaf.InstanceLocation {
			place += "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
		}
		found = append(found, Violation{loaded.Name(), place, leaf.ErrorKind.LocalizedString(english)})
	})
	return found, nil
}

var english = message.NewPrinter(language.English)

// collect visits the violations that have no further reasons.
func collect(violation *jsonschema.ValidationError, visit func(*jsonschema.ValidationError)) {
	if len(violation.Causes) == 0 {
		visit(violation)
	}
	for _, cause := range violation.Causes {
		collect(cause, visit)
	}
}

func compileSchema(text []byte) (*jsonschema.Schema, error) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	compiler.UseLoader(jsonschema.SchemeURLLoader{"http": remoteSchema{}, "https": remoteSchema{}, "urn": anySchema{}})
	if err := compiler.AddResource(schemaURL, document); err != nil {
		return nil, err
	}
	return compiler.Compile(schemaURL)
}

// remoteSchema asks the host, which has the last word on what may be fetched.
type remoteSchema struct{}

func (remoteSchema) Load(url string) (any, error) {
	text, err := host.Get(url)
	if err != nil {
		return nil, err
	}
	return jsonschema.UnmarshalJSON(bytes.NewReader(text))
}

// anySchema is what Helm takes a schema for that only a name leads to.
type anySchema struct{}

func (anySchema) Load(string) (any, error) { return true, nil }
