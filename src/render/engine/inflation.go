//go:build wasip1

package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"

	"plumbline.dev/render/host"
	"plumbline.dev/render/inflate"
)

// inflateChart renders an entry of helmCharts as Kustomize has it done by Helm's command: hooks are ordinary objects.
func inflateChart(wanted inflate.Wanted, outer HelmOptions) (string, error) {
	loaded, err := wantedChart(wanted)
	if err != nil {
		return "", err
	}
	values := map[string]any{}
	for _, text := range wanted.Values {
		more, err := loader.LoadValues(bytes.NewReader(text))
		if err != nil {
			return "", err
		}
		values = loader.MergeMaps(values, more)
	}
	answer, err := renderLoaded(loaded, values, inflationOptions(wanted, outer))
	if err != nil {
		return "", err
	}
	return printed(answer.Outputs, wanted)
}

func wantedChart(wanted inflate.Wanted) (*chart.Chart, error) {
	if host.Kind(wanted.Folder) == "folder" {
		return loadChart(wanted.Folder)
	}
	if wanted.Repo == "" {
		return nil, fmt.Errorf("no chart stands at %s, and the entry names no repository", wanted.Folder)
	}
	data, err := host.Chart(wanted.Repo, wanted.Name, wanted.Version)
	if err != nil {
		return nil, err
	}
	return unpackChart(wanted.Name+".tgz", data)
}

func inflationOptions(wanted inflate.Wanted, outer HelmOptions) HelmOptions {
	options := HelmOptions{
		Name: wanted.ReleaseName, Namespace: wanted.Namespace, Revision: 1, IncludeCrds: wanted.IncludeCRDs,
		KubeVersion: outer.KubeVersion, APIVersions: append(append([]string(nil), outer.APIVersions...), wanted.ApiVersions...),
	}
	if options.Name == "" {
		options.Name = "release-name"
	}
	if options.Namespace == "" {
		options.Namespace = "default"
	}
	if wanted.KubeVersion != "" {
		options.KubeVersion = wanted.KubeVersion
	}
	return options
}

// printed is one stream of everything, in Helm's order of installing.
func printed(outputs []Output, wanted inflate.Wanted) (string, error) {
	var text strings.Builder
	templates := map[string]string{}
	for _, output := range outputs {
		if output.Crd {
			fmt.Fprintf(&text, "---\n%s\n", output.Text)
		} else {
			templates[output.File] = output.Text
		}
	}
	hooks, manifests, err := releaseutil.SortManifests(templates, nil, releaseutil.InstallOrder)
	if err != nil {
		return "", errors.New(strings.TrimSpace(err.Error()))
	}
	for _, manifest := range manifests {
		fmt.Fprintf(&text, "---\n%s\n", manifest.Content)
	}
	for _, hook := range hooks {
		if wanted.SkipHooks || (wanted.SkipTests && isTest(hook.Events)) {
			continue
		}
		fmt.Fprintf(&text, "---\n%s\n", hook.Manifest)
	}
	return text.String(), nil
}

func isTest[Event ~string](events []Event) bool {
	for _, event := range events {
		if event == "test" {
			return true
		}
	}
	return false
}
