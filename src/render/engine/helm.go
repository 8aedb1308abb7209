//go:build wasip1

package main

import (
	"encoding/json"
	"fmt"
	"path"
	"sort"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	chartvalues "helm.sh/helm/v4/pkg/chart/common/util"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/engine"

	"plumbline.dev/render/host"
)

// HelmOptions is what the declaration and the destination say of a release.
type HelmOptions struct {
	Name      string `json:"name"`
	Namespace string `json:"namespace"`
	Revision  int    `json:"revision"`
	IsUpgrade bool   `json:"isUpgrade"`

	ValueFiles []string `json:"valueFiles"`
	// YAML or JSON.
	Values    string      `json:"values"`
	Set       []string    `json:"set"`
	SetString []string    `json:"setString"`
	SetFile   []KeyedFile `json:"setFile"`

	IncludeCrds bool `json:"includeCrds"`
	// In place of the destination's, unless empty.
	KubeVersion string `json:"kubeVersion"`
	// Beside the destination's.
	APIVersions []string `json:"apiVersions"`
}

// KeyedFile is a value whose content is a file's.
type KeyedFile struct {
	Key  string `json:"key"`
	Path string `json:"path"`
}

func renderChart(at string, options HelmOptions) (Answer, error) {
	loaded, err := loadChart(at)
	if err != nil {
		return Answer{}, err
	}
	values, err := userValues(options)
	if err != nil {
		return Answer{}, err
	}
	return renderLoaded(loaded, values, options)
}

func renderLoaded(loaded *chart.Chart, values map[string]any, options HelmOptions) (Answer, error) {
	if err := checkKind(loaded); err != nil {
		return Answer{}, err
	}
	if err := chartutil.ProcessDependencies(loaded, values); err != nil {
		return Answer{}, dependenciesFailure(loaded, err)
	}
	capabilities, err := capabilitiesOf(loaded, options)
	if err != nil {
		return Answer{}, err
	}
	release := common.ReleaseOptions{
		Name: options.Name, Namespace: options.Namespace, Revision: max(1, options.Revision),
		IsInstall: !options.IsUpgrade, IsUpgrade: options.IsUpgrade,
	}
	scope, err := chartvalues.ToRenderValuesWithSchemaValidation(loaded, values, release, capabilities, true)
	if err != nil {
		return Answer{}, dependenciesFailure(loaded, err)
	}
	all, _ := scope["Values"].(common.Values)
	if err := checkSchemas(loaded, all); err != nil {
		return Answer{}, err
	}
	texts, err := (engine.Engine{CustomTemplateFuncs: liveFunctions()}).Render(loaded, scope)
	if err != nil {
		return Answer{}, templateFailure(loaded.Name(), err)
	}
	return outputsOf(loaded, texts, options.IncludeCrds), nil
}

// checkKind refuses what cannot be installed by itself.
func checkKind(loaded *chart.Chart) error {
	if err := loaded.Validate(); err != nil {
		return chartFailure(loaded.Name(), err)
	}
	if kind := loaded.Metadata.Type; kind != "" && kind != "application" {
		return chartFailure(loaded.Name(), fmt.Errorf("a chart of type %q cannot be installed", kind))
	}
	if loaded.Metadata.Deprecated {
		warn("chart %s is deprecated", loaded.Name())
	}
	return nil
}

func dependenciesFailure(loaded *chart.Chart, err error) *Failure {
	failure := failed("values", err)
	failure.Chart = loaded.Name()
	return failure
}

// capabilitiesOf has the versions that the host names, which knows the destination, and those that the declaration adds.
func capabilitiesOf(loaded *chart.Chart, options HelmOptions) (*common.Capabilities, error) {
	var known struct {
		KubeVersion string   `json:"kubeVersion"`
		APIVersions []string `json:"apiVersions"`
	}
	text, err := host.Capabilities()
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &known); err != nil {
		return nil, err
	}
	if options.KubeVersion != "" {
		known.KubeVersion = options.KubeVersion
	}
	version, err := common.ParseKubeVersion(known.KubeVersion)
	if err != nil {
		message := fmt.Sprintf("%q is no version of Kubernetes", known.KubeVersion)
		return nil, &Failure{Kind: "values", Message: message, File: "spec.source.helm.kubeVersion"}
	}
	wanted := loaded.Metadata.KubeVersion
	if wanted != "" && !chartutil.IsCompatibleRange(wanted, version.String()) {
		message := fmt.Sprintf("the chart is for Kubernetes %s, and this is %s", wanted, version.Version)
		return nil, &Failure{Kind: "kube-version", Message: message, Chart: loaded.Name()}
	}
	capabilities := common.DefaultCapabilities.Copy()
	capabilities.KubeVersion = *version
	capabilities.APIVersions = append(known.APIVersions, options.APIVersions...)
	return capabilities, nil
}

const notesFile = "NOTES.txt"

// outputsOf sorts what templates made: manifests by file, the chart's own notes apart, those of charts below it left out.
func outputsOf(loaded *chart.Chart, texts map[string]string, includeCrds bool) Answer {
	var answer Answer
	for name, text := range texts {
		switch {
		case name == path.Join(loaded.Name(), "templates", notesFile):
			answer.Notes = strings.TrimSpace(text)
		case strings.HasSuffix(name, notesFile), strings.HasPrefix(path.Base(name), "_"), strings.TrimSpace(text) == "":
		default:
			answer.Outputs = append(answer.Outputs, Output{File: name, Text: text})
		}
	}
	sort.Slice(answer.Outputs, func(one, other int) bool { return answer.Outputs[one].File < answer.Outputs[other].File })
	if includeCrds {
		var definitions []Output
		for _, definition := range loaded.CRDObjects() {
			definitions = append(definitions, Output{File: definition.Filename, Text: string(definition.File.Data), Crd: true})
		}
		answer.Outputs = append(definitions, answer.Outputs...)
	}
	return answer
}
