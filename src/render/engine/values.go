//go:build wasip1

package main

import (
	"bytes"
	"fmt"

	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/strvals"
)

// userValues puts together what the user gives, in the order of Helm's command: files, then the values of the declaration (a last
// file), then --set, --set-string and --set-file.
func userValues(options HelmOptions) (map[string]any, error) {
	values := map[string]any{}
	for _, file := range options.ValueFiles {
		text, err := readBounded(file)
		if err != nil {
			return nil, valuesFailure(file, err)
		}
		more, err := loader.LoadValues(bytes.NewReader(text))
		if err != nil {
			return nil, valuesFailure(file, err)
		}
		values = loader.MergeMaps(values, more)
	}
	if options.Values != "" {
		more, err := loader.LoadValues(bytes.NewReader([]byte(options.Values)))
		if err != nil {
			return nil, valuesFailure("spec.source.helm.values", err)
		}
		values = loader.MergeMaps(values, more)
	}
	return values, setValues(values, options)
}

func setValues(values map[string]any, options HelmOptions) error {
	for _, text := range options.Set {
		if err := strvals.ParseInto(text, values); err != nil {
			return valuesFailure("spec.source.helm.set", err)
		}
	}
	for _, text := range options.SetString {
		if err := strvals.ParseIntoString(text, values); err != nil {
			return valuesFailure("spec.source.helm.setString", err)
		}
	}
	for _, file := range options.SetFile {
		content := func([]rune) (any, error) {
			text, err := readBounded(file.Path)
			return string(text), err
		}
		// The path itself would be read as the little language that --set has: what stands for it is nothing but a word.
		if err := strvals.ParseIntoFile(file.Key+"=file", values, content); err != nil {
			return valuesFailure("spec.source.helm.setFile", err)
		}
	}
	return nil
}

func valuesFailure(where string, err error) error {
	if known, ok := err.(*Failure); ok {
		return known
	}
	return &Failure{Kind: "values", Message: fmt.Sprintf("the values cannot be used: %v", err), File: where}
}
